//! Handlers that come and go while a function is being called: what they hear of a call. Alone in
//! its process, for which one of the telemetries is.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

use std::{
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use gambeson::{Event, Handler, Telemetry, instrumented};
use gambeson_tests::PATIENCE;

/// How often a handler comes and goes.
const ROUNDS: u32 = 250;

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

type Answer = Result<(), &'static str>;

fn answer(call: u64) -> Answer {
    if call.is_multiple_of(2) {
        Ok(())
    } else {
        Err("odd")
    }
}

#[instrumented(event = "attaching.isolated", skip_all, fields(call = call))]
fn isolated(call: u64) -> Answer {
    answer(call)
}

#[instrumented(event = "attaching.process", skip_all, fields(call = call))]
fn of_the_process(call: u64) -> Answer {
    answer(call)
}

/// Attaches a handler beside calls, and detaches it after some. Gives what it heard, and the calls
/// that were made from beginning to end while it was attached.
fn heard_beside_calls(
    telemetry: &Telemetry,
    pattern: &'static str,
    begun: &AtomicU64,
) -> (Vec<(&'static str, u64)>, Range<u64>) {
    let (handler, heard) = ear("ear", pattern);
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

/// Whether each start that was heard is followed by its end, and the calls that began after the
/// handler was attached are all there. Of those before, some may be missing, or heard only to end.
fn is_whole(heard: &[(&'static str, u64)], whole: &Range<u64>) -> bool {
    let after = heard.iter().position(|(_, call)| *call >= whole.start);
    let (before, after) = heard.split_at(after.unwrap());
    let mut heard_before = before.iter();
    let mut ends = std::iter::from_fn(|| match heard_before.next()? {
        ("start", call) => Some(heard_before.next() == Some(&(end_of(*call), *call))),
        (end, call) => Some(*end == end_of(*call)),
    });
    let whole_ones = usize::try_from(whole.end - whole.start).unwrap();
    ends.all(|is_end| is_end)
        && after
            .iter()
            .copied()
            .eq(all_from(whole.start).take(after.len()))
        && after.len() >= 2 * whole_ones
}

/// Lets a handler come and go beside what `make` makes of calls, and looks at what it heard each
/// time.
#[track_caller]
fn come_and_go(
    telemetry: &Telemetry,
    pattern: &'static str,
    function: fn(u64) -> Answer,
    make: impl Fn(&dyn Fn()) + Sync,
) {
    let (begun, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let calls = || {
        while !over.load(Ordering::SeqCst) {
            let call = begun.fetch_add(1, Ordering::SeqCst) + 1;
            assert_eq!(function(call), answer(call));
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| make(&calls));
        let rounds = (0..ROUNDS).map(|_| heard_beside_calls(telemetry, pattern, &begun));
        let rounds: Vec<_> = rounds.collect();
        over.store(true, Ordering::SeqCst);
        for (heard, whole) in rounds {
            let first = &heard[..heard.len().min(6)];
            assert!(
                is_whole(&heard, &whole),
                "{first:?}.. where {whole:?} are whole"
            );
        }
    });
}

fn starts(pattern: &'static str) -> Handler {
    Handler::new("starts", pattern, |_| ())
}

#[test]
fn whoever_hears_a_start_hears_its_end_unless_it_is_detached_between() {
    let telemetry = Telemetry::builder().filter(|_| false).start().unwrap();
    let come_and_go = || {
        come_and_go(&telemetry, "attaching.process.*", of_the_process, |calls| {
            calls();
        });
    };
    come_and_go();
    // Now the starts are wanted also while the handler is not there.
    telemetry.attach(starts("attaching.process.start")).unwrap();
    come_and_go();
}

#[test]
fn the_same_holds_for_a_telemetry_that_is_entered() {
    let telemetry = Telemetry::isolated();
    let come_and_go = || {
        come_and_go(&telemetry, "attaching.isolated.*", isolated, |calls| {
            telemetry.enter(calls);
        });
    };
    come_and_go();
    telemetry
        .attach(starts("attaching.isolated.start"))
        .unwrap();
    come_and_go();
}

#[instrumented(event = "attaching.meanwhile", skip_all, fields(call = call))]
fn meanwhile(call: u64, inside: impl FnOnce()) {
    inside();
}

#[test]
fn a_call_that_began_when_nobody_wanted_its_stop_is_not_heard_to_stop() {
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
