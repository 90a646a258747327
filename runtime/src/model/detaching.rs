//! Who detaches a handler may take away what it borrowed, the next instant.

use std::sync::Arc;

use loom::thread;

use super::{Handler, List, Site, calling, model};
use crate::{gate::Idle, hazard};

/// An emission against a detach, also one that has read the list before.
mod an_emission {
    use super::*;

    fn program() {
        let (site, handler) = (Site::new(), Handler::new());
        let (list, _memory) = List::of(&[&handler]);
        site.set(Some(list));
        let emitter = thread::spawn({
            let site = Arc::clone(&site);
            move || site.emit()
        });
        assert_eq!(handler.detach(), Idle::Reached);
        emitter.join().expect("the emitter");
        assert!(handler.conserved() <= 1);
    }

    model!(
        program: holds,
        NoLightFence fails with "used after the detach",
        NoHeavyFence fails with "deadlock",
    );
}

/// A handler's entry against an emission that finds it closed: what the wait answers is that no
/// call runs, also while the emission still has its mark.
mod an_entry {
    use super::*;
    use crate::{
        handler::{Entry, Runner},
        model::LONG,
    };

    fn program() {
        let runner = Runner::Closure(Box::new(|_, _| unreachable!("it is not run")));
        let entry = Arc::new(Entry::new("handler", runner));
        let caller = thread::spawn({
            let entry = Arc::clone(&entry);
            move || drop(entry.gate.enter(hazard::here()))
        });
        entry.close();
        assert_eq!(entry.wait_idle(LONG), Idle::Reached);
        caller.join().expect("the caller");
    }

    model!(
        program: holds,
        NoWake fails with "deadlock",
    );
}

/// An emission inside the handler of another, whose inner handler is detached.
mod a_nested_emission {
    use super::*;

    fn program() {
        let (outer, inner) = (Site::new(), Site::new());
        let innermost = Handler::new();
        let (list, _memory) = List::of(&[&innermost]);
        inner.set(Some(list));
        let emitting = Handler::that(move || inner.emit());
        let (list, _memory_too) = List::of(&[&emitting]);
        outer.set(Some(list));
        let emitter = thread::spawn({
            let outer = Arc::clone(&outer);
            move || outer.emit()
        });
        assert_eq!(innermost.detach(), Idle::Reached);
        emitter.join().expect("the emitter");
        assert_eq!(emitting.conserved(), 1);
        assert_eq!(innermost.conserved(), 1);
    }

    model!(
        program: holds,
        UnsaidMark fails with "used after the detach",
        NoLightFence fails with "used after the detach",
        NoHeavyFence fails with "deadlock",
    );
}

/// A handler detaches itself: it cannot wait for itself, and is told so. It is at rest once its
/// call has ended.
mod itself {
    use std::sync::{OnceLock, Weak};

    use super::*;

    fn program() {
        let own: Arc<OnceLock<Weak<Handler>>> = Arc::default();
        let handler = Handler::that({
            let own = Arc::clone(&own);
            move || {
                let handler = own.get().and_then(Weak::upgrade).expect("it is calling");
                assert_eq!(handler.detach(), Idle::Busy(1));
            }
        });
        own.set(Arc::downgrade(&handler)).expect("once");
        let caller = calling(&handler);
        caller.join().expect("the caller");
        assert_eq!(handler.detach(), Idle::Reached);
        assert_eq!(handler.conserved(), 1);
    }

    model!(
        program: holds,
        WaitInside fails with "deadlock",
    );
}

/// Two handlers that detach each other, at the same time: neither waits for the other.
mod each_other {
    use std::sync::{OnceLock, Weak};

    use super::*;

    fn program() {
        let others: Arc<[OnceLock<Weak<Handler>>; 2]> = Arc::default();
        let handlers: Vec<_> = (0..2)
            .map(|own| {
                let others = Arc::clone(&others);
                Handler::that(move || {
                    let other = others[1 - own].get().and_then(Weak::upgrade);
                    other.expect("both live").detach();
                })
            })
            .collect();
        for (other, handler) in others.iter().zip(&handlers) {
            other.set(Arc::downgrade(handler)).expect("once");
        }
        let second = thread::spawn({
            let handler = Arc::clone(&handlers[1]);
            move || handler.call()
        });
        handlers[0].call();
        second.join().expect("the second");
        for handler in &handlers {
            assert_eq!(handler.detach(), Idle::Reached);
            assert_eq!(handler.conserved(), 1);
        }
    }

    model!(
        program: holds,
        WaitInside fails with "deadlock",
    );
}

/// A thread that ends, and gives its slot back, while its handler is detached.
mod an_ending_thread {
    use super::*;

    fn program() {
        let handler = Handler::new();
        let caller = calling(&handler);
        assert_eq!(handler.detach(), Idle::Reached);
        caller.join().expect("the caller");
        // In the slot that was given back.
        let next = calling(&handler);
        next.join().expect("the next");
        assert_eq!(handler.conserved(), 2, "a count is lost");
    }

    model!(
        program: holds,
        NoHeavyFence fails with "deadlock",
        ForgetCounts fails with "a count is lost",
    );
}
