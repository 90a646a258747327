//! A sync handler with a queue is what it is without one, on another thread.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use gambeson::{
    Event, FieldError, Handler, Resource, Telemetry, context, defensive_handler, emit, handler,
};
use gambeson_tests::{PATIENCE, tally};

use crate::{alone, door, runtime, served_by, settled, started};

type Seen = Vec<(ThreadId, Option<String>, f64)>;

static SEEN: Mutex<Seen> = Mutex::new(Vec::new());

#[defensive_handler(on = "served.counted", queue = 1_000)]
fn notes(event: &Event<'_>) -> Result<(), FieldError> {
    let thread = thread::current();
    let name = thread.name().map(str::to_owned);
    let number = event.number("n")?;
    SEEN.lock().unwrap().push((thread.id(), name, number));
    Ok(())
}

/// No runtime is near, and all is drained by the shutdown.
#[test]
fn in_order_on_a_thread_of_its_own() {
    let telemetry = started(handler!(notes));
    telemetry.enter(|| (0..1_000_u32).for_each(|n| emit!("served.counted", { n = n })));
    let report = telemetry.shutdown();
    assert_eq!(report.shutdown.as_ref().unwrap().stragglers, []);
    assert_eq!(tally(&report, "notes"), "1000 = 1000 handled");
    let seen = SEEN.lock().unwrap();
    let (thread, name, _) = &seen[0];
    assert_ne!(*thread, thread::current().id());
    assert_eq!(name.as_deref(), Some("gambeson-notes"));
    assert!(seen.iter().all(|(other, ..)| other == thread), "one thread");
    let numbers = seen.iter().map(|(_, _, number)| *number);
    assert!(numbers.eq((0..1_000_u32).map(f64::from)), "in order");
}

static SHELF: Resource<AtomicU64> = Resource::new("served_shelf");

#[defensive_handler(on = "served.leased", queue = 8)]
fn takes(_: &Event<'_>, #[needs(SHELF)] shelf: &AtomicU64) {
    shelf.fetch_add(1, Ordering::Relaxed);
}

/// When its turn has come, and not when the event is emitted.
#[test]
fn a_lease_is_taken_when_the_call_begins() {
    let telemetry = started(handler!(takes));
    let sent = |expected: &str| {
        telemetry.enter(|| emit!("served.leased"));
        telemetry.flush(PATIENCE).unwrap();
        assert_eq!(tally(&telemetry.report(), "takes"), expected);
    };
    sent("1 = 0 handled + 1 unavailable");
    let shelf = SHELF.provide(AtomicU64::new(0));
    sent("2 = 1 handled + 1 unavailable");
    assert_eq!(shelf.revoke(Duration::ZERO).outstanding, 0);
    sent("3 = 1 handled + 1 unavailable + 1 shutting_down");
}

static STOCK: Resource<u32> = Resource::new("served_stock");

/// What a queued call has leased is waited for, as for any call.
#[test]
fn a_revocation_waits_for_the_call() {
    let (door, keeper) = door();
    let stocks = Handler::new("stocks", "served.held", move |_| door.pass());
    let telemetry = started(stocks.needs(&STOCK).queue(8));
    let stock = STOCK.provide(1);
    telemetry.enter(|| emit!("served.held"));
    keeper.wait();
    assert_eq!(stock.revoke(Duration::ZERO).outstanding, 1);
    keeper.let_in(1);
    assert_eq!(STOCK.revoke(PATIENCE).outstanding, 0);
    settled(&telemetry, "stocks");
    assert_eq!(tally(&telemetry.report(), "stocks"), "1 = 1 handled");
}

/// A panic is the call's, and the next one is served by the same thread.
#[test]
fn a_panic_ends_one_call() {
    static THREADS: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());
    let breaks = Handler::new("breaks", "served.broken", |event| {
        THREADS.lock().unwrap().push(thread::current().id());
        assert!(event.number("n")? > 1.0, "boom");
        Ok::<_, FieldError>(())
    });
    let telemetry = started(breaks.queue(8));
    telemetry.enter(|| {
        (0..3_u32).for_each(|n| emit!("served.broken", { n = n }));
        emit!("served.broken");
    });
    telemetry.flush(PATIENCE).unwrap();
    assert_eq!(
        tally(&telemetry.report(), "breaks"),
        "4 = 1 handled + 1 contract_violation + 2 unexpected"
    );
    let threads = THREADS.lock().unwrap();
    assert!(threads.iter().all(|thread| *thread == threads[0]));
}

/// As the context of the emission does to any other handler.
#[test]
fn the_context_follows_the_event() {
    static CONTEXTS: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let tells = Handler::new("tells", "served.told", |_| {
        let context = context::Context::current().to_string();
        CONTEXTS.lock().unwrap().push(context);
    });
    let telemetry = started(tells.queue(8));
    telemetry.enter(|| {
        context::scope([("order_id", "A-1")], || emit!("served.told"));
        emit!("served.told");
    });
    telemetry.flush(PATIENCE).unwrap();
    assert_eq!(*CONTEXTS.lock().unwrap(), [r#"order_id="A-1""#, ""]);
}

static RUNTIMES: Mutex<Vec<bool>> = Mutex::new(Vec::new());

#[defensive_handler(on = "served.inside", queue = 8)]
fn looks(_: &Event<'_>) {
    let is_inside = tokio::runtime::Handle::try_current().is_ok();
    RUNTIMES.lock().unwrap().push(is_inside);
}

/// The thread is in the telemetry's runtime, and outlives it.
#[test]
fn its_thread_is_in_the_runtime() {
    let runtime = runtime(1);
    let telemetry = served_by(&runtime)
        .handler(handler!(looks))
        .start()
        .unwrap();
    let sent = || {
        telemetry.enter(|| emit!("served.inside"));
        telemetry.flush(PATIENCE).unwrap();
    };
    sent();
    drop(runtime);
    sent();
    assert_eq!(*RUNTIMES.lock().unwrap(), [true, true]);
    assert_eq!(tally(&telemetry.report(), "looks"), "2 = 2 handled");
    let without = alone().handler(handler!(looks)).start().unwrap();
    without.enter(|| emit!("served.inside"));
    without.flush(PATIENCE).unwrap();
    assert_eq!(RUNTIMES.lock().unwrap()[2..], [false]);
}

/// Its own events go to the end of its own queue, and those for others to its own telemetry.
#[test]
fn what_it_emits_is_queued_behind_and_goes_to_its_telemetry() {
    let (counted, again) = (
        Handler::new("counted", "served.again.*", |_| ()),
        Handler::new("again", "served.again.one", |event| {
            let left = event.number("left")?;
            if left > 0.0 {
                emit!("served.again.one", { left = left - 1.0 });
            }
            Ok::<_, FieldError>(())
        }),
    );
    let telemetry = alone()
        .handler(counted)
        .handler(again.queue(1))
        .start()
        .unwrap();
    telemetry.enter(|| emit!("served.again.one", { left = 9 }));
    gambeson_tests::wait_until("the last one is handled", PATIENCE, || {
        let report = telemetry.report();
        report.handler("again").unwrap().handled == 10
    });
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "again"), "10 = 10 handled");
    assert_eq!(tally(&report, "counted"), "10 = 10 handled");
}

/// Past the queue, for the caller who wants the outcome.
#[test]
fn a_direct_call_is_made_here() {
    static HERE: Mutex<Option<ThreadId>> = Mutex::new(None);
    let here = Handler::new("here", "served.here", |_| {
        *HERE.lock().unwrap() = Some(thread::current().id());
    });
    let telemetry = started(here.queue(8));
    let outcome = telemetry.call("here", &Event::new("served.here", &[], &[]));
    assert_eq!(outcome.handled(), Some(()));
    assert_eq!(*HERE.lock().unwrap(), Some(thread::current().id()));
}

/// A handler that ends its own telemetry, or itself, does not wait for itself.
#[test]
fn it_may_end_what_it_is_a_part_of() {
    use std::sync::OnceLock;
    static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();
    static ANSWERS: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let (door, keeper) = door();
    let ends = Handler::new("ends", "served.ended", move |_| {
        // Until the emission has left: it is counted as being inside as long as it queues.
        door.pass();
        let telemetry = TELEMETRY.get().unwrap();
        let flushed = telemetry.flush(PATIENCE).unwrap_err();
        let detached = telemetry.detach("ends", PATIENCE).unwrap_err();
        let report = telemetry.shutdown_within(PATIENCE);
        let left = report.handler("ends").unwrap().in_flight;
        let answers = [
            flushed.handlers.concat(),
            detached.to_string(),
            left.to_string(),
        ];
        ANSWERS.lock().unwrap().extend(answers);
    });
    let telemetry = TELEMETRY.get_or_init(|| started(ends.queue(8)));
    telemetry.enter(|| emit!("served.ended"));
    keeper.let_in(1);
    gambeson_tests::wait_until("it has ended all", PATIENCE, || {
        ANSWERS.lock().unwrap().len() == 3
    });
    assert_eq!(
        *ANSWERS.lock().unwrap(),
        [
            "ends",
            "handler `ends` is detached, but 1 of its calls are running, and a handler cannot wait \
             for them",
            "1",
        ]
    );
    settled(telemetry, "ends");
    assert_eq!(tally(&telemetry.report(), "ends"), "1 = 1 handled");
}
