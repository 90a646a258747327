//! What the emitter of a queued event is not there to go on with is kept for those who wait for the
//! queue: the first of it, once, and where it hurts nobody else.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use gambeson::{Builder, Config, Event, FieldError, Handler, Phase, Quarantine, Telemetry, emit};
use gambeson_tests::{PATIENCE, block_on, tally};

/// What a handler panics with.
#[derive(Debug, PartialEq)]
struct Number(f64);

fn throw(event: &Event<'_>) -> Result<(), FieldError> {
    panic_any(Number(event.number("n")?))
}

fn builder() -> Builder {
    let config = Config::default().with_defensive_mode(false);
    Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .config(config)
}

/// A telemetry in strict mode of a queued handler that panics.
fn strict() -> Telemetry {
    let throws = Handler::new("throws", "strict.thrown", throw);
    let throws = throws.queue(16).quarantine(Quarantine::OFF);
    builder().handler(throws).start().unwrap()
}

fn send(telemetry: &Telemetry, numbers: impl IntoIterator<Item = u32>) {
    let numbers = numbers.into_iter();
    telemetry.enter(|| numbers.for_each(|n| emit!("strict.thrown", { n = n })));
}

fn raised<R>(code: impl FnOnce() -> R) -> Option<Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(code)).err()
}

#[track_caller]
fn number_of<R>(code: impl FnOnce() -> R) -> f64 {
    let payload = raised(code).expect("it goes on with a panic");
    payload
        .downcast_ref::<Number>()
        .expect("the original one")
        .0
}

#[test]
fn a_flush_goes_on_with_the_first() {
    let telemetry = strict();
    send(&telemetry, [1, 2, 3]);
    let is_first = |number: f64| (number - 1.0).abs() < f64::EPSILON;
    assert!(is_first(number_of(|| telemetry.flush(PATIENCE))));
    telemetry.flush(PATIENCE).unwrap();
    send(&telemetry, [1, 4]);
    let flush = telemetry.flush_async(PATIENCE);
    assert!(is_first(number_of(|| block_on(flush))));
    let report = telemetry.shutdown();
    assert_eq!(tally(&report, "throws"), "5 = 0 handled + 5 unexpected");
}

/// Once all has ended: the report is that of the end, and who asks again has it.
#[test]
fn a_shutdown_goes_on_with_it() {
    for is_async in [false, true] {
        let telemetry = strict();
        send(&telemetry, [7, 8]);
        let number = if is_async {
            number_of(|| block_on(telemetry.shutdown_async()))
        } else {
            number_of(|| telemetry.shutdown())
        };
        assert!((number - 7.0).abs() < f64::EPSILON);
        assert_eq!(telemetry.phase(), Phase::Stopped);
        let report = telemetry.shutdown();
        assert_eq!(tally(&report, "throws"), "2 = 0 handled + 2 unexpected");
    }
}

/// An error has no payload; what goes on is a panic that names the handler.
#[test]
fn an_error_goes_on_as_a_panic() {
    let fails = Handler::new("fails", "strict.failed", |_| Err("no luck")).queue(4);
    let telemetry = builder().handler(fails).start().unwrap();
    telemetry.enter(|| emit!("strict.failed"));
    let payload = raised(|| telemetry.flush(PATIENCE)).unwrap();
    assert_eq!(
        payload.downcast_ref::<String>().map(String::as_str),
        Some("handler `fails` failed: unexpected")
    );
}

/// A second panic in the drop would end the process.
#[test]
fn while_another_panic_passes_it_stays() {
    let payload = raised(|| {
        let telemetry = strict();
        send(&telemetry, [1]);
        panic_any("of the host");
    });
    assert_eq!(payload.unwrap().downcast_ref(), Some(&"of the host"));
}

static INSIDE: OnceLock<Telemetry> = OnceLock::new();
static FLUSHED: Mutex<Vec<bool>> = Mutex::new(Vec::new());

/// Inside a handler it would be that handler's panic.
#[test]
fn inside_a_handler_it_stays() {
    let throws = Handler::new("throws", "strict.thrown", throw).queue(16);
    let flushes = Handler::new("flushes", "strict.flushed", |_| {
        let flushed = INSIDE.get().unwrap().flush(PATIENCE);
        FLUSHED.lock().unwrap().push(flushed.is_ok());
    });
    let builder = builder().handler(throws).handler(flushes);
    let telemetry = INSIDE.get_or_init(|| builder.start().unwrap());
    send(telemetry, [5]);
    gambeson_tests::wait_until("it has panicked", PATIENCE, || {
        let report = telemetry.report();
        report.handler("throws").unwrap().in_flight == 0
    });
    telemetry.enter(|| emit!("strict.flushed"));
    assert_eq!(*FLUSHED.lock().unwrap(), [true]);
    assert!((number_of(|| telemetry.flush(PATIENCE)) - 5.0).abs() < f64::EPSILON);
}

/// Another library's control flow is nobody's failure, and means nothing to those who wait.
#[test]
fn what_passes_through_is_not_kept() {
    let throws = Handler::new("throws", "strict.thrown", throw).queue(16);
    let builder = builder().pass_through::<Number>();
    let telemetry = builder.handler(throws).start().unwrap();
    send(&telemetry, [1]);
    telemetry.flush(PATIENCE).unwrap();
    assert_eq!(
        tally(&telemetry.shutdown(), "throws"),
        "1 = 0 handled + 1 cancelled"
    );
}

static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Counts its drop, and panics in it.
struct Fragile;

impl Drop for Fragile {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::SeqCst);
        panic!("in the drop of a payload");
    }
}

/// What is not gone on with is dropped under guard: the later ones at once, the first at the end.
#[test]
fn what_nobody_goes_on_with_is_disposed_of() {
    let payload = raised(|| {
        let throws = Handler::new::<()>("throws", "strict.fragile", |_| panic_any(Fragile));
        let throws = throws.queue(16).quarantine(Quarantine::OFF);
        let telemetry = builder().handler(throws).start().unwrap();
        telemetry.enter(|| (0..3).for_each(|_| emit!("strict.fragile")));
        panic_any("of the host");
    });
    assert_eq!(payload.unwrap().downcast_ref(), Some(&"of the host"));
    assert_eq!(DROPPED.load(Ordering::SeqCst), 3);
}
