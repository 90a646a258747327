//! What does not fit is refused at once, and counted; what fits is handled or counted, whatever ends.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use gambeson::{
    AttachError, DetachError, Event, Handler, SkipReason, StartError, defensive_handler, emit,
    handler,
};
use gambeson_tests::{PATIENCE, tally, wait_until};
use tokio::sync::Semaphore;

use crate::{Door, Keeper, alone, door, runtime, served_by, settled, started};

/// A handler with a queue whose calls come to a door.
fn gated(name: &str, room: usize) -> (Handler, Keeper) {
    let (door, keeper): (Door, Keeper) = door();
    let handler = Handler::new(name, "bounded.sent", move |_| door.pass());
    (handler.queue(room), keeper)
}

#[test]
fn a_full_queue_is_overloaded() {
    let (handler, keeper) = gated("hold", 3);
    let telemetry = started(handler);
    telemetry.enter(|| emit!("bounded.sent"));
    keeper.wait();
    telemetry.enter(|| (0..3 + 7).for_each(|_| emit!("bounded.sent")));
    let report = telemetry.report();
    let counts = report.handler("hold").unwrap();
    assert_eq!(counts.skipped(SkipReason::Overloaded), 7, "at once");
    assert_eq!(counts.in_flight, 4);
    keeper.let_in(4);
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "hold"), "11 = 4 handled + 7 overloaded");
}

static GATE: Semaphore = Semaphore::const_new(0);
static TAKEN: AtomicU64 = AtomicU64::new(0);

#[defensive_handler(on = "bounded.awaited", queue = 2)]
async fn awaits(_: &Event<'_>) {
    TAKEN.fetch_add(1, Ordering::SeqCst);
    GATE.acquire().await.unwrap().forget();
}

/// Where an async handler says how many may wait, that is instead of 1,024.
#[test]
fn an_async_handler_has_the_room_it_says() {
    let runtime = runtime(1);
    let telemetry = served_by(&runtime)
        .handler(handler!(awaits))
        .start()
        .unwrap();
    telemetry.enter(|| emit!("bounded.awaited"));
    wait_until("it is taken", PATIENCE, || {
        TAKEN.load(Ordering::SeqCst) == 1
    });
    telemetry.enter(|| (0..2 + 5).for_each(|_| emit!("bounded.awaited")));
    GATE.add_permits(3);
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "awaits"), "8 = 3 handled + 5 overloaded");
}

/// Many emitters, little room: every event is counted once.
#[test]
fn no_event_is_lost_between_many_emitters() {
    static HANDLED: AtomicU64 = AtomicU64::new(0);
    let counts = Handler::new("counts", "bounded.crowd", |_| {
        HANDLED.fetch_add(1, Ordering::Relaxed);
    });
    let telemetry = started(counts.queue(4));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| telemetry.enter(|| (0..2_000).for_each(|_| emit!("bounded.crowd"))));
        }
    });
    let report = telemetry.shutdown();
    let counts = report.handler("counts").unwrap();
    let overloaded = counts.skipped(SkipReason::Overloaded);
    assert_eq!((counts.matched, counts.in_flight), (16_000, 0));
    assert_eq!(counts.handled, HANDLED.load(Ordering::Relaxed));
    assert_eq!(counts.handled + overloaded, 16_000, "{report}");
    assert!(overloaded > 0, "there was little room");
}

#[test]
fn a_detach_drains_it() {
    let (handler, keeper) = gated("drains", 8);
    let telemetry = started(handler);
    telemetry.enter(|| (0..5).for_each(|_| emit!("bounded.sent")));
    keeper.wait();
    let DetachError::StillRunning {
        in_flight, threads, ..
    } = telemetry.detach("drains", Duration::ZERO).unwrap_err()
    else {
        panic!("calls wait")
    };
    assert_eq!(in_flight, 5);
    assert_eq!(threads, ["gambeson-drains"], "of the one that runs");
    telemetry.enter(|| emit!("bounded.sent"));
    keeper.let_in(5);
    telemetry.detach("drains", PATIENCE).unwrap();
    assert_eq!(tally(&telemetry.report(), "drains"), "5 = 5 handled");
}

/// What waits is dropped and counted at the deadline, and what runs when it ends.
#[test]
fn a_shutdown_gives_up_at_its_deadline() {
    let (handler, keeper) = gated("stays", 8);
    let telemetry = started(handler);
    telemetry.enter(|| (0..5).for_each(|_| emit!("bounded.sent")));
    keeper.wait();
    let report = telemetry.shutdown_within(Duration::from_millis(1));
    let stragglers = report.shutdown.unwrap().stragglers;
    assert_eq!(stragglers.len(), 1);
    assert_eq!(
        (&*stragglers[0].handler, stragglers[0].in_flight),
        ("stays", 5)
    );
    assert_eq!(stragglers[0].threads, ["gambeson-stays"]);
    keeper.let_in(1);
    settled(&telemetry, "stays");
    assert_eq!(
        tally(&telemetry.report(), "stays"),
        "5 = 1 handled + 4 shutting_down"
    );
}

/// A handler that is attached again has a queue of its own, beside what the earlier one left.
#[test]
fn attached_again_it_is_served_beside_what_was_left() {
    let (handler, keeper) = gated("again", 8);
    let telemetry = started(handler);
    telemetry.enter(|| (0..3).for_each(|_| emit!("bounded.sent")));
    keeper.wait();
    telemetry.detach("again", Duration::ZERO).unwrap_err();
    let again = Handler::new("again", "bounded.sent", |_| ());
    telemetry.attach(again.queue(8)).unwrap();
    telemetry.enter(|| emit!("bounded.sent"));
    wait_until("the new one has handled it", PATIENCE, || {
        telemetry.report().handler("again").unwrap().handled == 1
    });
    keeper.let_in(3);
    telemetry.flush(PATIENCE).unwrap();
    assert_eq!(tally(&telemetry.report(), "again"), "4 = 4 handled");
}

#[test]
fn a_queue_without_room_is_refused() {
    let closed = Handler::new("closed", "bounded.sent", |_| ()).queue(0);
    let error = alone().handler(closed).start().unwrap_err();
    let StartError::Attach(AttachError::NoRoom { handler }) = &error else {
        panic!("{error}")
    };
    assert_eq!(handler, "closed");
    assert_eq!(
        error.to_string(),
        "the queue of handler `closed` has no room: give `queue` 1 event or more"
    );
}

/// What room there could be is not taken before it is needed.
#[test]
fn a_queue_may_be_without_an_end() {
    let telemetry = started(Handler::new("endless", "bounded.sent", |_| ()).queue(usize::MAX));
    telemetry.enter(|| (0..100).for_each(|_| emit!("bounded.sent")));
    assert_eq!(tally(&telemetry.shutdown(), "endless"), "100 = 100 handled");
}
