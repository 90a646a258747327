//! Monitors: each death once, in order, to those who wait, poll, come late or leave early.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::{Duration, Instant},
};

use gambeson::{Down, Resource, SkipReason};
use gambeson_tests::PATIENCE;

#[test]
fn each_death_is_told_once_and_in_order() {
    static PULSE: Resource<u32> = Resource::new("pulse");
    let mut early = PULSE.monitor();
    for beat in 0..3 {
        let _value = PULSE.provide(beat);
        assert!(PULSE.crash(format!("beat {beat}")));
        assert!(!PULSE.crash("there is nothing left to crash"));
    }
    let mut late = PULSE.monitor();
    let causes: Vec<String> = std::iter::from_fn(|| early.try_next())
        .map(|down: Down| down.cause)
        .collect();
    assert_eq!(causes, ["beat 0", "beat 1", "beat 2"]);
    assert_eq!(late.try_next().unwrap().cause, "beat 2", "the last one");
    assert_eq!(late.try_next(), None);
    let _value = PULSE.provide(3);
    assert_eq!(PULSE.monitor().try_next(), None, "it is not down");
}

/// Whoever subscribes while it dies is told by the death or by the subscription, not by both.
#[test]
fn those_who_subscribe_at_that_moment_are_told_once() {
    static RACE: Resource<u32> = Resource::new("race");
    for round in 0..200 {
        let _value = RACE.provide(round);
        let together = Barrier::new(5);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    together.wait();
                    let mut monitor = RACE.monitor();
                    let down = monitor.wait(PATIENCE).expect("it dies");
                    assert_eq!(down.reason, SkipReason::PeerDead);
                    assert_eq!(monitor.try_next(), None);
                });
            }
            together.wait();
            assert!(RACE.crash(SkipReason::PeerDead));
        });
    }
}

#[test]
fn a_wait_ends_at_its_deadline_or_with_the_death() {
    static CALM: Resource<u32> = Resource::new("calm");
    let _value = CALM.provide(1);
    let mut monitor = CALM.monitor();
    let (started, deadline) = (Instant::now(), Duration::from_millis(5));
    assert_eq!(monitor.wait(deadline), None);
    assert!(started.elapsed() >= deadline);
    assert_eq!(monitor.wait(Duration::ZERO), None);
    thread::scope(|scope| {
        let waits = scope.spawn(|| monitor.wait(Duration::MAX));
        assert!(CALM.crash("storm"));
        assert_eq!(waits.join().unwrap().unwrap().cause, "storm");
    });
}

/// Counts how often it is woken, or panics.
struct Woken {
    times: AtomicUsize,
    panics: bool,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.times.fetch_add(1, Ordering::SeqCst);
        assert!(!self.panics, "the waker panics");
    }
}

fn woken(panics: bool) -> (Arc<Woken>, Waker) {
    let times = AtomicUsize::new(0);
    let woken = Arc::new(Woken { times, panics });
    (Arc::clone(&woken), Waker::from(woken))
}

#[test]
fn the_waker_of_the_last_poll_is_woken_and_let_go() {
    static BELL: Resource<u32> = Resource::new("bell");
    let _value = BELL.provide(1);
    let mut monitor = BELL.monitor();
    let ((first, first_waker), (second, second_waker)) = (woken(false), woken(false));
    let poll = |monitor: &mut gambeson::Monitor, waker: &Waker| {
        pin!(monitor).as_mut().poll(&mut Context::from_waker(waker))
    };
    assert_eq!(poll(&mut monitor, &first_waker), Poll::Pending);
    assert_eq!(poll(&mut monitor, &second_waker), Poll::Pending);
    assert!(BELL.crash("rung"));
    let times = [&first, &second].map(|woken| woken.times.load(Ordering::SeqCst));
    assert_eq!(times, [0, 1]);
    drop((first_waker, second_waker));
    assert_eq!(
        [Arc::strong_count(&first), Arc::strong_count(&second)],
        [1, 1]
    );
    let down = poll(&mut monitor, Waker::noop()).map(|down| down.cause);
    assert_eq!(down, Poll::Ready("rung".to_owned()));
    assert_eq!(poll(&mut monitor, Waker::noop()), Poll::Pending);
}

#[test]
fn a_waker_that_panics_takes_nothing_from_the_others() {
    static FRAGILE: Resource<u32> = Resource::new("fragile");
    let _value = FRAGILE.provide(1);
    let ((bad, bad_waker), (good, good_waker)) = (woken(true), woken(false));
    let mut monitors = [FRAGILE.monitor(), FRAGILE.monitor()];
    for (monitor, waker) in monitors.iter_mut().zip([&bad_waker, &good_waker]) {
        let polled = pin!(monitor).poll(&mut Context::from_waker(waker));
        assert_eq!(polled, Poll::Pending);
    }
    assert!(FRAGILE.crash("shaken"));
    let times = [&bad, &good].map(|woken| woken.times.load(Ordering::SeqCst));
    assert_eq!(times, [1, 1]);
    let causes = monitors
        .each_mut()
        .map(|monitor| monitor.try_next().unwrap().cause);
    assert_eq!(causes, ["shaken", "shaken"]);
}

#[test]
fn what_waits_for_nobody_is_let_go() {
    static LEFT: Resource<u32> = Resource::new("left");
    let _value = LEFT.provide(1);
    let (woken, waker) = woken(false);
    let mut monitor = LEFT.monitor();
    let polled = pin!(&mut monitor).poll(&mut Context::from_waker(&waker));
    assert_eq!(polled, Poll::Pending);
    drop((monitor, waker));
    assert_eq!(Arc::strong_count(&woken), 1);
    assert!(LEFT.crash("alone"));
    assert_eq!(woken.times.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_await_one_death_or_one_after_the_other() {
    static TIDE: Resource<u32> = Resource::new("tide");
    let first = TIDE.provide(1);
    let mut monitor = TIDE.monitor();
    let counts = tokio::spawn(async move {
        let mut causes = Vec::new();
        while causes.len() < 3 {
            causes.push((&mut monitor).await.cause);
        }
        causes
    });
    let one = tokio::spawn(TIDE.monitor());
    assert!(TIDE.crash("one"));
    for cause in ["two", "three"] {
        let _value = TIDE.provide(1);
        assert!(TIDE.crash(cause));
    }
    assert_eq!(one.await.unwrap().cause, "one");
    assert_eq!(counts.await.unwrap(), ["one", "two", "three"]);
    drop(first);
}

#[test]
fn a_death_says_when_and_reads_well() {
    static CLOCK: Resource<u32> = Resource::new("clock");
    let _value = CLOCK.provide(1);
    let mut monitor = CLOCK.monitor();
    let before = std::time::SystemTime::now();
    CLOCK.crash(SkipReason::TimedOut);
    let down = monitor.try_next().unwrap();
    assert!((before..=std::time::SystemTime::now()).contains(&down.at));
    assert_eq!(
        down.to_string(),
        "resource `clock` went down (timed_out): timed_out"
    );
}
