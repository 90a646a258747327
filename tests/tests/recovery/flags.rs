//! A store of flags: what needs it stops, and nothing else; and it belongs to nobody who reads it.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{PoisonError, RwLock},
    thread,
};

use gambeson::{
    DownCause, Event, Outcome, Readiness, Resource, Restart, SkipReason, context,
    defensive_handler, emit, handler,
};
use gambeson_tests::{PATIENCE, tally};

use crate::{annotated, started};

#[derive(Default)]
struct Flags(RwLock<BTreeMap<&'static str, bool>>);

impl Flags {
    #[expect(clippy::unnecessary_wraps, reason = "it is an opener")]
    fn open() -> Result<Self, Infallible> {
        Ok(Flags::default())
    }

    fn set(&self, flag: &'static str, value: bool) {
        let mut flags = self.0.write().unwrap_or_else(PoisonError::into_inner);
        flags.insert(flag, value);
    }

    fn is_on(&self, flag: &str) -> bool {
        let flags = self.0.read().unwrap_or_else(PoisonError::into_inner);
        flags.get(flag).copied().unwrap_or(false)
    }
}

/// Without the store: what needs a flag is skipped for that reason, what has a default goes on by
/// it, and what reports has its context as ever.
#[test]
fn a_deleted_flag_store_stops_only_what_needs_it() {
    static FLAGS: Resource<Flags> =
        Resource::with_opener("flags", Flags::open).restart(Restart::never());

    #[defensive_handler(on = "flags.read")]
    fn strict(_: &Event<'_>, #[needs(FLAGS)] flags: &Flags) -> Outcome<()> {
        if flags.is_on("new_checkout") {
            Outcome::Handled(())
        } else {
            Outcome::Skipped(SkipReason::Disabled.into())
        }
    }

    #[defensive_handler(on = "flags.read")]
    fn lenient(_: &Event<'_>) {
        let is_on = FLAGS.lease().is_ok_and(|flags| flags.is_on("new_checkout"));
        let expected = context::Context::current()
            .get("expected")
            .unwrap()
            .as_bool();
        assert_eq!(Some(is_on), expected);
    }

    let telemetry = started([annotated(handler!(strict)), annotated(handler!(lenient))]);
    let read = |times, expected| {
        let read = || (0..times).for_each(|_| emit!("flags.read"));
        telemetry.enter(|| context::scope([("expected", expected)], read));
    };
    read(2, false);
    FLAGS.lease().unwrap().set("new_checkout", true);
    read(3, true);
    let gone = DownCause::new(SkipReason::StateUnavailable, "the store was deleted");
    assert!(FLAGS.crash(gone));
    read(5, false);
    FLAGS.ensure_started_within(PATIENCE).unwrap();
    read(7, false);
    FLAGS.lease().unwrap().set("new_checkout", true);
    read(11, true);
    let report = telemetry.report();
    assert_eq!(
        tally(&report, "strict"),
        "28 = 14 handled + 5 state_unavailable + 9 disabled"
    );
    assert_eq!(tally(&report, "lenient"), "28 = 28 handled");
}

/// In the ancestor the first reader owned the table, and took it along when it died.
#[test]
fn the_first_reader_does_not_take_the_flags_along() {
    static FLAGS: Resource<Flags> = Resource::with_opener("flags of nobody", Flags::open);
    let mut monitor = FLAGS.monitor();
    let first = thread::spawn(|| {
        FLAGS.ensure_started_within(PATIENCE).unwrap();
        let flags = FLAGS.lease().unwrap();
        flags.set("new_checkout", true);
        panic!("the first reader dies, with a lease in its hands");
    });
    assert!(first.join().is_err());
    assert_eq!(FLAGS.readiness(), Readiness::Ready);
    assert!(FLAGS.lease().unwrap().is_on("new_checkout"));
    assert_eq!(
        FLAGS.revoke(PATIENCE).outstanding,
        0,
        "the lease died with it"
    );
    let down = monitor.wait(PATIENCE).unwrap();
    assert_eq!(down.reason, SkipReason::ShuttingDown);
    assert!(monitor.try_next().is_none());
}
