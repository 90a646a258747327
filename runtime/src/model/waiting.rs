//! Who waits for calls to end is woken by the last.

use std::sync::Arc;

use loom::thread;

use super::{Handler, LONG, calling, model};
use crate::gate::Idle;

/// By one that is marked. The model checker's clock stands still, so that who is not woken up
/// waits for ever.
mod marked {
    use super::*;

    fn program() {
        let handler = Handler::new();
        let caller = calling(&handler);
        assert_eq!(handler.detach(), Idle::Reached);
        caller.join().expect("the caller");
    }

    model!(
        program: holds,
        NoWake fails with "deadlock",
        WakeWithoutLock fails with "deadlock",
    );
}

/// By one that is counted, as the calls of futures are.
mod counted {
    use super::*;

    fn program() {
        let handler = Handler::new();
        let caller = thread::spawn({
            let handler = Arc::clone(&handler);
            move || drop(handler.gate.pass())
        });
        handler.gate.close();
        assert_eq!(handler.gate.wait_idle(LONG), Idle::Reached);
        caller.join().expect("the caller");
    }

    model!(
        program: holds,
        NoWake fails with "deadlock",
        WakeWithoutLock fails with "deadlock",
    );
}
