//! Resources in the order in which they need each other.

use std::fmt;

use super::{Need, chronicle::Dependent};
use crate::graph::Graph;

/// Resources that need each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NeedsCycle {
    /// On the way round; the first one comes again at the end.
    pub(crate) path: Vec<&'static str>,
}

/// These resources and all that they need, each after what it needs itself; ties by name.
pub(crate) fn in_order(
    resources: &[&'static dyn Need],
) -> Result<Vec<&'static dyn Need>, NeedsCycle> {
    let (all, graph) = closure(resources);
    let order = graph.order().map_err(|cycle| NeedsCycle {
        path: cycle.iter().map(|index| all[*index].name()).collect(),
    })?;
    Ok(order.into_iter().map(|index| all[index]).collect())
}

/// The resources that are needed from these, sorted by name, and who waits for whom.
fn closure(resources: &[&'static dyn Need]) -> (Vec<&'static dyn Need>, Graph) {
    let mut all: Vec<&'static dyn Need> = Vec::new();
    let mut open = resources.to_vec();
    while let Some(next) = open.pop() {
        if !all.iter().any(|known| is_same(*known, next)) {
            all.push(next);
            open.extend_from_slice(next.needs());
        }
    }
    all.sort_by_key(|resource| resource.name());
    let mut graph = Graph::new(all.len());
    for (index, resource) in all.iter().enumerate() {
        for need in resource.needs() {
            let earlier = all.iter().position(|known| is_same(*known, *need));
            graph.add(earlier.unwrap_or(index), index);
        }
    }
    (all, graph)
}

fn is_same(one: &'static dyn Need, other: &'static dyn Need) -> bool {
    Dependent(one).is(Dependent(other))
}

impl fmt::Display for NeedsCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.join("` after `");
        write!(f, "resources need each other: `{path}`")
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::Resource;

    #[test]
    fn what_is_needed_comes_first_and_once() {
        static DISK: Resource<()> = Resource::new("disk");
        static STORE: Resource<()> = Resource::new("store").needs(&[&DISK]);
        static CACHE: Resource<()> = Resource::new("cache").needs(&[&STORE, &DISK]);
        static ALONE: Resource<()> = Resource::new("alone");
        let order = in_order(&[&CACHE, &ALONE, &STORE]).unwrap();
        let names: Vec<_> = order.iter().map(|resource| resource.name()).collect();
        assert_eq!(names, ["alone", "disk", "store", "cache"]);
    }

    #[test]
    fn a_circle_is_told_by_its_path() {
        static HEN: Resource<()> = Resource::new("hen").needs(&[&EGG]);
        static EGG: Resource<()> = Resource::new("egg").needs(&[&HEN]);
        let cycle = in_order(&[&HEN]).map(|_| ()).unwrap_err();
        assert_eq!(
            cycle.to_string(),
            "resources need each other: `egg` after `hen` after `egg`"
        );
    }
}
