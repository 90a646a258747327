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

#[instrumented(event = "unwinding.second")]
fn second() {
    panic_any("second");
}

/// A body without a value stays where it was written, and nothing there tells a second panic from
/// the first, which is still unwinding.
#[test]
fn a_second_panic_out_of_a_body_without_a_value_is_told_as_its_end() {
    let ((), events) = heard("unwinding.second.*", || {
        let first = thrown::<&str, _>(|| {
            let _calls = InDrop(|| assert_eq!(thrown::<&str, _>(second), "second"));
            panic_any("first")
        });
        assert_eq!(first, "first");
    });
    assert_eq!(events, ["unwinding.second.start", "unwinding.second.stop"]);
}
