//! Everything at once, counted.
//!
//! ```text
//! 12 emitters --ok, err, panic by a seeded choice--> steady   (always there: exact totals)
//!    |  some on threads that end at once        \--> relays   (emits again, inside its call)
//!    |                                           \-> flapping (attached, detached by itself and
//!  4 disturbers --by a seeded choice----------------^          others, paused, reset: exact books)
//! ```

use std::{
    io::{Error, ErrorKind},
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use gambeson::{
    DetachError, Event, FieldError, Handler, Quarantine, Report, SkipReason, Telemetry, emit,
};
use gambeson_tests::{Choices, PATIENCE, seed, tally};

use crate::{Process, given};

const EMITTERS: u64 = 12;
const DISTURBERS: u64 = 4;

/// Of so many events one is emitted by a thread of its own, and of so many one detaches the
/// handler from inside it.
const RARELY: u64 = 64;

/// How a handler ended, by its own book.
#[derive(Default)]
struct Book([AtomicU64; 3]);

impl Book {
    fn all(&self) -> [u64; 3] {
        self.0.each_ref().map(|count| count.load(Ordering::SeqCst))
    }
}

const OK: u64 = 0;
const ERR: u64 = 1;

/// Ends as the event tells it, and books it first.
fn end(event: &Event<'_>, book: &Book) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let fate = fate(event)?;
    book.0[usize::from(fate)].fetch_add(1, Ordering::SeqCst);
    match u64::from(fate) {
        OK => Ok(()),
        ERR => Err(Error::from(ErrorKind::TimedOut).into()),
        _ => panic!("boom"),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0, 1 or 2"
)]
fn fate(event: &Event<'_>) -> Result<u8, FieldError> {
    event.number("fate").map(|fate| fate as u8)
}

fn told(name: &str, event: &str, book: &Arc<Book>) -> Handler {
    let book = Arc::clone(book);
    Handler::new(name, event, move |event| end(event, &book)).quarantine(Quarantine::OFF)
}

/// The telemetry that a handler is attached to, and the handler's book.
#[derive(Default)]
struct Own {
    telemetry: OnceLock<Weak<Telemetry>>,
    book: Book,
}

/// Also detaches itself, where the event says so: that cannot wait, and is told.
fn flapping(own: &Arc<Own>) -> Handler {
    let own = Arc::clone(own);
    let handler = Handler::new("flapping", "race.storm", move |event| {
        if event.truth("leave")?
            && let Some(telemetry) = own.telemetry.get().and_then(Weak::upgrade)
        {
            let answer = telemetry.detach("flapping", PATIENCE);
            assert!(matches!(answer, Err(DetachError::InsideHandler { .. })));
        }
        end(event, &own.book)
    });
    handler.quarantine(Quarantine::OFF)
}

fn emit_all(mut choices: Choices, events: u64) -> [u64; 3] {
    let mut emitted = [0; 3];
    for _ in 0..events {
        let fate = choices.below(3);
        let leave = choices.below(RARELY) == 0;
        emitted[usize::try_from(fate).unwrap()] += 1;
        let emission = move || emit!("race.storm", { fate = fate }, { leave = leave });
        if choices.below(RARELY) == 0 {
            thread::spawn(emission).join().unwrap();
        } else {
            emission();
        }
    }
    emitted
}

/// Errors of these calls are the race itself: another disturber was quicker.
fn disturb(telemetry: &Telemetry, own: &Arc<Own>, choices: &mut Choices) {
    match choices.below(6) {
        0 | 1 => drop(telemetry.attach(flapping(own))),
        2 => drop(telemetry.detach("flapping", PATIENCE)),
        3 => drop(telemetry.pause("flapping")),
        4 => drop(telemetry.resume("flapping")),
        _ => drop(telemetry.reset("flapping")),
    }
}

/// Emits from all threads while others disturb; how many events there were of each fate.
fn rage(telemetry: &Arc<Telemetry>, own: &Arc<Own>, seed: u64, events: u64) -> [u64; 3] {
    let emitting = AtomicU64::new(EMITTERS);
    let mut emitted = [0; 3];
    thread::scope(|scope| {
        let emitting = &emitting;
        let emitters: Vec<_> = (0..EMITTERS)
            .map(|stream| {
                scope.spawn(move || {
                    let emitted = emit_all(Choices::new(seed, stream), events);
                    emitting.fetch_sub(1, Ordering::SeqCst);
                    emitted
                })
            })
            .collect();
        for stream in EMITTERS..EMITTERS + DISTURBERS {
            scope.spawn(move || {
                let mut choices = Choices::new(seed, stream);
                while emitting.load(Ordering::SeqCst) > 0 {
                    disturb(telemetry, own, &mut choices);
                }
            });
        }
        for emitter in emitters {
            let fates = emitter.join().unwrap().into_iter();
            emitted
                .iter_mut()
                .zip(fates)
                .for_each(|(sum, count)| *sum += count);
        }
    });
    emitted
}

#[test]
fn a_storm_of_failures_is_counted_exactly() {
    let seed = seed("STORM_SEED");
    let events = given("STORM_EVENTS", 1_000);
    let (steady, relayed) = (Arc::new(Book::default()), Arc::new(Book::default()));
    let own = Arc::new(Own::default());
    let relay = Handler::new("relays", "race.storm", |event| {
        emit!("race.relayed", { fate = event.number("fate")? });
        Ok::<_, FieldError>(())
    });
    let process = Process::with([
        told("steady", "race.storm", &steady),
        told("last", "race.relayed", &relayed),
        flapping(&own),
        relay,
    ]);
    let telemetry = Arc::new(process.telemetry);
    own.telemetry.set(Arc::downgrade(&telemetry)).unwrap();
    let emitted = rage(&telemetry, &own, seed, events);
    let report = telemetry.shutdown();
    assert_eq!(report.shutdown.as_ref().unwrap().stragglers, []);

    assert_eq!(
        steady.all(),
        emitted,
        "each event reached the steady handler once"
    );
    assert_eq!(relayed.all(), emitted, "and each nested one the last");
    let [ok, err, panics] = emitted;
    let all = EMITTERS * events;
    let told = format!("{all} = {ok} handled + {err} timed_out + {panics} unexpected");
    assert_eq!(tally(&report, "steady"), told);
    assert_eq!(tally(&report, "last"), told);
    assert_eq!(tally(&report, "relays"), format!("{all} = {all} handled"));
    check_flapping(&report, own.book.all(), all);
}

fn check_flapping(report: &Report, [ok, err, panics]: [u64; 3], all: u64) {
    let counts = report.handler("flapping").unwrap();
    assert!(counts.is_conserved(), "{report}");
    assert!((1..=all).contains(&counts.matched), "{report}");
    assert_eq!(counts.handled, ok);
    assert_eq!(counts.skipped(SkipReason::TimedOut), err);
    assert_eq!(counts.skipped(SkipReason::Unexpected), panics);
    let policy = counts.skipped(SkipReason::Disabled) + counts.skipped(SkipReason::ShuttingDown);
    assert_eq!(
        counts.matched,
        ok + err + panics + policy,
        "no other reason: {report}"
    );
}
