//! A name that code is run under.

use std::{error::Error, fmt, panic::Location, sync::Arc, time::Duration};

use super::returned::{Defendable, error_of};
use crate::{
    call::{Caller, Left, call_whole, not_handled, short, yield_skip},
    handler::{Bound, Entry, Quarantine, Source},
    hazard::{self, Here, Shared},
    instance::{Core, scope},
    outcome::Skip,
    registry::PlainKey,
    verdict::{Call, Completion, Failed, Verdict},
};

/// A name under which code of any shape is run in place: contained, classified, counted and told as
/// an annotated function is. [`defend`](crate::defend()) says which telemetry that belongs to.
///
/// ```
/// use gambeson::{Defense, SkipReason, Telemetry};
///
/// let telemetry = Telemetry::builder().start()?;
/// let disk = Defense::new("disk_free");
/// // What another library wants: a closure over a reference of any lifetime.
/// let observe: Box<dyn for<'a> Fn(&'a str, usize)> =
///     Box::new(move |disks, index| disk.run(|| println!("{}", &disks[index..])));
/// observe("sda", 1);
/// observe("sda", 4);
/// let report = telemetry.report();
/// assert_eq!(report.handler("disk_free").unwrap().skipped(SkipReason::ContractViolation), 1);
/// # Ok::<(), gambeson::StartError>(())
/// ```
#[must_use = "it does nothing until code is run under it"]
pub struct Defense {
    name: Arc<str>,
    source: Source,
    quarantine: Option<Quarantine>,
    budget: Option<Duration>,
    /// Whether it goes on after a shutdown.
    guards: bool,
    /// The telemetry that was entered where it was made.
    home: Option<Arc<Core>>,
    bound: Shared<Tied>,
}

/// Code to be called, which is run once, if at all.
type Code<'c> = dyn FnMut(&Call<'_>) -> Completion + 'c;

/// A handler, bound to a telemetry for as long as that is the process's.
struct Tied {
    generation: usize,
    bound: Bound,
}

impl Defense {
    /// A defense of this name, by which it is reported, paused, and found by rules of the config.
    #[track_caller]
    pub fn new(name: &str) -> Self {
        let caller = Location::caller();
        Defense {
            name: name.into(),
            source: Source {
                function: None,
                file: caller.file(),
                line: caller.line(),
            },
            quarantine: None,
            budget: None,
            guards: false,
            home: scope::entered(),
            bound: Shared::empty(),
        }
    }

    /// When it is quarantined, where that differs from the config. Of several defenses of one name
    /// the first that is called decides.
    pub fn quarantine(mut self, quarantine: Quarantine) -> Self {
        self.quarantine = Some(quarantine);
        self
    }

    /// How long a call may take before it is counted as slow. Of several defenses of one name the
    /// first that is called decides.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Runs code; a skipped call returns what stands for the skip. An `Err` is a failure, and passes
    /// through unchanged.
    pub fn run<R: Defendable>(&self, code: impl FnOnce() -> R) -> R {
        self.defend(code, R::failed, yield_skip)
    }

    /// Runs code that returns anything; `fallback` says what a skipped call returns. Only a panic is
    /// a failure.
    ///
    /// # Panics
    ///
    /// If `fallback` does.
    pub fn run_or<R>(&self, code: impl FnOnce() -> R, fallback: impl FnOnce(Skip) -> R) -> R {
        self.defend(code, |_| None, fallback)
    }

    /// Runs code whose errors are failures, by their types, and pass through unchanged; `fallback`
    /// says what a skipped call returns.
    ///
    /// # Errors
    ///
    /// Those of the code, and of the fallback.
    ///
    /// # Panics
    ///
    /// If `fallback` does.
    pub fn try_run_or<T, E: Error + 'static>(
        &self,
        code: impl FnOnce() -> Result<T, E>,
        fallback: impl FnOnce(Skip) -> Result<T, E>,
    ) -> Result<T, E> {
        self.defend(code, error_of, fallback)
    }

    fn defend<R>(
        &self,
        code: impl FnOnce() -> R,
        inspect: impl for<'v> FnOnce(&'v R) -> Option<Failed<'v>>,
        fallback: impl FnOnce(Skip) -> R,
    ) -> R {
        let mut parts = Some((code, inspect));
        let mut returned = None;
        let mut left = None;
        let handled = self.call(&mut left, &mut |call| {
            let Some((code, inspect)) = parts.take() else {
                return Ok(Verdict::Handled);
            };
            let value = returned.insert(code());
            Ok(Verdict::of(call, inspect(value)))
        });
        match returned {
            Some(value) if handled => value,
            returned => not_handled(left, returned, fallback),
        }
    }

    /// Calls code that returns nothing. Returns whether it was handled, and otherwise leaves what
    /// became of it.
    fn call(&self, left: &mut Option<Left>, code: &mut Code<'_>) -> bool {
        if let Some(here) = hazard::outermost::<false>()
            && let Some(tied) = self.bound.read(here)
            && tied.generation == self.generation()
            && let Some(called) = short::call(&tied.bound, here, Caller::Function, &mut *code)
        {
            return Left::by(left, &tied.bound, called);
        }
        self.call_otherwise(left, code)
    }

    #[cold]
    fn call_otherwise(&self, left: &mut Option<Left>, code: &mut Code<'_>) -> bool {
        let here = hazard::here();
        self.with_bound(here, |bound| {
            let called = call_whole(bound, here, Caller::Function, &mut |call| code(call));
            Left::by(left, bound, called)
        })
    }

    /// Lends the handler as this thread calls it now.
    fn with_bound<R>(&self, here: Option<Here>, run: impl FnOnce(&Bound) -> R) -> R {
        if self.home.is_none()
            && hazard::is_diverted()
            && let Some(core) = scope::entered()
        {
            return run(&self.bind(&core));
        }
        let generation = self.generation();
        if let Some(here) = here
            && let Some(tied) = self.bound.read(here)
            && tied.generation == generation
        {
            return run(&tied.bound);
        }
        let known = self.bound.get();
        let tied = match known.filter(|tied| tied.generation == generation) {
            Some(tied) => tied,
            None => self.tie(generation),
        };
        run(&tied.bound)
    }

    /// Binds it anew. Should another telemetry become the process's meanwhile, the generation is too
    /// old, and the next call does the same.
    fn tie(&self, generation: usize) -> Arc<Tied> {
        let core = self.home.clone();
        let core = core.unwrap_or_else(scope::process_or_ambient);
        let bound = self.bind(&core);
        let tied = Arc::new(Tied { generation, bound });
        self.bound.replace(Some(Arc::clone(&tied)));
        hazard::sweep();
        tied
    }

    fn bind(&self, core: &Core) -> Bound {
        let name = Arc::clone(&self.name);
        let key = if self.guards {
            PlainKey::Guard(name)
        } else {
            PlainKey::Name(name)
        };
        core.bind(key, || {
            let mut entry = Entry::called(self.source, &self.name);
            entry.quarantine = self.quarantine;
            entry.budget = self.budget;
            entry
        })
    }

    /// What it is bound to at home stays.
    fn generation(&self) -> usize {
        match self.home {
            Some(_) => 0,
            None => scope::generation(),
        }
    }
}

#[cfg(any(feature = "metrics", feature = "tracing-layer"))]
impl Defense {
    /// A defense of what serves the host rather than the telemetry: a shutdown is not its end.
    pub(crate) fn of_guard(name: &str, source: &'static Location<'static>) -> Self {
        Defense {
            source: Source {
                function: None,
                file: source.file(),
                line: source.line(),
            },
            guards: true,
            ..Defense::new(name)
        }
    }

    /// The same under another name.
    pub(crate) fn renamed(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }
}

impl fmt::Debug for Defense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Defense({} at {})", self.name, self.source)
    }
}
