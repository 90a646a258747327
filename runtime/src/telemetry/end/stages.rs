//! Stage by stage: what nobody waits for any more is closed together, and awaited together.

use std::time::Duration;

use super::budget::Budget;
use crate::{
    graph::Graph,
    instance::{PartKind, ShutdownPart},
};

/// How soon those who wait for one look at the others.
const LOOK_AROUND: Duration = Duration::from_millis(1);

/// What a shutdown ends: it is closed, and then awaited.
pub(super) trait Closing {
    const KIND: PartKind;

    fn name(&self) -> &str;
    /// Lets nothing more into any of these, and says how much is inside each. None stays none.
    fn close(all: &[&Self]) -> Vec<usize>;
    /// Whether it was not ended after all, since it is another's as well.
    fn is_left(&self) -> bool {
        false
    }
    /// Whether this thread may wait for it.
    fn is_awaitable(&self) -> bool;
    /// Waits until nothing is inside, for `limit` at most, and says how much is.
    fn wait(&self, limit: Duration) -> usize;
    /// Who is inside.
    fn holders(&self) -> Vec<String>;
}

/// All of one kind that a shutdown ends, in the order in which they are reported.
pub(super) struct Stages<C> {
    parts: Vec<Part<C>>,
    graph: Graph,
    levels: Vec<Vec<usize>>,
}

struct Part<C> {
    what: C,
    /// How many of those that wait for it have not ended.
    awaited_by: usize,
    state: State,
}

/// Times are since the budget's start.
enum State {
    Open,
    Closed {
        at: Duration,
        share: Duration,
        inside: usize,
    },
    Ended {
        share: Duration,
        took: Duration,
    },
}

impl<C: Closing> Stages<C> {
    /// Of parts that wait for each other as the graph says, by index.
    pub(super) fn new(parts: Vec<C>, graph: Graph) -> Self {
        let part = |(index, what)| Part {
            what,
            awaited_by: graph.successors(index).len(),
            state: State::Open,
        };
        Stages {
            parts: parts.into_iter().enumerate().map(part).collect(),
            levels: graph.levels_from_the_end(),
            graph,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.levels.len()
    }

    /// Whether one is closed and not at its end.
    pub(super) fn is_any_left(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| matches!(part.state, State::Closed { .. }))
    }

    /// Ends them level by level. Who overruns the share of its level is left running, and no
    /// later one waits for it.
    pub(super) fn run(&mut self, budget: &mut Budget) {
        for level in std::mem::take(&mut self.levels) {
            let until = budget.next_share();
            self.prolong(&level, until);
            self.close(level.clone(), until, budget);
            while self.is_busy(&level) && !budget.until(until).is_zero() {
                self.wait(&level, until, budget);
            }
        }
    }

    /// Waits for those that are left running, with what is left in total, and looks once more.
    pub(super) fn look_again(&mut self, budget: &Budget) {
        let all: Vec<usize> = (0..self.parts.len()).collect();
        while self.is_busy(&all) && !budget.until(budget.end()).is_zero() {
            self.wait(&all, budget.end(), budget);
        }
        self.look(budget);
    }

    /// Those that were closed before their level came have its share, too.
    fn prolong(&mut self, level: &[usize], until: Duration) {
        for &index in level {
            if let State::Closed { at, share, .. } = &mut self.parts[index].state {
                *share = until.saturating_sub(*at);
            }
        }
    }

    /// Closes those that are open, and then those that only these were waited for by.
    fn close(&mut self, mut next: Vec<usize>, until: Duration, budget: &Budget) {
        loop {
            next.retain(|&index| matches!(self.parts[index].state, State::Open));
            if next.is_empty() {
                return;
            }
            let at = budget.now();
            let closing: Vec<&C> = next.iter().map(|&index| &self.parts[index].what).collect();
            let inside = C::close(&closing);
            let mut free = Vec::new();
            for (&index, inside) in next.iter().zip(inside) {
                let share = until.saturating_sub(at);
                self.parts[index].state = State::Closed { at, share, inside };
                free.extend(self.found(index, inside, budget));
            }
            next = free;
        }
    }

    /// Whether one of these is closed, and this thread may wait for its end.
    fn is_busy(&self, indices: &[usize]) -> bool {
        indices.iter().any(|&index| self.parts[index].is_busy())
    }

    /// Waits for the first of these that is busy, and looks at all others. What becomes free is
    /// closed, though its level may not have come.
    fn wait(&mut self, indices: &[usize], until: Duration, budget: &Budget) {
        let mut busy = indices.iter().copied();
        let Some(first) = busy.find(|&index| self.parts[index].is_busy()) else {
            return;
        };
        let is_alone = (0..self.parts.len())
            .all(|index| index == first || matches!(self.parts[index].state, State::Ended { .. }));
        let left = budget.until(until);
        let limit = if is_alone {
            left
        } else {
            left.min(LOOK_AROUND)
        };
        let inside = self.parts[first].what.wait(limit);
        let mut free = self.found(first, inside, budget);
        free.extend(self.look(budget));
        self.close(free, until, budget);
    }

    /// Looks at all that are closed, without waiting; gives those that became free.
    fn look(&mut self, budget: &Budget) -> Vec<usize> {
        let mut free = Vec::new();
        for index in 0..self.parts.len() {
            if matches!(self.parts[index].state, State::Closed { .. }) {
                let inside = self.parts[index].what.wait(Duration::ZERO);
                free.extend(self.found(index, inside, budget));
            }
        }
        free
    }

    /// Notes how much is inside of one that is closed; gives those that nobody waits for now.
    fn found(&mut self, index: usize, now_inside: usize, budget: &Budget) -> Vec<usize> {
        let part = &mut self.parts[index];
        let State::Closed { at, share, inside } = &mut part.state else {
            return Vec::new();
        };
        *inside = now_inside;
        if now_inside > 0 {
            return Vec::new();
        }
        let took = budget.now().saturating_sub(*at);
        let share = *share;
        part.state = State::Ended { share, took };
        let mut free = Vec::new();
        for &earlier in self.graph.predecessors(index) {
            let awaited_by = &mut self.parts[earlier].awaited_by;
            *awaited_by -= 1;
            if *awaited_by == 0 {
                free.push(earlier);
            }
        }
        free
    }

    /// Those that were closed and did not come to their end.
    pub(super) fn left(&self) -> impl Iterator<Item = &C> {
        let is_left = |part: &&Part<C>| matches!(part.state, State::Closed { .. });
        self.parts.iter().filter(is_left).map(|part| &part.what)
    }

    /// How it went with each, in their order.
    pub(super) fn report(&self, budget: &Budget) -> impl Iterator<Item = ShutdownPart> {
        let now = budget.now();
        let ended = self.parts.iter().filter(|part| !part.what.is_left());
        ended.map(move |part| part.report(now))
    }
}

impl<C: Closing> Part<C> {
    fn is_busy(&self) -> bool {
        matches!(self.state, State::Closed { .. }) && self.what.is_awaitable()
    }

    fn report(&self, now: Duration) -> ShutdownPart {
        let (share, took, outstanding) = match self.state {
            State::Ended { share, took } => (share, took, 0),
            State::Closed { at, share, inside } => (share, now.saturating_sub(at), inside),
            State::Open => (Duration::ZERO, Duration::ZERO, 0),
        };
        let holders = (outstanding > 0).then(|| self.what.holders());
        ShutdownPart {
            kind: C::KIND,
            name: self.what.name().to_owned(),
            share,
            took,
            outstanding,
            holders: holders.unwrap_or_default(),
        }
    }
}
