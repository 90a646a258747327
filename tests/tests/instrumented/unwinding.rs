//! Calls of a thread that unwinds.

use std::panic::panic_any;

use gambeson::instrumented;

use super::{heard, thrown};

/// Runs code when it is dropped.
struct InDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for InDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[instrumented(event = "unwinding.value", skip_all)]
fn value(panics: bool) -> u8 {
    if panics { panic_any("second") } else { 1 }
}

#[instrumented(event = "unwinding.flat")]
fn flat() {}

#[test]
fn a_call_of_a_thread_that_unwinds_ends_as_any_other() {
    let ((), events) = heard("unwinding.*.*", || {
        let payload = thrown::<&str, _>(|| {
            let _calls = InDrop(|| {
                flat();
                value(false);
                assert_eq!(thrown::<&str, _>(|| value(true)), "second");
            });
            panic_any("first")
        });
        assert_eq!(payload, "first");
    });
    assert_eq!(
        events,
        [
            "unwinding.flat.start",
            "unwinding.flat.stop",
            "unwinding.value.start",
            "unwinding.value.stop",
            "unwinding.value.start",
            r#"unwinding.value.exception kind="panic" reason="unexpected" error="second""#
        ]
    );
}
