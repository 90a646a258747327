//! The end: everything is closed in the reverse of the order in which it began, under one deadline.

mod budget;
mod handlers;
mod resources;
mod stages;
mod tasks;
mod waiter;

use std::{
    iter,
    time::{Duration, Instant},
};

pub(crate) use self::waiter::Asker;
use self::{budget::Budget, handlers::straggler, resources::Revoking, waiter::Waiter};
use super::news;
use crate::{
    diagnostics::notice,
    emit::unobserve,
    graph::Graph,
    hazard::current_thread_id,
    instance::{Core, PartKind, ShutdownPart, ShutdownReport, alive},
    instrument,
    limiter::{Fate, Limiters},
    phase::{Phase, Step},
    queue::Runtime,
    reason::SkipReason,
    registry::Closed,
    running::inside_handler,
};

/// How long after its deadline the end is still waited for: its deadline is for what it waits for,
/// and other code runs in it, as the drops of values.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

impl Core {
    /// Ends everything. The thread that comes first does it; the others wait for it.
    pub(crate) fn shut_down(&self, deadline: Duration, asker: Asker) {
        let is_first = self.begin_end();
        self.come_to_end(is_first, deadline, asker);
    }

    /// Begins the end. Whoever is the first to do so has to bring it about.
    pub(super) fn begin_end(&self) -> bool {
        self.conduct.phase_cell.step(Step::Shutdown)
    }

    /// Brings the end about, or waits for whoever does.
    pub(super) fn come_to_end(&self, is_first: bool, deadline: Duration, asker: Asker) {
        if is_first {
            return step_aside(|blocks_runtime| {
                if let Some(core) = alive::find(self) {
                    news::tell_phase(&core, Phase::Running);
                }
                self.end(deadline, Waiter::of(asker, blocks_runtime));
                self.conduct.phase_cell.step(Step::Drained);
            });
        }
        step_aside(|blocks_runtime| {
            let may_wait = Waiter::of(asker, blocks_runtime).may_wait();
            // The first may be waiting for what only this thread can run, or be this very thread.
            let is_awaited = blocks_runtime && self.awaits_runtime() || self.is_ended_here();
            let limit = if may_wait && !is_awaited {
                deadline.saturating_add(GRACE)
            } else {
                Duration::ZERO
            };
            self.conduct.phase_cell.wait_drained(limit);
        });
    }

    fn awaits_runtime(&self) -> bool {
        let known = self.registry.known();
        self.tasks.are_tracked() || known.iter().any(|entry| entry.is_async())
    }

    /// Whether this is called by what its own end runs, as the drop of a value.
    fn is_ended_here(&self) -> bool {
        let ended_by = self.ended_by.get().copied();
        ended_by.is_some() && ended_by == current_thread_id()
    }

    fn end(&self, deadline: Duration, waiter: Waiter) {
        let started = Instant::now();
        if let Some(here) = current_thread_id() {
            let _ = self.ended_by.set(here);
        }
        self.tasks.cancel();
        let closed = self.registry.close();
        let ids = closed.ordered.iter().map(|entry| entry.id.to_string());
        let detached = ids.collect();
        let limit = if self.conduct.config.graceful_shutdown {
            deadline
        } else {
            Duration::ZERO
        };
        let parts = self.end_all(closed, limit, waiter);
        let handlers = parts.iter().filter(|part| part.kind == PartKind::Handler);
        let report = ShutdownReport {
            detached,
            elapsed: started.elapsed(),
            deadline,
            stragglers: handlers.filter_map(straggler).collect(),
            open_calls: instrument::open_calls(self),
            parts,
        };
        if !report.is_complete() {
            notice::incomplete(&report.left());
        }
        let _ = self.shutdown.set(report);
    }

    /// Handlers, then resources, then those that overran their share once more; at last nobody has
    /// anything to tell any more.
    fn end_all(&self, closed: Closed, limit: Duration, waiter: Waiter) -> Vec<ShutdownPart> {
        let Closed {
            ordered,
            graph,
            unordered,
        } = closed;
        let none_waits = Graph::new(unordered.len());
        let mut attached = handlers::stages(&ordered, graph, waiter);
        let mut others = handlers::stages(&unordered, none_waits, waiter);
        let mut tasks = tasks::stages(&self.tasks, waiter.may_wait_for_tasks());
        let before = attached.count() + others.count() + tasks.count();
        let mut budget = Budget::of(limit, before + resources::count(self));
        attached.run(&mut budget);
        others.run(&mut budget);
        self.registry.remove_all(&ordered);
        unobserve(self);
        tasks.run(&mut budget);
        let is_any_left = attached.is_any_left() || others.is_any_left();
        let may_wait = waiter.may_wait_for_leases(is_any_left);
        let mut revoked = resources::stages(self, may_wait);
        budget.leave_to(revoked.count());
        revoked.run(&mut budget);
        attached.look_again(&budget);
        others.look_again(&budget);
        tasks.look_again(&budget);
        revoked.look_again(&budget);
        revoked.left().for_each(Revoking::give_up);
        for entry in ordered.iter().chain(&unordered) {
            entry.end_queue();
        }
        let mut parts: Vec<_> = attached
            .report(&budget)
            .chain(others.report(&budget))
            .collect();
        parts.extend(tasks.report(&budget).chain(revoked.report(&budget)));
        parts.push(self.flush_records(&budget));
        parts
    }

    /// Tells what was suppressed, or taken by nobody, of what was to be told.
    fn flush_records(&self, budget: &Budget) -> ShutdownPart {
        let begun = budget.now();
        for entry in self.registry.known() {
            let counted = entry.tally.counted();
            tell_untold(&entry.id, &entry.limiters, counted.skips());
        }
        for resource in self.known_resources() {
            let life = resource.life();
            tell_untold(life.name, &life.limiters, iter::empty());
        }
        instrument::with_logged(self, |function, limiters| {
            tell_untold(function, limiters, iter::empty());
        });
        ShutdownPart {
            kind: PartKind::Flush,
            name: "suppressed records".to_owned(),
            share: budget.end().saturating_sub(begun),
            took: budget.now().saturating_sub(begun),
            outstanding: 0,
            holders: Vec::new(),
        }
    }
}

/// Inside a handler's call nobody waits for the worker that runs it.
fn step_aside(run: impl FnOnce(bool)) {
    if inside_handler() {
        run(Runtime::blocks_here());
    } else {
        Runtime::step_aside(run);
    }
}

fn tell_untold(subject: &str, limiters: &Limiters, skips: impl Iterator<Item = (SkipReason, u64)>) {
    for (topic, count) in limiters.untold(skips) {
        if notice::summary(subject, topic, count) != Fate::Told {
            limiters.keep(topic, count);
        }
    }
}
