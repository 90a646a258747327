//! Random lives of a chain of three resources, against a model of what they promise.

use std::time::Duration;

use gambeson::{DownCause, Lease, Monitor, Need, Provided, Readiness, Resource, SkipReason};
use proptest::prelude::*;

use super::signal::{Census, Counted};

/// The chain: each needs the one before it.
const NAMES: [&str; 3] = ["base", "middle", "top"];

#[derive(Clone, Debug)]
enum Step {
    Provide(usize),
    Crash(usize),
    Revoke(usize),
    /// The owner's end of one of the values that there were.
    End(usize),
    Lease(usize),
    GiveBack(usize),
    LoseWatch(usize),
    /// What the value stands on has ended.
    Ended(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..3_usize).prop_map(Step::Provide),
        2 => (0..3_usize).prop_map(Step::Crash),
        2 => (0..3_usize).prop_map(Step::Revoke),
        2 => (0..8_usize).prop_map(Step::End),
        4 => (0..3_usize).prop_map(Step::Lease),
        4 => (0..8_usize).prop_map(Step::GiveBack),
        1 => (0..3_usize).prop_map(Step::LoseWatch),
        1 => (0..3_usize).prop_map(Step::Ended),
    ];
    prop::collection::vec(step, 1..80)
}

/// What is expected of one resource.
struct Expected {
    readiness: Readiness,
    /// Of each value that there was: how many lease it.
    leases: Vec<usize>,
    /// The reasons and causes of its deaths.
    downs: Vec<(SkipReason, String)>,
}

impl Expected {
    fn is_serving(&self) -> bool {
        self.readiness.is_serving()
    }

    /// How many lease a value that is not there any more.
    fn outstanding(&self) -> usize {
        let current = usize::from(self.is_serving());
        let past = self.leases.len() - current.min(self.leases.len());
        self.leases[..past].iter().sum()
    }

    /// How many values must have been dropped.
    fn dropped(&self) -> usize {
        let unleased = self.leases.iter().filter(|leases| **leases == 0).count();
        let current = self.is_serving() && self.leases.last() == Some(&0);
        unleased - usize::from(current)
    }

    fn refusal(&self) -> SkipReason {
        match self.readiness {
            Readiness::NotReady => SkipReason::Unavailable,
            Readiness::Failed => self.downs.last().expect("it died").0,
            _ => SkipReason::ShuttingDown,
        }
    }
}

struct World {
    resources: [&'static Resource<Counted>; 3],
    values: [&'static Census; 3],
    monitors: [Monitor; 3],
    /// With the resource of each, and the value's place among its values.
    owners: Vec<(usize, usize, Provided<Counted>)>,
    leases: Vec<(usize, usize, Lease<Counted>)>,
    expected: [Expected; 3],
}

fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

impl World {
    fn new() -> Self {
        let base: &'static Resource<Counted> = leaked(Resource::new(NAMES[0]));
        let needs: &'static [&'static dyn Need] = leaked([base as &dyn Need]);
        let middle: &'static Resource<Counted> = leaked(Resource::new(NAMES[1]).needs(needs));
        let needs: &'static [&'static dyn Need] = leaked([middle as &dyn Need]);
        let resources = [base, middle, leaked(Resource::new(NAMES[2]).needs(needs))];
        World {
            resources,
            values: [(); 3].map(|()| leaked(Census::new())),
            monitors: resources.map(Resource::monitor),
            owners: Vec::new(),
            leases: Vec::new(),
            expected: [(); 3].map(|()| Expected {
                readiness: Readiness::NotReady,
                leases: Vec::new(),
                downs: Vec::new(),
            }),
        }
    }

    fn run(&mut self, number: usize, step: &Step) {
        match *step {
            Step::Provide(which) => self.provide(which),
            Step::Crash(which) => {
                let cause = DownCause::new(SkipReason::PeerDead, format!("crash {number}"));
                assert_eq!(
                    self.resources[which].crash(cause.clone()),
                    self.expected[which].is_serving()
                );
                self.expect_fall(which, SkipReason::PeerDead, cause.text());
            }
            Step::Revoke(which) => {
                let report = self.resources[which].revoke(Duration::ZERO);
                self.expect_revoked(which);
                let outstanding = self.outstanding(which) + self.expected[which].outstanding();
                assert_eq!(
                    (report.outstanding, report.holders.len()),
                    (outstanding, outstanding)
                );
            }
            Step::End(owner) => self.end(owner),
            Step::Lease(which) => match self.resources[which].lease() {
                Ok(lease) => {
                    assert!(self.expected[which].is_serving());
                    let value = self.expected[which].leases.len() - 1;
                    self.expected[which].leases[value] += 1;
                    self.leases.push((which, value, lease));
                }
                Err(refused) => {
                    assert!(!self.expected[which].is_serving());
                    assert_eq!(refused.reason(), self.expected[which].refusal());
                }
            },
            Step::GiveBack(lease) => {
                if !self.leases.is_empty() {
                    let (which, value, lease) = self.leases.swap_remove(lease % self.leases.len());
                    drop(lease);
                    self.expected[which].leases[value] -= 1;
                }
            }
            Step::LoseWatch(which) => {
                drop(self.resources[which].watch_by_hand());
                if self.expected[which].is_serving() {
                    self.expected[which].readiness = Readiness::Stale;
                }
            }
            Step::Ended(which) => {
                let cause = format!("end {number}");
                self.resources[which].watch_by_hand().ended(cause.clone());
                self.expect_fall(which, SkipReason::Unavailable, &cause);
            }
        }
    }

    fn provide(&mut self, which: usize) {
        let provided = self.resources[which].provide(self.values[which].bear());
        let expected = &mut self.expected[which];
        self.owners.push((which, expected.leases.len(), provided));
        expected.leases.push(0);
        expected.readiness = Readiness::Ready;
    }

    fn end(&mut self, owner: usize) {
        if self.owners.is_empty() {
            return;
        }
        let (which, value, provided) = self.owners.swap_remove(owner % self.owners.len());
        let report = provided.revoke(Duration::ZERO);
        let expected = &self.expected[which];
        let is_there = expected.is_serving() && value == expected.leases.len() - 1;
        let mut outstanding = expected.leases[value];
        if is_there {
            self.expect_revoked(which);
            outstanding += self.outstanding(which);
        }
        assert_eq!(report.outstanding, outstanding);
    }

    /// It goes down, if it is up, and takes along what needs it.
    fn expect_fall(&mut self, which: usize, reason: SkipReason, cause: &str) {
        let expected = &mut self.expected[which];
        if !expected.is_serving() {
            return;
        }
        expected.readiness = Readiness::Failed;
        expected.downs.push((reason, cause.to_owned()));
        if which + 1 < NAMES.len() {
            let cause = format!("needs `{}`, which went down: {cause}", NAMES[which]);
            self.expect_fall(which + 1, reason, &cause);
        }
    }

    /// What needs it, and what needs that; one that was never there needs nothing yet.
    fn dependents(&self, which: usize) -> std::ops::Range<usize> {
        let later = &self.expected[which + 1..];
        let have_been = later.iter().take_while(|each| !each.leases.is_empty());
        which + 1..which + 1 + have_been.count()
    }

    /// How many lease what has gone of a resource and its dependents.
    fn outstanding(&self, which: usize) -> usize {
        let dependents = &self.expected[self.dependents(which)];
        dependents.iter().map(Expected::outstanding).sum()
    }

    fn expect_revoked(&mut self, which: usize) {
        let cause = format!("needs `{}`, which was revoked", NAMES[which]);
        for dependent in self.dependents(which).rev() {
            self.expect_fall(dependent, SkipReason::ShuttingDown, &cause);
        }
        let expected = &mut self.expected[which];
        if expected.is_serving() {
            expected
                .downs
                .push((SkipReason::ShuttingDown, "revoked".to_owned()));
        }
        if expected.readiness != Readiness::NotReady {
            expected.readiness = Readiness::Revoked;
        }
    }

    fn check(&mut self) {
        for (which, expected) in self.expected.iter().enumerate() {
            let readiness = match expected.readiness {
                Readiness::Revoked if expected.outstanding() > 0 => Readiness::Draining,
                readiness => readiness,
            };
            assert_eq!(
                self.resources[which].readiness(),
                readiness,
                "{}",
                NAMES[which]
            );
            let counts = (expected.leases.len(), expected.dropped());
            self.values[which].wait(counts);
        }
    }

    /// Gives everything back; each death was told once, in its order.
    fn finish(mut self) {
        for (which, value, lease) in self.leases.drain(..) {
            drop(lease);
            self.expected[which].leases[value] -= 1;
        }
        self.check();
        for which in 0..NAMES.len() {
            assert_eq!(self.resources[which].revoke(Duration::ZERO).outstanding, 0);
            self.expect_revoked(which);
        }
        self.check();
        for (monitor, expected) in self.monitors.iter_mut().zip(&self.expected) {
            let downs = std::iter::from_fn(|| monitor.try_next());
            let downs: Vec<_> = downs.map(|down| (down.reason, down.cause)).collect();
            assert_eq!(downs, expected.downs);
        }
        for (census, expected) in self.values.iter().zip(&self.expected) {
            let all = expected.leases.len();
            census.wait((all, all));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_random_life_is_as_the_model_says(steps in steps()) {
        let mut world = World::new();
        for (number, step) in steps.iter().enumerate() {
            world.run(number, step);
            world.check();
        }
        world.finish();
    }
}
