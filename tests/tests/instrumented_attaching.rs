//! Handlers that come and go while a function is being called: what they hear of a call. Alone in its
//! process: where another telemetry starts in the very moment, an attach may be seen half.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

use std::{
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use gambeson::{Event, Handler, Telemetry, instrumented};
use gambeson_tests::PATIENCE;

/// One test at a time.
static TURN: Mutex<()> = Mutex::new(());

/// How often a handler comes and goes.
const ROUNDS: u32 = 1_000;

type Heard = Arc<Mutex<Vec<(&'static str, u64)>>>;

/// Hears the last segment of each event's name, and which call it is of.
fn ear(name: &str, pattern: &'static str) -> (Handler, Heard) {
    let heard = Heard::default();
    let hear = {
        let heard = Arc::clone(&heard);
        move |event: &Event<'_>| {
            let ends = ["start", "stop", "exception"];
            let of_this = |end: &&&str| event.name().ends_with(**end);
            let end = ends.iter().find(of_this).unwrap();
            let call = event.metadata().iter().find(|(key, _)| *key == "call");
            let call = call.unwrap().1.to_string().parse().unwrap();
            heard.lock().unwrap().push((*end, call));
        }
    };
    (Handler::new(name, pattern, hear), heard)
}

/// How a call of this number ends.
fn end_of(call: u64) -> &'static str {
    if call.is_multiple_of(2) {
        "stop"
    } else {
        "exception"
    }
}

#[instrumented(event = "attaching.calls", skip_all, fields(call = call))]
fn odd_ones_fail(call: u64) -> Result<(), &'static str> {
    if call.is_multiple_of(2) {
        Ok(())
    } else {
        Err("odd")
    }
}

/// Attaches a handler beside calls, and detaches it after some. Gives what it heard, and the calls
/// that were made from beginning to end while it was attached.
fn heard_beside_calls(
    telemetry: &Telemetry,
    begun: &AtomicU64,
) -> (Vec<(&'static str, u64)>, Range<u64>) {
    let (handler, heard) = ear("ear", "attaching.calls.*");
    telemetry.attach(handler).unwrap();
    let first = begun.load(Ordering::SeqCst) + 1;
    let attached = Instant::now();
    while begun.load(Ordering::SeqCst) < first + 3 {
        assert!(attached.elapsed() < PATIENCE, "no call is made");
        thread::yield_now();
    }
    let whole = first..begun.load(Ordering::SeqCst);
    telemetry.detach("ear", PATIENCE).unwrap();
    let heard = std::mem::take(&mut *heard.lock().unwrap());
    (heard, whole)
}

/// What is heard of all calls from this one on.
fn all_from(first: u64) -> impl Iterator<Item = (&'static str, u64)> {
    (first..).flat_map(|call| [("start", call), (end_of(call), call)])
}

#[test]
fn whoever_hears_a_start_hears_its_end_unless_it_is_detached_between() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let telemetry = Telemetry::isolated();
    let (begun, over) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let calls = scope.spawn(|| {
            telemetry.enter(|| {
                while !over.load(Ordering::SeqCst) {
                    let call = begun.fetch_add(1, Ordering::SeqCst) + 1;
                    assert_eq!(odd_ones_fail(call).is_ok(), call.is_multiple_of(2));
                }
            });
        });
        let rounds: Vec<_> = (0..ROUNDS)
            .map(|_| heard_beside_calls(&telemetry, &begun))
            .collect();
        over.store(true, Ordering::SeqCst);
        calls.join().unwrap();
        for (heard, whole) in rounds {
            let start = heard.iter().position(|(end, _)| *end == "start").unwrap();
            let (under_way, heard) = heard.split_at(start);
            let first = heard[0].1;
            // Calls that began before the handler was attached may be heard to end.
            let ends = |(end, call): &(_, u64)| *end == end_of(*call) && *call < first;
            assert!(under_way.iter().all(ends), "{under_way:?}");
            let expected: Vec<_> = all_from(first).take(heard.len()).collect();
            assert_eq!(heard, expected);
            let whole_ones = usize::try_from(whole.end - first).unwrap();
            assert!(first <= whole.start && heard.len() >= 2 * whole_ones);
        }
    });
}

#[instrumented(event = "attaching.meanwhile", skip_all, fields(call = call))]
fn meanwhile(call: u64, inside: impl FnOnce()) {
    inside();
}

#[test]
fn a_call_that_began_when_nobody_wanted_its_stop_is_not_heard_to_stop() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let telemetry = Telemetry::isolated();
    // So that the call is wanted for its other end.
    let (exceptions, failed) = ear("exceptions", "attaching.meanwhile.exception");
    telemetry.attach(exceptions).unwrap();
    let (late, heard) = ear("late", "attaching.meanwhile.*");
    telemetry.enter(|| {
        meanwhile(1, || telemetry.attach(late).unwrap());
        meanwhile(2, || ());
    });
    assert_eq!(*heard.lock().unwrap(), [("start", 2), ("stop", 2)]);
    assert_eq!(*failed.lock().unwrap(), []);
}
