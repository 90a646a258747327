//! High concurrency with injected failures.
//!
//! ```text
//! 8 emitters --ok, err, panic by a seeded choice--> steady   (always there: exact totals)
//!                                              \--> flapping (attached, detached, paused,
//! 2 disturbers --by a seeded choice------------------^        reset: exact conservation)
//! ```

use std::{
    hash::{BuildHasher, RandomState},
    io::{Error, ErrorKind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use gambeson::{Config, Event, FieldError, Handler, Quarantine, SkipReason, Telemetry, emit};
use gambeson_tests::{PATIENCE, tally};

use crate::started_with;

const EMITTERS: u64 = 8;
const EVENTS: u64 = 2_000;

/// A small generator, so that a seed is all it takes to see a failure again.
struct Choices(u64);

impl Choices {
    fn new(seed: u64, stream: u64) -> Self {
        Choices(seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

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

/// A handler that ends as the event tells it, and books it first.
fn told(name: &str, book: &Arc<Book>) -> Handler {
    let book = Arc::clone(book);
    let handler = Handler::new(name, "race.storm", move |event| {
        let fate = fate(event)?;
        book.0[usize::from(fate)].fetch_add(1, Ordering::SeqCst);
        match u64::from(fate) {
            OK => Ok(()),
            ERR => Err(Box::<dyn std::error::Error + Send + Sync>::from(
                Error::from(ErrorKind::TimedOut),
            )),
            _ => panic!("boom"),
        }
    });
    handler.quarantine(Quarantine::OFF)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0, 1 or 2"
)]
fn fate(event: &Event<'_>) -> Result<u8, FieldError> {
    event.number("fate").map(|fate| fate as u8)
}

fn emit_all(telemetry: &Telemetry, mut choices: Choices) -> [u64; 3] {
    let mut emitted = [0; 3];
    telemetry.enter(|| {
        for _ in 0..EVENTS {
            let fate = choices.below(3);
            emitted[usize::try_from(fate).unwrap()] += 1;
            emit!("race.storm", { fate = fate });
        }
    });
    emitted
}

/// Errors of these calls are the race itself: the other disturber was quicker.
fn disturb(telemetry: &Telemetry, book: &Arc<Book>, choices: &mut Choices) {
    match choices.below(5) {
        0 => drop(telemetry.attach(told("flapping", book))),
        1 => drop(telemetry.detach("flapping", PATIENCE)),
        2 => drop(telemetry.pause("flapping")),
        3 => drop(telemetry.resume("flapping")),
        _ => drop(telemetry.reset("flapping")),
    }
}

fn seed() -> u64 {
    let given = std::env::var("STORM_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| RandomState::new().hash_one("storm"))
}

#[test]
fn a_storm_of_failures_is_counted_exactly() {
    let seed = seed();
    println!("to see it again: STORM_SEED={seed}");
    let (steady, flapping) = (Arc::new(Book::default()), Arc::new(Book::default()));
    let telemetry = started_with(
        Config::default(),
        [told("steady", &steady), told("flapping", &flapping)],
    );
    let emitting = AtomicU64::new(EMITTERS);
    telemetry.enter(|| emit!("race.storm", { fate = OK }));
    let mut emitted = [1, 0, 0];
    thread::scope(|scope| {
        let emitters: Vec<_> = (0..EMITTERS)
            .map(|stream| {
                let (telemetry, emitting) = (&telemetry, &emitting);
                scope.spawn(move || {
                    let emitted = emit_all(telemetry, Choices::new(seed, stream));
                    emitting.fetch_sub(1, Ordering::SeqCst);
                    emitted
                })
            })
            .collect();
        for stream in EMITTERS..EMITTERS + 2 {
            let (telemetry, book, emitting) = (&telemetry, &flapping, &emitting);
            scope.spawn(move || {
                let mut choices = Choices::new(seed, stream);
                while emitting.load(Ordering::SeqCst) > 0 {
                    disturb(telemetry, book, &mut choices);
                }
            });
        }
        for emitter in emitters {
            let fates = emitter.join().unwrap();
            emitted
                .iter_mut()
                .zip(fates)
                .for_each(|(sum, count)| *sum += count);
        }
    });
    let report = telemetry.shutdown();
    assert_eq!(report.shutdown.as_ref().unwrap().stragglers, []);
    assert_eq!(
        steady.all(),
        emitted,
        "each event reached the steady handler once"
    );
    let [ok, err, panics] = emitted;
    assert_eq!(
        tally(&report, "steady"),
        format!(
            "{} = {ok} handled + {err} timed_out + {panics} unexpected",
            EMITTERS * EVENTS + 1
        )
    );
    let counts = report.handler("flapping").unwrap();
    let [ok, err, panics] = flapping.all();
    assert!(counts.is_conserved(), "{report}");
    assert!((1..=EMITTERS * EVENTS + 1).contains(&counts.matched));
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
