//! Graceful degradation under extreme failure: the suite that is red in the ancestor.
//!
//! ```text
//! all works -> every service is killed, every store deleted
//!           -> 16 threads call everything at once: each call has its exact reason
//!           -> the stores come back -> all works
//! ```

mod world;

use std::sync::Arc;

use gambeson::{
    Event, Handler, Outcome, Phase, Telemetry,
    context::{self, Context},
    emit, instrumented,
};
use gambeson_tests::{PATIENCE, crowd, tally};

use self::world::{
    REASONS, World, give_up, handlers, provide_the_rest, sockets, wait_until_recovered,
};
use crate::started;

const THREADS: usize = 16;
const ROUNDS: u64 = 20;

/// What is done in a round, beside emitting: it is in nobody's way that all is dead.
#[instrumented(event = "extreme.round")]
fn business(round: u64) -> u64 {
    context::breadcrumb(round);
    emit!("extreme.call");
    round * 2
}

fn all_at_once(telemetry: &Telemetry, thread: usize) {
    for round in 0..ROUNDS {
        let doubled = telemetry.enter(|| {
            context::scope([("thread", thread)], || {
                let doubled = business(round);
                assert_eq!(Context::current().breadcrumbs(), [round.to_string()]);
                doubled
            })
        });
        assert_eq!(doubled, round * 2);
        for (handler, reason) in REASONS {
            let outcome = telemetry.call(handler, &Event::new("extreme.call", &[], &[]));
            assert_eq!(outcome.reason(), Some(reason), "{handler}");
        }
        let outcome = telemetry.call("needs_nothing", &Event::new("extreme.call", &[], &[]));
        assert!(outcome.is_handled());
        look_around(telemetry, thread);
    }
}

/// What does not go through a handler: reading, attaching, pausing and detaching.
fn look_around(telemetry: &Telemetry, thread: usize) {
    assert_eq!(telemetry.phase(), Phase::Running);
    assert_eq!(telemetry.report().resources.len(), 8);
    let visitor = format!("visitor_{thread:02}");
    telemetry
        .attach(Handler::new(&visitor, "extreme.visit", |_| ()))
        .unwrap();
    let visit = Event::new("extreme.visit", &[], &[]);
    assert!(telemetry.call(&visitor, &visit).is_handled());
    telemetry.pause(&visitor).unwrap();
    let paused = telemetry.call(&visitor, &visit);
    assert!(matches!(paused, Outcome::Skipped(_)));
    telemetry.resume(&visitor).unwrap();
    telemetry.detach(&visitor, PATIENCE).unwrap();
}

#[test]
fn everything_is_killed_and_called_and_comes_back() {
    let _sockets = sockets();
    let world = World::make();
    let mut all = handlers();
    all.push(Handler::new("stops", "extreme.round.stop", |_| ()));
    let telemetry = Arc::new(started(all));
    wait_until_recovered();
    telemetry.enter(|| emit!("extreme.call"));

    world.kill();
    let caller = Arc::clone(&telemetry);
    crowd(THREADS, move |thread| all_at_once(&caller, thread)).join();
    assert!(Context::current().is_empty());
    assert!(telemetry.active_spans().is_empty());

    let world = World::make();
    wait_until_recovered();
    let provided = provide_the_rest();
    telemetry.enter(|| emit!("extreme.call"));

    let report = telemetry.report();
    // Once by its round's emission, and once by name.
    let calls = THREADS as u64 * ROUNDS * 2;
    for (handler, reason) in REASONS {
        // What nobody provided was not there at first, either.
        let (handled, skipped) = match handler {
            "needs_nobody" => (1, calls + 1),
            _ => (2, calls),
        };
        let expected = format!("{} = {handled} handled + {skipped} {reason}", calls + 2);
        assert_eq!(tally(&report, handler), expected, "{handler}");
    }
    let expected = format!("{0} = {0} handled", calls + 2);
    assert_eq!(tally(&report, "needs_nothing"), expected);
    let rounds = THREADS as u64 * ROUNDS;
    assert_eq!(
        tally(&report, "stops"),
        format!("{rounds} = {rounds} handled")
    );
    for thread in 0..THREADS {
        let visits = ROUNDS * 2;
        let expected = format!("{visits} = {ROUNDS} handled + {ROUNDS} disabled");
        assert_eq!(tally(&report, &format!("visitor_{thread:02}")), expected);
    }
    drop(provided);
    world.kill();
    give_up();
}
