//! Which handlers have their place in the order for another reason than their name.

use std::{collections::HashSet, sync::Arc};

use super::names::{last_segment, last_segments};
use crate::handler::Entry;

/// What the attached handlers say of each other.
#[derive(Debug, Default)]
pub(super) struct Ties {
    /// The last segments of the names in `after` and `before`.
    named: HashSet<Box<str>>,
    /// Whether one that was tied has gone, since when the others may stand elsewhere.
    loosened: bool,
}

impl Ties {
    pub(super) fn of(entries: &[Arc<Entry>]) -> Self {
        let names = entries
            .iter()
            .flat_map(|entry| entry.after.iter().chain(&entry.before));
        Ties {
            named: names.map(|name| last_segment(name).into()).collect(),
            loosened: false,
        }
    }

    /// Whether only its name decides where a handler that comes stands, and the others stay.
    pub(super) fn leave_free(&self, entry: &Entry) -> bool {
        !self.loosened && !self.hold(entry)
    }

    /// A handler has gone.
    pub(super) fn lose(&mut self, entry: &Entry) {
        self.loosened |= self.hold(entry);
    }

    fn hold(&self, entry: &Entry) -> bool {
        entry.names_others() || last_segments(entry).any(|segment| self.named.contains(segment))
    }
}
