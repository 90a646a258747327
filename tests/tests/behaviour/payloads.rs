//! What a panic carried is described, bounded and disposed of, whatever it is.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    sync::atomic::{AtomicU32, Ordering},
};

use gambeson::{Event, Handler, PanicDetail, PayloadKind, SkipReason, Telemetry};
use gambeson_tests::{refused, tally};

/// The detail of a panic in a handler, and its reason.
fn detail(throw: fn()) -> (SkipReason, PanicDetail) {
    let skip = refused(&Telemetry::isolated(), move |_| throw());
    (skip.reason(), skip.panic().expect("it panicked").clone())
}

#[test]
fn a_literal() {
    let line = line!() + 1;
    let (reason, panic) = detail(|| panic!("lit"));
    assert_eq!(reason, SkipReason::Unexpected);
    assert_eq!((panic.kind, &*panic.message), (PayloadKind::Str, "lit"));
    let at = panic.location.expect("the hook saw it");
    assert!(at.file.ends_with("behaviour/payloads.rs"), "{at}");
    assert_eq!(at.line, line);
}

#[test]
fn a_formatted_message() {
    let (_, panic) = detail(|| panic!("x {}", std::hint::black_box(1)));
    assert_eq!((panic.kind, &*panic.message), (PayloadKind::String, "x 1"));
}

#[test]
fn any_other_value() {
    let (reason, panic) = detail(|| panic_any(42_u8));
    assert_eq!(reason, SkipReason::Unexpected);
    assert_eq!((panic.kind, &*panic.message), (PayloadKind::Opaque, ""));
    assert!(panic.location.is_some());
}

/// A payload boxed again is not the message inside it.
#[test]
fn a_doubly_boxed_message_is_opaque() {
    let (_, panic) = detail(|| panic_any(Box::new("lit") as Box<dyn std::any::Any + Send>));
    assert_eq!((panic.kind, &*panic.message), (PayloadKind::Opaque, ""));
}

#[test]
fn the_debug_of_an_unknown_value_is_never_asked_for() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    struct Huge;
    impl fmt::Debug for Huge {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            ASKED.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    }
    assert_eq!(detail(|| panic_any(Huge)).1.kind, PayloadKind::Opaque);
    assert_eq!(ASKED.load(Ordering::Relaxed), 0);
}

#[test]
fn a_huge_message_is_cut_at_a_character() {
    let (_, panic) = detail(|| panic!("x{}", "é".repeat(75_000_000)));
    assert!(panic.truncated);
    assert!(panic.message.len() <= 4096, "{}", panic.message.len());
    let rest = panic
        .message
        .strip_prefix('x')
        .expect("the beginning is kept");
    assert!(rest.len() > 4000 && rest.chars().all(|char| char == 'é'));
}

#[test]
fn a_message_cannot_forge_lines_or_steer_a_terminal() {
    let (_, panic) = detail(|| {
        panic!("a\n2026 ERROR fake\r\u{1b}[2J\u{1b}]0;t\u{7}\u{2028}\u{202e}\u{9b}\u{7f}b")
    });
    assert_eq!(
        panic.message,
        "a\\n2026 ERROR fake\\r\\u{1b}[2J\\u{1b}]0;t\\u{7}\\u{2028}\\u{202e}\\u{9b}\\u{7f}b"
    );
}

/// Panics when it is dropped, with itself again for `left` times.
struct Bomb {
    left: u32,
}

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.left > 0 {
            panic_any(Bomb {
                left: self.left - 1,
            });
        }
    }
}

/// How many drops of a payload panicked, by the report.
fn drop_panics(chain: u32) -> u64 {
    let telemetry = Telemetry::isolated();
    let skip = refused(&telemetry, move |_| drop(Bomb { left: chain + 1 }));
    assert_eq!(skip.reason(), SkipReason::Unexpected);
    let report = telemetry.report();
    report.handler("refused").unwrap().payload_drop_panics
}

#[test]
fn a_payload_that_panics_when_dropped() {
    assert_eq!(drop_panics(0), 0);
    assert_eq!(drop_panics(1), 1);
    assert_eq!(drop_panics(3), 3);
}

/// The last of a chain that does not end is leaked.
#[test]
fn an_endless_chain_of_payloads_is_given_up() {
    assert_eq!(drop_panics(100), 8);
}

/// Another library's control flow goes on to the emitter, and is counted.
#[test]
fn a_type_that_passes_through() {
    #[derive(Debug, PartialEq)]
    struct Cancelled(u8);
    fn cancel(_: &Event<'_>) {
        panic_any(Cancelled(7));
    }
    let telemetry = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .pass_through::<Cancelled>()
        .handler(Handler::new("flow", "case.run", cancel))
        .start()
        .unwrap();
    let call = || telemetry.call("flow", &Event::new("case.run", &[], &[]));
    let payload = catch_unwind(AssertUnwindSafe(call));
    let payload = payload.expect_err("it goes on");
    assert_eq!(payload.downcast_ref(), Some(&Cancelled(7)));
    let report = telemetry.report();
    assert_eq!(tally(&report, "flow"), "1 = 0 handled + 1 cancelled");
    assert_eq!(report.handler("flow").unwrap().in_flight, 0);
}

/// The guarded call is the handler's thread only: a panic of another thread is that thread's.
#[test]
fn a_panic_of_a_child_thread_is_not_the_handlers() {
    let telemetry = Telemetry::isolated();
    telemetry
        .attach(Handler::new("parent", "case.run", |_| {
            let child = std::thread::spawn(|| panic!("in the child"));
            assert!(child.join().is_err());
        }))
        .unwrap();
    let outcome = telemetry.call("parent", &Event::new("case.run", &[], &[]));
    assert!(outcome.is_handled());
}

/// The location is the escaped panic's, not that of one which the handler caught before.
#[test]
fn a_caught_panic_lends_its_place_to_no_other() {
    let line = line!() + 4;
    let (_, panic) = detail(|| {
        let caught = catch_unwind(|| panic!("first"));
        assert!(caught.is_err());
        panic!("second");
    });
    assert_eq!(&*panic.message, "second");
    assert_eq!(panic.location.expect("the hook saw it").line, line);
}
