//! Resources in the order in which they need each other.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use super::Need;
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
    let all = with_needs(resources.to_vec());
    let order = graph_of(&all).order().map_err(|cycle| NeedsCycle {
        path: cycle.iter().map(|index| all[*index].name()).collect(),
    })?;
    Ok(order.into_iter().map(|index| all[index]).collect())
}

/// These resources and all that they need, each once, by name.
pub(crate) fn with_needs(mut resources: Vec<&'static dyn Need>) -> Vec<&'static dyn Need> {
    let mut seen = HashSet::new();
    resources.retain(|resource| seen.insert(address(*resource)));
    let mut next = 0;
    while let Some(resource) = resources.get(next) {
        let needs = resource.needs().iter().copied();
        resources.extend(needs.filter(|need| seen.insert(address(*need))));
        next += 1;
    }
    resources.sort_by_key(|resource| (resource.name(), address(*resource)));
    resources
}

/// Which of these need which, by index.
pub(crate) fn graph_of(resources: &[&'static dyn Need]) -> Graph {
    let places = resources.iter().enumerate();
    let places: HashMap<usize, usize> = places
        .map(|(index, resource)| (address(*resource), index))
        .collect();
    let mut graph = Graph::new(resources.len());
    for (index, resource) in resources.iter().enumerate() {
        for need in resource.needs() {
            if let Some(&earlier) = places.get(&address(*need)) {
                graph.add(earlier, index);
            }
        }
    }
    graph
}

/// What tells resources apart: each is a `static`.
pub(crate) fn address(resource: &'static dyn Need) -> usize {
    std::ptr::from_ref(resource).addr()
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
