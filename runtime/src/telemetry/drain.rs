//! Detaching: nothing new goes in, what is inside is waited for, under one deadline.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Serialize;

use super::error::DetachError;
use crate::{
    diagnostics::record,
    emit::{refresh_sites, unobserve},
    gate::Idle,
    handler::Entry,
    instance::{Core, ShutdownReport, Straggler},
    phase::Step,
    queue::Runtime,
    running::inside_handler,
};

/// A handler was detached: none of its calls is running, and none will start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Detached {
    /// The handler.
    pub handler: String,
    /// Whether it was attached before.
    pub was_attached: bool,
    /// How long its last calls were waited for.
    pub waited: Duration,
}

impl Core {
    pub(super) fn detach(&self, name: &str, deadline: Duration) -> Result<Detached, DetachError> {
        let entry = self.registry.find(name)?;
        let was_attached = self.registry.remove(&entry) | entry.close();
        refresh_sites();
        let started = Instant::now();
        let (handler, waited) = (entry.id.to_string(), || started.elapsed());
        match wait(&entry, deadline) {
            Idle::Reached => {
                entry.end_queue();
                Ok(Detached {
                    handler,
                    was_attached,
                    waited: waited(),
                })
            }
            Idle::Busy(in_flight) if inside_handler() => {
                Err(DetachError::InsideHandler { handler, in_flight })
            }
            Idle::Busy(in_flight) if is_ours_to_run(&entry) => {
                Err(DetachError::OnItsRuntime { handler, in_flight })
            }
            Idle::Busy(in_flight) => Err(DetachError::StillRunning {
                handler,
                in_flight,
                threads: entry.threads_inside(),
                waited: waited(),
            }),
        }
    }

    /// Detaches everything in the reverse of the order in which it was attached. The thread that
    /// comes first does it; the others wait for it.
    pub(super) fn shut_down(&self, deadline: Duration) {
        if !self.conduct.phase_cell.step(Step::Shutdown) {
            let limit = if inside_handler() {
                Duration::ZERO
            } else {
                deadline
            };
            return self.conduct.phase_cell.wait_drained(limit);
        }
        let started = Instant::now();
        let (mut entries, unordered) = self.registry.close();
        entries.reverse();
        let limit = if self.conduct.config.graceful_shutdown {
            deadline
        } else {
            Duration::ZERO
        };
        let mut stragglers = Vec::new();
        for entry in entries.iter().chain(&unordered) {
            entry.close();
            stragglers.extend(drain(entry, limit.saturating_sub(started.elapsed())));
        }
        self.registry.remove_all(&entries);
        unobserve(self);
        for entry in self.registry.known() {
            tell_suppressed(&entry);
        }
        let report = ShutdownReport {
            detached: entries.iter().map(|entry| entry.id.to_string()).collect(),
            elapsed: started.elapsed(),
            deadline,
            stragglers,
        };
        let _ = self.shutdown.set(report);
        self.conduct.phase_cell.step(Step::Drained);
    }
}

fn drain(entry: &Arc<Entry>, limit: Duration) -> Option<Straggler> {
    let started = Instant::now();
    let idle = wait(entry, limit);
    let straggler = match idle {
        Idle::Reached => None,
        Idle::Busy(in_flight) => Some(Straggler {
            handler: entry.id.to_string(),
            in_flight,
            threads: entry.threads_inside(),
            waited: started.elapsed(),
        }),
    };
    entry.end_queue();
    straggler
}

/// Whether the calls that are pending wait for this very thread.
fn is_ours_to_run(entry: &Entry) -> bool {
    entry.is_async() && Runtime::blocks_here()
}

/// Waits, unless this thread is what is waited for.
fn wait(entry: &Entry, limit: Duration) -> Idle {
    let would_block = inside_handler() || is_ours_to_run(entry);
    if entry.is_async() && !would_block {
        Runtime::pass_on_next_task();
    }
    entry.wait_idle(if would_block { Duration::ZERO } else { limit })
}

fn tell_suppressed(entry: &Entry) {
    for (reason, count) in entry.limiters.suppressed() {
        record::summary(&entry.id, reason, count);
    }
}
