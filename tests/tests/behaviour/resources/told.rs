//! Who is told of a resource's deaths and returns, and in what order.

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use gambeson::{DownCause, Event, Handler, Need, Resource, Restart, SkipReason, Telemetry, Value};
use gambeson_tests::{PATIENCE, wait_until};

use super::Opened;
use crate::started;

/// The events say what the monitors say.
#[test]
fn handlers_are_told_of_each_death_and_each_return() {
    static LIGHT: Resource<u32> = Resource::new("light");
    let (sender, told) = mpsc::channel();
    let in_full = move |event: &Event<'_>| {
        let metadata = event.metadata().iter();
        let metadata: Vec<_> = metadata
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        sender.send(format!("{} {}", event.name(), metadata.join(" ")))
    };
    let telemetry: Telemetry = started([Handler::new("told", "gambeson.resource.*", in_full)]);
    telemetry.enter(|| {
        let light = LIGHT.provide(1);
        LIGHT.crash(DownCause::new(SkipReason::PeerDead, "bulb"));
        let again = LIGHT.provide(2);
        drop((light, again));
    });
    drop(telemetry);
    let told: Vec<String> = told.iter().collect();
    assert_eq!(
        told,
        [
            "gambeson.resource.up resource=light recovered=false",
            "gambeson.resource.down resource=light reason=peer_dead cause=bulb",
            "gambeson.resource.up resource=light recovered=true",
            "gambeson.resource.down resource=light reason=shutting_down cause=revoked",
        ]
    );
}

const AT_ONCE: Restart = Restart::new().backoff(Duration::ZERO, Duration::ZERO);

/// A telemetry that uses a resource, with a handler of what becomes of it.
fn user<R: 'static>(
    resource: &'static dyn Need,
    handler: impl Fn(&Event<'_>) -> R + Send + Sync + 'static,
) -> Telemetry {
    let handler = move |event: &Event<'_>| {
        // Whoever uses one hears of no other one, unless a thread is in its telemetry.
        assert!(
            event
                .text("resource")
                .is_ok_and(|name| name == resource.name())
        );
        handler(event);
    };
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let builder = builder.resource(resource);
    let handler = Handler::new("told", "gambeson.resource.*", handler);
    builder.handler(handler).start().unwrap()
}

/// The thread that opened it is still telling that it is back when another one kills it.
#[test]
fn a_death_is_told_after_the_return_before_it() {
    static BELL: Resource<u32> = Resource::with_opener("bell", || Opened::Ok(1)).restart(AT_ONCE);
    let (begun, is_telling) = mpsc::channel();
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let (sender, told) = mpsc::channel();
    let telemetry = user(&BELL, move |event| {
        let [_, (_, what)] = event.metadata()[..2] else {
            unreachable!("both have two fields at least")
        };
        // Whether it hears of the first one depends on which of both begins first.
        if what == Value::Bool(false) {
            return;
        }
        if what == Value::Bool(true) {
            let _ = begun.send(());
            let _ = gate.lock().unwrap().recv_timeout(PATIENCE);
        }
        sender.send(event.name().to_owned()).unwrap();
    });
    BELL.wait_ready(PATIENCE).unwrap();
    assert!(BELL.crash("first"));
    is_telling.recv_timeout(PATIENCE).unwrap();
    assert!(BELL.crash("second"));
    drop(open);
    let told = [(); 4].map(|()| told.recv_timeout(PATIENCE).unwrap());
    let (down, up) = ("gambeson.resource.down", "gambeson.resource.up");
    assert_eq!(told, [down, up, down, up]);
    drop(telemetry);
}

/// Whatever thread does it, and whether or not that one is in a telemetry: here those that open
/// it, and four that kill it.
#[test]
fn every_user_hears_of_deaths_and_returns_in_turn() {
    static CLOCK: Resource<u32> = Resource::with_opener("clock", || Opened::Ok(1))
        .restart(AT_ONCE.at_most(u32::MAX, Duration::from_secs(1)));
    const DEATHS: usize = 100;
    let heard: [Arc<Mutex<Vec<String>>>; 2] = Default::default();
    let users = heard.each_ref().map(|heard| {
        let heard = Arc::clone(heard);
        user(&CLOCK, move |event| {
            heard.lock().unwrap().push(event.name().to_owned());
        })
    });
    let downs = |heard: &Mutex<Vec<String>>| {
        let heard = heard.lock().unwrap();
        heard.iter().filter(|name| name.ends_with("down")).count()
    };
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..DEATHS / 4 {
                    wait_until("it is killed", PATIENCE, || CLOCK.crash("stopped"));
                }
            });
        }
    });
    for heard in &heard {
        wait_until("all is told", PATIENCE, || downs(heard) == DEATHS);
        let heard = heard.lock().unwrap();
        let in_turn = heard.windows(2).all(|two| two[0] != two[1]);
        assert!(in_turn, "{heard:?}");
    }
    drop(users);
}
