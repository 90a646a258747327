//! A call that goes well allocates nothing, nor does one that is skipped for want of what it needs; and a
//! site that nobody observes does nothing.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::{
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering},
};

use allocation_counter::measure;
use gambeson::{
    Config, Event, Handler, Outcome, Resource, Telemetry, context, defensive_handler, emit,
};
use gambeson_tests::tally;

static TILL: Resource<AtomicU64> = Resource::new("till");

#[defensive_handler(on = "paid.*")]
fn book(event: &Event<'_>, #[needs(TILL)] till: &AtomicU64) -> Result<(), gambeson::FieldError> {
    let cents = event.number("cents")?;
    till.fetch_add(u64::from(cents > 0.0), Ordering::Relaxed);
    emit!("booked", { cents = cents });
    Ok(())
}

#[defensive_handler(on = "booked")]
fn watch(event: &Event<'_>) {
    black_box(event.measurements());
}

#[defensive_handler]
fn defended(cents: u64) -> Outcome<u64> {
    Outcome::Handled(defended_within(cents))
}

#[defensive_handler(fallback = 0)]
fn defended_within(cents: u64) -> u64 {
    cents + 1
}

/// Of a thousand rounds, after a first one that makes what a thread keeps.
#[track_caller]
fn allocates_nothing(what: &str, code: impl Fn()) {
    code();
    let allocated = measure(|| (0..1_000).for_each(|_| code()));
    assert_eq!(allocated.count_total, 0, "{what} allocates");
}

#[test]
fn nothing_is_allocated_on_the_way_of_a_call() {
    let watching = Handler::new("closure", "paid.*", |event| {
        black_box(event.name());
    });
    let quiet = Config::parse("[telemetry]\ndebug = false\n").unwrap();
    let telemetry = Telemetry::builder().config(quiet).handler(watching);
    let telemetry = telemetry.start().unwrap();
    let _till = TILL.provide(AtomicU64::new(0));
    allocates_nothing("an emission that nobody observes", || {
        emit!("unobserved", { cents = black_box(5) }, { city = "Lyon" });
    });
    allocates_nothing("an emission, and one inside its handler", || {
        emit!("paid.cash", { cents = black_box(5) }, { city = "Lyon" });
    });
    context::scope([("order_id", "A-1")], || {
        allocates_nothing("an emission in a context", || {
            emit!("paid.cash", { cents = black_box(5) }, { city = "Lyon" });
        });
    });
    allocates_nothing("a defended function in a defended function", || {
        assert!(matches!(defended(black_box(1)), Outcome::Handled(2)));
    });
    std::thread::spawn(|| {
        allocates_nothing("an emission on another thread", || {
            emit!("paid.card", { cents = black_box(5) }, { city = "Lyon" });
        });
    })
    .join()
    .unwrap();
    TILL.crash("the drawer is stuck");
    allocates_nothing("a skip without what the handler needs", || {
        emit!("paid.cash", { cents = black_box(5) }, { city = "Lyon" });
    });
    let report = telemetry.shutdown();
    assert_eq!(
        tally(&report, "book"),
        "4004 = 3003 handled + 1001 unavailable"
    );
}
