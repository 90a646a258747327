//! The running table of handlers, read as a snapshot.

mod names;
mod order;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwap;

use self::names::Names;
pub(crate) use self::names::ends_with_segments;
pub use self::{names::NameError, order::OrderError};
use crate::{
    conduct::Conduct,
    handler::{Bound, Entry, Site},
};

/// Why handlers are not attached.
pub(crate) enum Refusal {
    Order(OrderError),
    /// A shutdown has begun.
    Closed,
}

impl From<OrderError> for Refusal {
    fn from(error: OrderError) -> Self {
        Refusal::Order(error)
    }
}

/// The handlers of one telemetry.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    /// Those that are attached, in order.
    attached: ArcSwap<Vec<Arc<Entry>>>,
    /// Everything that is not attached but has counts or a name.
    others: Mutex<Others>,
}

#[derive(Debug, Default)]
struct Others {
    /// Left out by a filter at start.
    filtered: Vec<Arc<Entry>>,
    /// Detached, in the order in which that happened.
    detached: Vec<Arc<Entry>>,
    /// Plain handlers that were called, by the address of their site.
    plain: HashMap<usize, Arc<Entry>>,
    /// Whether a shutdown has begun, after which nothing is attached.
    closed: bool,
}

impl Registry {
    /// The handlers that are attached, in order.
    pub(crate) fn attached(&self) -> Arc<Vec<Arc<Entry>>> {
        self.attached.load_full()
    }

    /// Attaches entries in their order among those that are there. Either all are, or none is.
    pub(crate) fn attach(&self, new: Vec<Entry>, filtered: Vec<Entry>) -> Result<(), Refusal> {
        // Declared before the lock, and so dropped after it: a closure's drop is user code.
        let mut added: Vec<Arc<Entry>> = Vec::with_capacity(new.len());
        let mut replaced = Vec::new();
        let mut others = self.lock();
        if others.closed {
            return Err(Refusal::Closed);
        }
        others.filtered.extend(filtered.into_iter().map(Arc::new));
        added.extend(
            new.into_iter()
                .map(|entry| Arc::new(others.with_earlier_counts(entry))),
        );
        let mut absent = others.filtered.clone();
        absent.extend(others.detached.iter().cloned());
        let all = self.attached().iter().chain(&added).cloned().collect();
        self.attached.store(Arc::new(order::order(all, &absent)?));
        let is_back = |old: &mut Arc<Entry>| added.iter().any(|entry| entry.id == old.id);
        replaced.extend(others.detached.extract_if(.., is_back));
        Ok(())
    }

    /// Refuses new handlers from now on, and gives those that are there: the attached ones in
    /// order, and then the plain ones and those that were detached while calls of them ran.
    pub(crate) fn close(&self) -> (Vec<Arc<Entry>>, Vec<Arc<Entry>>) {
        let mut others = self.lock();
        others.closed = true;
        let busy = others.detached.iter().filter(|entry| entry.in_flight() > 0);
        let unordered = others.plain.values().chain(busy).cloned().collect();
        (self.attached().to_vec(), unordered)
    }

    /// Takes an entry out of the snapshot. Returns whether it was attached.
    pub(crate) fn remove(&self, entry: &Arc<Entry>) -> bool {
        let mut others = self.lock();
        let before = self.attached();
        let after: Vec<_> = before
            .iter()
            .filter(|other| !Arc::ptr_eq(other, entry))
            .cloned()
            .collect();
        let removed = after.len() < before.len();
        if removed {
            self.attached.store(Arc::new(after));
            others.detached.push(Arc::clone(entry));
        }
        removed
    }

    /// Takes every entry out of the snapshot, of which `detached` is the order.
    pub(crate) fn remove_all(&self, detached: &[Arc<Entry>]) {
        let mut others = self.lock();
        self.attached.store(Arc::default());
        // Some may have been detached by hand since the shutdown began.
        others
            .detached
            .retain(|old| !detached.iter().any(|entry| Arc::ptr_eq(entry, old)));
        others.detached.extend_from_slice(detached);
    }

    /// The registered handlers that a filter left out, by name.
    pub(crate) fn filtered(&self) -> Vec<String> {
        let mut names: Vec<_> = self
            .lock()
            .filtered
            .iter()
            .map(|entry| entry.id.to_string())
            .collect();
        names.sort();
        names
    }

    /// The handler of this name, attached or not.
    pub(crate) fn find(&self, name: &str) -> Result<Arc<Entry>, NameError> {
        let entries = self.known();
        Names::of(&entries)
            .find(name)
            .map(|index| Arc::clone(&entries[index]))
    }

    /// Every handler with counts: attached ones in order, then detached ones, of which the last is
    /// the first, and plain ones.
    pub(crate) fn known(&self) -> Vec<Arc<Entry>> {
        let others = self.lock();
        let mut known: Vec<_> = self.attached().iter().cloned().collect();
        known.extend(others.detached.iter().rev().cloned());
        let mut plain: Vec<_> = others.plain.values().cloned().collect();
        plain.sort_by(|left, right| left.id.cmp(&right.id));
        known.extend(plain);
        known
    }

    /// The entry of a plain handler, which is made by its first call.
    pub(crate) fn plain(&self, site: &'static Site) -> Arc<Entry> {
        let key = std::ptr::from_ref(site).addr();
        let mut others = self.lock();
        let closed = others.closed;
        let entry = others.plain.entry(key).or_insert_with(|| {
            let entry = Entry::of(site);
            if closed {
                entry.close();
            }
            Arc::new(entry)
        });
        Arc::clone(entry)
    }

    /// The handlers for an event, in order.
    pub(crate) fn matching(&self, event: &str, conduct: &Arc<Conduct>) -> Box<[Bound]> {
        let attached = self.attached.load();
        let matching = attached.iter().filter(|entry| entry.matches(event));
        let bind = |entry: &Arc<Entry>| {
            let settings = conduct.config.settings(&entry.id, event);
            Bound::new(conduct, Arc::clone(entry), settings)
        };
        matching.map(bind).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Others> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Others {
    /// A handler that is attached again goes on with the counts it had, and with the calls that
    /// its detachment did not wait for.
    fn with_earlier_counts(&self, entry: Entry) -> Entry {
        match self.detached.iter().find(|old| old.id == entry.id) {
            Some(old) => Entry {
                tally: Arc::clone(&old.tally),
                earlier: (old.in_flight() > 0).then(|| Arc::clone(old)),
                ..entry
            },
            None => entry,
        }
    }
}
