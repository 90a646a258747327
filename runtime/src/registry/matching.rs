//! Which of the attached handlers an event is for.

use std::sync::Arc;

use super::Registry;
use crate::{
    conduct::Conduct,
    handler::{Bound, Entry},
};

impl Registry {
    /// The handlers for an event, in order.
    pub(crate) fn matching(&self, event: &str, conduct: &Arc<Conduct>) -> Box<[Bound]> {
        self.with_attached(|attached| {
            let matching = attached.iter().filter(|entry| entry.matches(event));
            let bound = matching.map(|entry| bind(entry, event, conduct));
            bound.collect()
        })
    }

    /// Whether any handler is attached for an event.
    pub(crate) fn matches(&self, event: &str) -> bool {
        self.with_attached(|attached| attached.iter().any(|entry| entry.matches(event)))
    }

    /// The handlers for an event now that this one came or went; `None` if they are the same.
    pub(crate) fn rematch(
        &self,
        handlers: &[Bound],
        entry: &Arc<Entry>,
        event: &str,
        conduct: &Arc<Conduct>,
    ) -> Option<Box<[Bound]>> {
        let is_it = |bound: &Bound| Arc::ptr_eq(&bound.entry, entry);
        self.with_attached(|attached| {
            // One that came has its place by now, and one that went is closed before it loses it.
            let is_wanted = !entry.gate.is_closed() && entry.matches(event);
            match (handlers.iter().any(is_it), is_wanted) {
                (true, false) => {
                    let mut rest = Vec::with_capacity(handlers.len());
                    rest.extend(handlers.iter().filter(|bound| !is_it(bound)).cloned());
                    Some(rest.into())
                }
                (false, true) => {
                    // The one whose place it takes may still be there.
                    let others = handlers.iter().filter(|bound| bound.entry.id != entry.id);
                    let mut all = Vec::with_capacity(handlers.len() + 1);
                    all.extend(others.cloned());
                    let is_before = |bound: &Bound| attached.compare(&bound.entry, entry).is_lt();
                    let place = all.partition_point(is_before);
                    all.insert(place, bind(entry, event, conduct));
                    Some(all.into())
                }
                _ => None,
            }
        })
    }
}

fn bind(entry: &Arc<Entry>, event: &str, conduct: &Arc<Conduct>) -> Bound {
    let settings = conduct.config.settings(&entry.id, event);
    Bound::new(conduct, Arc::clone(entry), settings)
}
