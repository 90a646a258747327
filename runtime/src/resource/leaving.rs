//! The revocation of a resource begins with those that need it.

use std::{
    ptr,
    time::{Duration, Instant},
};

use super::{DownCause, DrainReport, Resource, chronicle::Dependent, life::Life, tenure::Fall};

/// While it is there, nothing is opened on a resource, nor on those that need it.
pub(super) struct Leaving<'a> {
    resource: &'a Life,
    /// Each before what it needs itself.
    dependents: Vec<Dependent>,
}

impl<'a> Leaving<'a> {
    pub(super) fn of<T>(resource: &'a Resource<T>) -> Self {
        let resource = &resource.life;
        let mut seen = Vec::new();
        let mut dependents = Vec::new();
        for dependent in resource.dependents() {
            visit(dependent, &mut seen, &mut dependents);
        }
        // Where they need each other in a circle.
        dependents.retain(|each| !ptr::eq(each.0.life(), resource));
        let leaving = Leaving {
            resource,
            dependents,
        };
        for life in leaving.lives() {
            life.change(|life, _| life.leaving += 1);
        }
        leaving
    }

    /// Takes them down and waits until nobody holds a lease on them, until the deadline of all.
    pub(super) fn end_dependents(&self, deadline: Duration) -> DrainReport {
        let started = Instant::now();
        let mut report = DrainReport::none(self.resource.name);
        let cause = DownCause::of_revoked_need(self.resource.name);
        for dependent in &self.dependents {
            dependent.0.fall(Fall::Any, cause.clone());
            let left = deadline.saturating_sub(started.elapsed());
            report.add(dependent.0.wait_unleased(left));
        }
        report
    }

    fn lives(&self) -> impl Iterator<Item = &Life> {
        let dependents = self.dependents.iter().map(|each| each.0.life());
        dependents.chain([self.resource])
    }
}

/// Those who wait for it look again: if it is back by then, they may be opened on it.
impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        for life in self.lives() {
            life.change(|life, aftermath| {
                life.leaving -= 1;
                aftermath.nudge(&life.dependents);
            });
        }
    }
}

/// Lists a resource after all that need it. Those that need each other are listed once, in
/// whatever order.
fn visit(resource: Dependent, seen: &mut Vec<Dependent>, list: &mut Vec<Dependent>) {
    if seen.iter().any(|known| known.is(resource)) {
        return;
    }
    seen.push(resource);
    for dependent in resource.0.life().dependents() {
        visit(dependent, seen, list);
    }
    list.push(resource);
}
