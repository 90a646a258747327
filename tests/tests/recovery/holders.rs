//! Who holds a resource, and dies.

use std::{
    panic::resume_unwind,
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use gambeson::{Handler, Readiness, Resource, SkipReason, emit};
use gambeson_tests::{Choices, PATIENCE, seed, tally};

use crate::{number, started};

/// A thread that lives until it is told how to end.
struct Holder {
    fate: Sender<Fate>,
    thread: JoinHandle<()>,
}

enum Fate {
    Panic,
    Return,
}

fn meet(fate: &Receiver<Fate>) {
    if let Ok(Fate::Panic) = fate.recv() {
        panic!("a holder dies");
    }
}

impl Holder {
    /// What it holds is made on its own thread.
    fn new<H>(name: &str, hold: impl FnOnce() -> H + Send + 'static) -> Self {
        let (fate, told) = mpsc::channel();
        let (ready, is_ready) = mpsc::channel();
        let thread = thread::Builder::new().name(name.to_owned());
        let thread = thread.spawn(move || {
            let _held = hold();
            ready.send(()).unwrap();
            meet(&told);
        });
        is_ready.recv_timeout(PATIENCE).unwrap();
        Holder {
            fate,
            thread: thread.unwrap(),
        }
    }

    /// Returns whether it panicked.
    fn ends_by(self, fate: Fate) -> bool {
        self.fate.send(fate).unwrap();
        self.thread.join().is_err()
    }
}

/// A lease dies with the thread that holds it; the others are named by the report.
#[test]
fn of_20_holders_of_leases_10_die_and_10_remain() {
    static TABLE: Resource<u64> = Resource::new("held");
    let _table = TABLE.provide(7);
    let holder = |number| Holder::new(&format!("holder {number:02}"), || TABLE.lease().unwrap());
    let (dying, remaining): (Vec<_>, Vec<_>) = (0..20)
        .map(|number| (number, holder(number)))
        .partition(|(number, _)| number % 2 == 0);
    for (_, holder) in dying {
        assert!(holder.ends_by(Fate::Panic));
    }
    let report = TABLE.revoke(Duration::ZERO);
    assert_eq!(report.outstanding, 10);
    let mut named = report.holders;
    named.sort();
    for (named, (number, _)) in named.iter().zip(&remaining) {
        assert!(
            named.starts_with(&format!("holder {number:02} (")),
            "{named}"
        );
    }
    assert_eq!(named.len(), 10);
    assert_eq!(TABLE.readiness(), Readiness::Draining);
    for (_, holder) in remaining {
        assert!(!holder.ends_by(Fate::Return));
    }
    assert_eq!(TABLE.readiness(), Readiness::Revoked);
}

/// Resources that are made of threads: those whose threads die are gone, and no others.
#[test]
fn of_20_resources_the_10_whose_threads_die_are_gone() {
    static THREADS: [Resource<Sender<Fate>>; 20] = [const { Resource::new("a thread") }; 20];
    let provided: Vec<_> = THREADS
        .iter()
        .map(|resource| {
            let (fate, told) = mpsc::channel();
            let provided = resource.provide(fate);
            resource.watch(thread::spawn(move || meet(&told))).unwrap();
            provided
        })
        .collect();
    let handlers = (0..).zip(&THREADS).map(|(number, resource)| {
        Handler::new(&format!("uses_{number}"), "threads.used", |_| ()).needs(resource)
    });
    let telemetry = started(handlers);
    let use_all = || telemetry.enter(|| emit!("threads.used"));
    (0..3).for_each(|_| use_all());
    for resource in THREADS.iter().step_by(2) {
        let mut monitor = resource.monitor();
        resource.lease().unwrap().send(Fate::Panic).unwrap();
        let down = monitor.wait(PATIENCE).unwrap();
        assert_eq!(down.reason, SkipReason::PeerDead);
        assert!(down.cause.ends_with("panicked: a holder dies"), "{down}");
        assert_eq!(resource.readiness(), Readiness::Failed);
    }
    (0..5).for_each(|_| use_all());
    let report = telemetry.report();
    for number in 0..20 {
        let expected = if number % 2 == 0 {
            "8 = 3 handled + 5 peer_dead"
        } else {
            "8 = 8 handled"
        };
        assert_eq!(tally(&report, &format!("uses_{number}")), expected);
    }
    drop(provided);
}

/// Each thread is used so often as its seed says, and then dies.
#[test]
fn of_100_threads_dying_at_random_moments_none_is_lost() {
    static THREADS: [Resource<()>; 100] = [const { Resource::new("one of 100") }; 100];
    let seed = seed("RECOVERY_SEED");
    let monitors: Vec<_> = THREADS.iter().map(Resource::monitor).collect();
    let provided: Vec<_> = THREADS.iter().map(|thread| thread.provide(())).collect();
    let counted = Handler::new("uses", "threads.random", |event| {
        THREADS[number(event, "thread")].lease().map(drop)
    });
    let telemetry = Arc::new(started([counted]));
    let uses: Vec<_> = (0..THREADS.len())
        .map(|thread| Choices::new(seed, thread as u64).below(20))
        .collect();
    for (thread, &times) in uses.iter().enumerate() {
        let telemetry = Arc::clone(&telemetry);
        let life = move || {
            for _ in 0..times {
                telemetry.enter(|| emit!("threads.random", { thread = thread }));
            }
            // As a panic, without a word on stderr.
            resume_unwind(Box::new(format!("dies after {times} uses")));
        };
        THREADS[thread].watch(thread::spawn(life)).unwrap();
    }
    for (mut monitor, times) in monitors.into_iter().zip(&uses) {
        let down = monitor.wait(PATIENCE).unwrap();
        let told = format!("panicked: dies after {times} uses");
        assert!(down.cause.ends_with(&told), "{down}");
        assert!(monitor.try_next().is_none(), "each dies once");
    }
    for (number, thread) in THREADS.iter().enumerate() {
        assert_eq!(thread.readiness(), Readiness::Failed);
        telemetry.enter(|| emit!("threads.random", { thread = number }));
    }
    let handled: u64 = uses.iter().sum();
    let expected = format!("{} = {handled} handled + 100 peer_dead", handled + 100);
    assert_eq!(tally(&telemetry.report(), "uses"), expected);
    drop(provided);
}
