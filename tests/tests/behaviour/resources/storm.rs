//! A storm: eight threads do whatever they like with a chain of three resources.

use std::{
    collections::HashSet,
    iter,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use gambeson::{
    DownCause, Handler, Lease, Monitor, Provided, Readiness, Resource, Restart, SkipReason,
    Telemetry, emit,
};
use gambeson_tests::{PATIENCE, wait_until};

use super::{
    Opened,
    signal::{Census, Counted},
};
use crate::started;

const THREADS: u64 = 8;
const OPERATIONS: usize = 1_250;
const AT_ONCE: Restart = Restart::new()
    .backoff(Duration::ZERO, Duration::ZERO)
    .at_most(u32::MAX, Duration::from_secs(3600));

static VALUES: [Census; 3] = [Census::new(), Census::new(), Census::new()];
static BASE: Resource<Counted> = Resource::new("storm's base");
static MIDDLE: Resource<Counted> =
    Resource::with_opener("storm's middle", || Opened::Ok(VALUES[1].bear()))
        .needs(&[&BASE])
        .restart(AT_ONCE);
static TOP: Resource<Counted> = Resource::with_opener("storm's top", || {
    // An opener that stands on what it needs, or fails.
    let _middle = MIDDLE.lease()?;
    Ok::<_, gambeson::Unavailable>(VALUES[2].bear())
})
.needs(&[&MIDDLE])
.restart(AT_ONCE);
static CHAIN: [&Resource<Counted>; 3] = [&BASE, &MIDDLE, &TOP];

/// A generator that says the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

/// What one thread holds.
#[derive(Default)]
struct Hands {
    leases: Vec<Lease<Counted>>,
    owners: Vec<Provided<Counted>>,
    /// The causes of the deaths that it made.
    crashed: Vec<String>,
    monitors: Vec<Monitor>,
}

impl Hands {
    fn act(&mut self, telemetry: &Telemetry, dice: &mut Dice, name: &str) {
        let which = dice.roll(3);
        let resource = CHAIN[which];
        match dice.roll(16) {
            0..=2 => self.owners.push(BASE.provide(VALUES[0].bear())),
            3 => drop(self.owners.pop().map(|owner| owner.revoke(Duration::ZERO))),
            4 | 5 => {
                if resource.crash(DownCause::new(SkipReason::PeerDead, name)) {
                    self.crashed.push(format!("{which} {name}"));
                }
            }
            6 => drop(resource.revoke(Duration::ZERO)),
            7..=9 if self.leases.len() < 4 => self.leases.extend(resource.lease()),
            7..=10 => drop(self.leases.pop()),
            11 | 12 => drop(CHAIN[1 + which % 2].ensure_started_within(Duration::ZERO)),
            13 => self.monitors.push(resource.monitor()),
            14 => drop(resource.watch_by_hand()),
            _ => telemetry.enter(|| emit!("storm.blows")),
        }
        self.monitors.truncate(8);
        assert!(resource.readiness() != Readiness::NotReady || which > 0 || self.owners.is_empty());
    }
}

#[test]
fn ten_thousand_operations_leave_nothing_behind() {
    static HANDLED: AtomicUsize = AtomicUsize::new(0);
    let handler = Handler::new("sails", "storm.blows", |_| {
        HANDLED.fetch_add(1, Ordering::Relaxed);
    });
    let telemetry = started([handler.needs(&TOP)]);
    let monitors = CHAIN.map(Resource::monitor);
    let crashed: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (1..=THREADS)
            .map(|thread| {
                let telemetry = &telemetry;
                scope.spawn(move || {
                    let (mut hands, mut dice) = (Hands::default(), Dice(thread * 0x9E37_79B9));
                    for operation in 0..OPERATIONS {
                        let name = format!("crash {thread}-{operation}.");
                        hands.act(telemetry, &mut dice, &name);
                    }
                    hands.leases.clear();
                    hands.crashed
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    settle();
    check_deaths(monitors, &crashed);
    let report = telemetry.report();
    let counts = report.handler("sails").unwrap();
    assert!(counts.is_conserved(), "{report}");
    assert_eq!(counts.handled, HANDLED.load(Ordering::Relaxed) as u64);
}

/// No lease is held, and every value is dropped once.
fn settle() {
    for resource in CHAIN {
        let report = resource.revoke(PATIENCE);
        assert_eq!(report.outstanding, 0, "{report:?}");
    }
    for (resource, values) in iter::zip(CHAIN, &VALUES) {
        wait_until("every value is dropped", PATIENCE, || {
            let (born, dropped) = values.counts();
            born == dropped
        });
        assert!(!resource.is_available());
        assert!(matches!(
            resource.readiness(),
            Readiness::Revoked | Readiness::NotReady
        ));
    }
    // They are as good as new.
    let base = BASE.provide(VALUES[0].bear());
    TOP.ensure_started_within(PATIENCE).unwrap();
    assert_eq!(CHAIN.map(Resource::readiness), [Readiness::Ready; 3]);
    drop(base);
    for resource in [&TOP, &MIDDLE] {
        assert_eq!(resource.revoke(PATIENCE).outstanding, 0);
    }
    wait_until("every value is dropped", PATIENCE, || {
        VALUES
            .iter()
            .all(|values| values.counts().0 == values.counts().1)
    });
}

/// Each crash that said it was the death was told once as one; and nothing died more often than
/// it was born.
fn check_deaths(monitors: [Monitor; 3], crashed: &[String]) {
    let mut told = HashSet::new();
    for (which, mut monitor) in monitors.into_iter().enumerate() {
        let downs: Vec<_> = iter::from_fn(|| monitor.try_next()).collect();
        let (born, _) = VALUES[which].counts();
        assert!(downs.len() <= born, "{} deaths of {born}", downs.len());
        for thread in 1..=THREADS {
            let own = downs
                .iter()
                .filter_map(|down| operation(thread, &down.cause));
            assert!(own.is_sorted(), "in their order: {downs:?}");
        }
        for down in downs.iter().filter(|down| down.cause.contains("crash ")) {
            let is_new = told.insert(format!("{which} {}", down.cause));
            assert!(is_new, "told twice: {down}");
        }
    }
    let own: HashSet<String> = told
        .into_iter()
        .filter(|told| !told.contains("needs "))
        .collect();
    assert_eq!(own, crashed.iter().cloned().collect::<HashSet<_>>());
}

/// The operation of this thread that was the cause, if it was one.
fn operation(thread: u64, cause: &str) -> Option<usize> {
    let operation = cause.strip_prefix(&format!("crash {thread}-"))?;
    operation.trim_end_matches('.').parse().ok()
}
