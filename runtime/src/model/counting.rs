//! What threads count for themselves adds up, also after they have ended.

use super::{HANDLED, Handler, MATCHED, calling, model};

/// Two threads count and end, and a third goes on with the counters of one of them; what is read
/// meanwhile has no outcome without its match.
mod handing_over {
    use super::*;

    fn program() {
        let handler = Handler::new();
        let (first, second) = (calling(&handler), calling(&handler));
        let (handled, matched) = (handler.count(HANDLED), handler.count(MATCHED));
        assert!(handled <= matched, "an outcome without its match");
        first.join().expect("the first");
        let third = calling(&handler);
        second.join().expect("the second");
        third.join().expect("the third");
        assert_eq!(handler.conserved(), 3, "a count is lost");
    }

    model!(
        program: holds,
        ForgetCounts fails with "a count is lost",
        TwoOwners fails with "a count is lost",
        RelaxedCounts fails with "an outcome without its match",
    );
}

/// Who saw a closed gate without calls sees their counts.
mod at_rest {
    use super::*;
    use crate::gate::Idle;

    fn program() {
        let handler = Handler::new();
        let caller = calling(&handler);
        assert_eq!(handler.detach(), Idle::Reached);
        let handled = handler.count(HANDLED);
        caller.join().expect("the caller");
        assert_eq!(
            handler.count(HANDLED),
            handled,
            "counted after it was at rest"
        );
    }

    model!(
        program: holds,
        LeaveBeforeCounting fails with "counted after it was at rest",
    );
}
