//! Handlers as parts of a shutdown.

use std::{sync::Arc, time::Duration};

use super::{
    stages::{Closing, Stages},
    waiter::Waiter,
};
use crate::{
    gate::Idle,
    graph::Graph,
    handler::Entry,
    hazard,
    instance::{PartKind, ShutdownPart, Straggler},
    queue::Runtime,
};

/// A handler whose calls are drained.
pub(super) struct Draining {
    entry: Arc<Entry>,
    is_awaitable: bool,
}

/// The stages of these handlers, of which the graph says who waits for whom.
pub(super) fn stages(entries: &[Arc<Entry>], graph: Graph, waiter: Waiter) -> Stages<Draining> {
    let draining = |entry: &Arc<Entry>| Draining {
        entry: Arc::clone(entry),
        is_awaitable: waiter.may_wait_for(entry),
    };
    Stages::new(entries.iter().map(draining).collect(), graph)
}

/// The handler as one that still runs, if it does.
pub(super) fn straggler(part: &ShutdownPart) -> Option<Straggler> {
    (part.outstanding > 0).then(|| Straggler {
        handler: part.name.clone(),
        in_flight: part.outstanding,
        threads: part.holders.clone(),
        waited: part.took,
    })
}

impl Closing for Draining {
    const KIND: PartKind = PartKind::Handler;

    fn name(&self) -> &str {
        &self.entry.id
    }

    /// One fence for all the gates.
    fn close(all: &[&Self]) -> Vec<usize> {
        for draining in all {
            draining.entry.close_unfenced();
        }
        let marked = hazard::look();
        let inside = all.iter().map(|draining| {
            let inside = draining.entry.in_flight_of(&marked);
            if inside == 0 {
                draining.entry.rest();
            }
            inside
        });
        inside.collect()
    }

    fn is_awaitable(&self) -> bool {
        self.is_awaitable
    }

    fn wait(&self, limit: Duration) -> usize {
        if self.entry.is_async() && !limit.is_zero() {
            Runtime::pass_on_next_task();
        }
        match self.entry.wait_idle(limit) {
            Idle::Reached => {
                self.entry.rest();
                0
            }
            Idle::Busy(inside) => inside,
        }
    }

    fn holders(&self) -> Vec<String> {
        self.entry.threads_inside()
    }
}
