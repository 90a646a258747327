//! Every interleaving, of a few preemptions, of small programs over the real marks, gates, shared
//! lists and counters.
//!
//! What a thread does here is what `call/sync.rs`, `dispatch` and `telemetry/drain.rs` do, without
//! the handler's own state. Each model is explored whole, and once for each line it depends on with
//! that line left out, where it must find the fault.
//!
//! The asymmetric fence cannot be modelled: the models run with ordinary ones in its place. That it
//! holds is shown by the stress in the tests, which fails without it.

mod counting;
mod detaching;
mod lists;
mod probing;
mod shutting_down;
mod waiting;

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use loom::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crate::{
    gate::{Gate, Idle},
    hazard::{self, Marked, Mutation, Shared, counts::Row, counts::add_one, is_broken, set_broken},
    running::inside_handler,
    sync::is_failed_model,
};

/// How often the threads of a model are interrupted where they need not be.
const PREEMPTIONS: usize = 3;

/// Longer than any model runs.
const LONG: Duration = Duration::from_secs(3600);

const MATCHED: usize = 0;
const HANDLED: usize = 1;
const SKIPPED: usize = 2;

/// Explores a program, whole or with a line left out.
fn explore(broken: Option<Mutation>, program: fn()) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(PREEMPTIONS);
    set_broken(broken);
    builder.check(program);
    set_broken(None);
}

/// The tests of a model: one that it holds, and one for each line without which it does not.
macro_rules! model {
    ($program:path: holds $(, $broken:ident fails with $message:literal)* $(,)?) => {
        #[test]
        fn holds() {
            crate::model::explore(None, $program);
        }

        $(
            #[test]
            #[should_panic(expected = $message)]
            #[expect(non_snake_case, reason = "named as the line that is left out")]
            fn $broken() {
                crate::model::explore(Some(crate::hazard::Mutation::$broken), $program);
            }
        )*
    };
}
use model;

/// A handler: a gate, counts, and what it borrows.
struct Handler {
    gate: Gate,
    row: Row,
    /// Whether what it borrows is there. Written without any order: the gate must give one.
    lent: AtomicBool,
    then: Box<dyn Fn() + Send + Sync>,
}

impl Handler {
    fn new() -> Arc<Self> {
        Handler::that(|| ())
    }

    fn that(then: impl Fn() + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Handler {
            gate: Gate::new(),
            row: Row::new(),
            lent: AtomicBool::new(true),
            then: Box::new(then),
        })
    }

    /// One call, as `call/sync.rs` makes it.
    fn call(&self) {
        let here = hazard::here().expect("a thread that lives");
        let counters = here.counters(self.row.index());
        let visit = self.gate.visit(here).expect("a mark");
        add_one(&counters[MATCHED]);
        if self.gate.is_closed() {
            add_one(&counters[SKIPPED]);
            return;
        }
        assert!(self.lent.load(Ordering::Relaxed), "used after the detach");
        (self.then)();
        assert!(self.lent.load(Ordering::Relaxed), "used after the detach");
        if is_broken(Mutation::LeaveBeforeCounting) {
            drop(visit);
            add_one(&counters[HANDLED]);
            return;
        }
        add_one(&counters[HANDLED]);
    }

    /// Detaches, as `telemetry/drain.rs` does; what it borrowed is taken away the next instant.
    fn detach(&self) -> Idle {
        self.gate.close_unfenced();
        self.drain(&hazard::settle())
    }

    /// Waits for those who are inside by marks that were read after it was closed, and by counts.
    fn drain(&self, marked: &Marked) -> Idle {
        if self.gate.inside_of(marked) == 0 {
            self.lent.store(false, Ordering::Relaxed);
            return Idle::Reached;
        }
        let limit = if inside_handler() && !is_broken(Mutation::WaitInside) {
            Duration::ZERO
        } else {
            LONG
        };
        let idle = self.gate.wait_idle(limit);
        if idle == Idle::Reached {
            self.lent.store(false, Ordering::Relaxed);
        }
        idle
    }

    fn count(&self, column: usize) -> u64 {
        self.row.sum(column)
    }

    /// Matched, at rest.
    fn conserved(&self) -> u64 {
        let outcomes = self.count(HANDLED) + self.count(SKIPPED);
        assert_eq!(self.count(MATCHED), outcomes, "a count is lost");
        outcomes
    }
}

/// A call on a thread of its own.
fn calling(handler: &Arc<Handler>) -> thread::JoinHandle<()> {
    let handler = Arc::clone(handler);
    thread::spawn(move || handler.call())
}

/// The handlers of an event, as a site has them.
#[derive(Default)]
struct List {
    handlers: Vec<Arc<Handler>>,
    freed: Option<&'static AtomicBool>,
}

impl List {
    /// A list that knows when it is freed; its memory stays while the second is held.
    fn of(handlers: &[&Arc<Handler>]) -> (Arc<Self>, Weak<Self>) {
        let freed: &'static AtomicBool = Box::leak(Box::new(AtomicBool::new(false)));
        let list = Arc::new(List {
            handlers: handlers
                .iter()
                .map(|&handler| Arc::clone(handler))
                .collect(),
            freed: Some(freed),
        });
        let memory = Arc::downgrade(&list);
        (list, memory)
    }

    fn look(&self) {
        let freed = self
            .freed
            .is_some_and(|freed| freed.load(Ordering::Relaxed));
        assert!(!freed, "read after it was freed");
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if is_failed_model() {
            return;
        }
        if let Some(freed) = self.freed {
            freed.store(true, Ordering::Relaxed);
        }
        // What comes after this drop is seen by `look` alone.
        std::mem::forget(std::mem::take(&mut self.handlers));
    }
}

/// Where an event is emitted.
struct Site(Shared<List>);

impl Site {
    fn new() -> Arc<Self> {
        Arc::new(Site(Shared::empty()))
    }

    fn set(&self, list: Option<Arc<List>>) {
        self.0.replace(list);
        hazard::sweep();
    }

    /// One lease, as `resource/call_lease.rs` takes it.
    fn lease(&self) {
        let here = hazard::here().expect("a thread that lives");
        let _leaving = self.0.before_read(here);
        if let Some(list) = self.0.read(here) {
            list.look();
        }
    }

    /// One emission, as `dispatch` makes it.
    fn emit(&self) {
        let here = hazard::here().expect("a thread that lives");
        let Some(list) = self.0.read(here) else {
            return;
        };
        list.look();
        for handler in &list.handlers {
            handler.call();
            list.look();
        }
    }
}
