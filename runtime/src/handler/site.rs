//! The static of an annotated function: data that the attribute wrote down.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use super::{Bound, Judge, Quarantine};
use crate::{
    event::Event,
    hazard::Shared,
    pattern::PatternLiteral,
    resource::Need,
    verdict::{Call, Completion, Verdict},
};

/// The future of an async handler's call.
pub type BoxFuture<'a> = Pin<Box<dyn Future<Output = Completion> + Send + 'a>>;

/// What the attribute on a function says.
pub struct Declaration {
    /// The handler's name.
    pub name: &'static str,
    /// The path of the function.
    pub function: &'static str,
    /// The source file of the function.
    pub file: &'static str,
    /// The line of the function's name.
    pub line: u32,
    /// The events it handles; none in the plain form.
    pub patterns: &'static [PatternLiteral],
    /// Every resource it needs.
    pub needs: &'static [&'static dyn Need],
    /// The handlers that come before it.
    pub after: &'static [Reference],
    /// The handlers that come after it.
    pub before: &'static [Reference],
    /// A probe that may say no.
    pub available: Option<fn() -> bool>,
    /// What differs from the config's quarantine.
    pub quarantine: Option<Quarantine>,
    /// How long a call may take before it is told.
    pub budget: Option<Duration>,
    /// How many events may wait for it, where it shall run off the emitter's thread.
    pub queue: Option<usize>,
    /// How it is run.
    pub run: Run,
}

/// A handler that another one names.
#[derive(Clone, Copy, Debug)]
pub enum Reference {
    /// By its name, or the last segments of it.
    Name(&'static str),
    /// By its function.
    Function(fn() -> &'static str),
}

/// How a handler is run.
#[derive(Clone, Copy)]
pub enum Run {
    /// By its callers, in place.
    Plain,
    /// By an emission, on the emitter's thread or that of its queue: a function that takes the event
    /// alone and returns nothing.
    Direct {
        /// The function.
        function: fn(&Event<'_>),
    },
    /// The same, with a value to judge.
    Judged(&'static dyn Judge),
    /// The same, through code that takes the leases.
    Sync(fn(&Call<'_>, &Event<'_>) -> Completion),
    /// By its queue, on an async runtime.
    Async(for<'a> fn(&'a Call<'a>, &'a Event<'a>) -> BoxFuture<'a>),
}

/// The static of an annotated function.
pub struct Site {
    pub(crate) declaration: Declaration,
    /// A plain handler, bound to the process's telemetry.
    pub(crate) bound: Shared<Bound>,
}

impl Declaration {
    /// What is not written in an attribute.
    pub const EMPTY: Self = Declaration {
        name: "",
        function: "",
        file: "",
        line: 0,
        patterns: &[],
        needs: &[],
        after: &[],
        before: &[],
        available: None,
        quarantine: None,
        budget: None,
        queue: None,
        run: Run::Plain,
    };
}

impl Reference {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Reference::Name(name) => name,
            Reference::Function(path) => path(),
        }
    }
}

impl Run {
    /// Whether it runs on one thread from its beginning to its end.
    pub(crate) fn is_sync(&self) -> bool {
        matches!(self, Run::Direct { .. } | Run::Judged(_) | Run::Sync(_))
    }

    /// Runs it on this thread.
    #[inline]
    pub(crate) fn run(&self, call: &Call<'_>, event: &Event<'_>) -> Completion {
        match self {
            Run::Direct { function } => {
                function(event);
                Ok(Verdict::Handled)
            }
            Run::Judged(judged) => judged.run(call, event),
            Run::Sync(function) => function(call, event),
            // Neither is delivered to: one is called in place, the other is served by its queue.
            Run::Plain | Run::Async(_) => Ok(Verdict::Handled),
        }
    }
}

impl Site {
    /// The site of a declaration.
    pub const fn new(declaration: Declaration) -> Self {
        Site {
            declaration,
            bound: Shared::empty(),
        }
    }

    /// The handler's name.
    pub fn name(&self) -> &'static str {
        self.declaration.name
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Declaration {
            name, file, line, ..
        } = &self.declaration;
        write!(f, "Site({name} at {file}:{line})")
    }
}

impl fmt::Debug for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Declaration({})", self.name)
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Run::Plain => "Plain",
            Run::Direct { .. } => "Direct",
            Run::Judged(_) => "Judged",
            Run::Sync(_) => "Sync",
            Run::Async(_) => "Async",
        })
    }
}

/// The path of a function, from the function itself.
pub fn type_name_of<T: ?Sized>(_: &T) -> &'static str {
    std::any::type_name::<T>()
}
