//! The handlers that were detached, by name, and when.

use std::{collections::HashMap, sync::Arc};

use crate::handler::Entry;

/// Handlers whose counts stay though they are detached. No two have one name.
#[derive(Debug, Default)]
pub(super) struct Detached {
    by_name: HashMap<Arc<str>, (usize, Arc<Entry>)>,
    /// How many have been detached so far.
    count: usize,
}

impl Detached {
    /// Adds one that is detached after all the others.
    pub(super) fn push(&mut self, entry: &Arc<Entry>) {
        let detached = (self.count, Arc::clone(entry));
        self.by_name.insert(Arc::clone(&entry.id), detached);
        self.count += 1;
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<Entry>> {
        self.by_name.get(name).map(|(_, entry)| entry)
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Arc<Entry>> {
        if self.by_name.is_empty() {
            return None;
        }
        self.by_name.remove(name).map(|(_, entry)| entry)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.by_name.values().map(|(_, entry)| entry)
    }

    /// The last one first.
    pub(super) fn latest_first(&self) -> Vec<Arc<Entry>> {
        let mut detached: Vec<_> = self.by_name.values().collect();
        detached.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
        let entries = detached.into_iter().map(|(_, entry)| entry);
        entries.cloned().collect()
    }
}
