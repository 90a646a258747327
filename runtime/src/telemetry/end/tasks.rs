//! The host's tasks as a part of a shutdown.

use std::time::Duration;

use super::stages::{Closing, Stages};
use crate::{graph::Graph, instance::PartKind, tasks::Tasks};

/// The tasks that are tracked.
pub(super) struct Finishing<'a> {
    tasks: &'a Tasks,
    is_awaitable: bool,
}

/// One stage, if tasks are tracked.
pub(super) fn stages(tasks: &Tasks, may_wait: bool) -> Stages<Finishing<'_>> {
    let finishing = Finishing {
        tasks,
        is_awaitable: may_wait,
    };
    let all: Vec<_> = tasks
        .are_tracked()
        .then_some(finishing)
        .into_iter()
        .collect();
    let graph = Graph::new(all.len());
    Stages::new(all, graph)
}

impl Closing for Finishing<'_> {
    const KIND: PartKind = PartKind::Tasks;

    fn name(&self) -> &'static str {
        "tasks"
    }

    fn close(all: &[&Self]) -> Vec<usize> {
        let left = all.iter().map(|finishing| {
            finishing.tasks.close();
            finishing.wait(Duration::ZERO)
        });
        left.collect()
    }

    fn is_awaitable(&self) -> bool {
        self.is_awaitable
    }

    fn wait(&self, limit: Duration) -> usize {
        self.tasks.wait(limit)
    }

    fn holders(&self) -> Vec<String> {
        Vec::new()
    }
}
