//! Detaching one handler: nothing new goes in, and what is inside is waited for.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::error::DetachError;
use crate::{
    emit::refresh_sites_of,
    gate::Idle,
    handler::Entry,
    hazard::{self, Marked},
    instance::Core,
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
        let was_attached = self.registry.remove(&entry) | entry.close_unfenced();
        refresh_sites_of(self, &entry);
        // One fence for the gate that was closed and the lists that were replaced.
        let marked = hazard::settle();
        let handler = entry.id.to_string();
        let (idle, waited) = wait(&entry, &marked, deadline);
        match idle {
            Idle::Reached => {
                entry.end_queue();
                Ok(Detached {
                    handler,
                    was_attached,
                    waited,
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
                waited,
            }),
        }
    }
}

/// Whether the calls that are pending wait for this very thread.
fn is_ours_to_run(entry: &Entry) -> bool {
    entry.is_async() && Runtime::blocks_here()
}

/// Waits, unless this thread is what is waited for, and says how long. The marks were read after
/// the entry was closed: if nobody was inside then, nobody ever will be.
fn wait(entry: &Entry, marked: &Marked, limit: Duration) -> (Idle, Duration) {
    if entry.in_flight_of(marked) == 0 {
        entry.rest();
        return (Idle::Reached, Duration::ZERO);
    }
    let started = Instant::now();
    let would_block = inside_handler() || is_ours_to_run(entry);
    if entry.is_async() && !would_block {
        Runtime::pass_on_next_task();
    }
    let idle = entry.wait_idle(if would_block { Duration::ZERO } else { limit });
    if idle == Idle::Reached {
        entry.rest();
    }
    (idle, started.elapsed())
}
