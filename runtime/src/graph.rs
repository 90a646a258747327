//! Who waits for whom: the order to begin in, and the levels to end by.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

/// Who waits for whom, by index.
#[derive(Debug)]
pub(crate) struct Graph {
    predecessors: Vec<Vec<usize>>,
    successors: Vec<Vec<usize>>,
}

impl Graph {
    /// Of so many, none of which waits yet.
    pub(crate) fn new(len: usize) -> Self {
        Graph {
            predecessors: vec![Vec::new(); len],
            successors: vec![Vec::new(); len],
        }
    }

    /// Makes one wait for another; twice is as good as once.
    pub(crate) fn add(&mut self, earlier: usize, later: usize) {
        self.successors[earlier].push(later);
        self.predecessors[later].push(earlier);
    }

    /// Those that this one waits for directly.
    pub(crate) fn predecessors(&self, index: usize) -> &[usize] {
        &self.predecessors[index]
    }

    /// Those that wait for this one directly.
    pub(crate) fn successors(&self, index: usize) -> &[usize] {
        &self.successors[index]
    }

    /// Kahn's algorithm, taking the lowest index of those that wait for nobody. The error is a
    /// way round, in which each waits for the next and the first one comes again at the end.
    pub(crate) fn order(&self) -> Result<Vec<usize>, Vec<usize>> {
        let mut waiting: Vec<usize> = self.predecessors.iter().map(Vec::len).collect();
        let mut ready: BinaryHeap<Reverse<usize>> = (0..waiting.len())
            .filter(|index| waiting[*index] == 0)
            .map(Reverse)
            .collect();
        let mut order = Vec::with_capacity(waiting.len());
        while let Some(Reverse(next)) = ready.pop() {
            order.push(next);
            for &later in &self.successors[next] {
                waiting[later] -= 1;
                if waiting[later] == 0 {
                    ready.push(Reverse(later));
                }
            }
        }
        if order.len() == waiting.len() {
            Ok(order)
        } else {
            Err(self.cycle(&waiting))
        }
    }

    /// Walks back from one that never became ready until one comes again.
    fn cycle(&self, waiting: &[usize]) -> Vec<usize> {
        let stuck = |index: &usize| waiting[*index] > 0;
        let mut path: Vec<usize> = (0..waiting.len()).find(stuck).into_iter().collect();
        let mut places: HashMap<usize, usize> = HashMap::new();
        while let Some(&last) = path.last() {
            if let Some(start) = places.insert(last, path.len() - 1) {
                return path.split_off(start);
            }
            path.extend(self.predecessors[last].iter().copied().find(stuck));
        }
        path
    }

    /// The levels in which to end: in the first are those for which nobody waits, and each one
    /// comes in the level after the last of those that wait for it. Within a level indices grow.
    ///
    /// Those on a way round, and those they wait for, are the last level together.
    pub(crate) fn levels_from_the_end(&self) -> Vec<Vec<usize>> {
        let mut waiting: Vec<usize> = self.successors.iter().map(Vec::len).collect();
        let ends = |waiting: &[usize], index: &usize| waiting[*index] == 0;
        let mut level: Vec<usize> = (0..waiting.len())
            .filter(|index| ends(&waiting, index))
            .collect();
        let mut levels = Vec::new();
        while !level.is_empty() {
            let mut next = Vec::new();
            for &earlier in level.iter().flat_map(|&index| &self.predecessors[index]) {
                waiting[earlier] -= 1;
                if ends(&waiting, &earlier) {
                    next.push(earlier);
                }
            }
            next.sort_unstable();
            levels.push(std::mem::replace(&mut level, next));
        }
        let stuck: Vec<usize> = (0..waiting.len())
            .filter(|&index| waiting[index] > 0)
            .collect();
        levels.extend((!stuck.is_empty()).then_some(stuck));
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph<const N: usize>(len: usize, waits: [(usize, usize); N]) -> Graph {
        let mut graph = Graph::new(len);
        for (earlier, later) in waits {
            graph.add(earlier, later);
        }
        graph
    }

    #[test]
    fn each_says_whom_it_waits_for_and_who_waits_for_it() {
        let graph = graph(3, [(0, 2), (1, 2)]);
        assert_eq!(
            (graph.predecessors(2), graph.successors(2)),
            (&[0, 1][..], &[][..])
        );
        assert_eq!(
            (graph.predecessors(0), graph.successors(0)),
            (&[][..], &[2][..])
        );
    }

    #[test]
    fn ties_go_by_the_lowest_index() {
        assert_eq!(graph(3, []).order(), Ok(vec![0, 1, 2]));
        assert_eq!(graph(4, [(3, 0), (2, 1)]).order(), Ok(vec![2, 1, 3, 0]));
    }

    #[test]
    fn a_cycle_is_told_by_its_way() {
        let graph = graph(4, [(1, 0), (2, 1), (0, 2), (0, 3)]);
        assert_eq!(graph.order(), Err(vec![0, 1, 2, 0]));
    }

    #[test]
    fn whoever_is_before_a_cycle_is_not_in_it() {
        let graph = graph(3, [(0, 1), (2, 1), (1, 2)]);
        assert_eq!(graph.order(), Err(vec![1, 2, 1]));
    }

    #[test]
    fn those_without_order_end_together() {
        assert_eq!(graph(3, []).levels_from_the_end(), [[0, 1, 2]]);
        assert!(graph(0, []).levels_from_the_end().is_empty());
    }

    #[test]
    fn each_ends_after_the_last_that_waits_for_it() {
        // 0 <- 1 <- 2, 0 <- 3, and 4 alone.
        let graph = graph(5, [(0, 1), (1, 2), (0, 3)]);
        assert_eq!(
            graph.levels_from_the_end(),
            [vec![2, 3, 4], vec![1], vec![0]]
        );
    }

    #[test]
    fn an_order_that_is_told_twice_counts_once() {
        let graph = graph(2, [(0, 1), (0, 1)]);
        assert_eq!(graph.order(), Ok(vec![0, 1]));
        assert_eq!(graph.levels_from_the_end(), [[1], [0]]);
    }

    #[test]
    fn a_way_round_ends_last() {
        // 1 and 2 wait for each other, and 1 for 0; 3 waits for 2.
        let graph = graph(4, [(1, 2), (2, 1), (0, 1), (2, 3)]);
        assert_eq!(graph.levels_from_the_end(), [vec![3], vec![0, 1, 2]]);
    }
}
