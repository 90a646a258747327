//! The running table of handlers, read as a snapshot.

mod detached;
mod lineup;
mod matching;
mod names;
mod order;
mod ties;

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub(crate) use self::names::{ends_with_segments, last_segment};
use self::{detached::Detached, lineup::Lineup, names::Names, ties::Ties};
pub use self::{names::NameError, order::OrderError};
use crate::{
    graph::Graph,
    handler::{Entry, Site},
    hazard::{self, Shared},
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

/// Where the attached handlers changed.
#[derive(Debug)]
pub(crate) enum Change {
    /// This one came or went, and all others stand as they stood.
    One(Arc<Entry>),
    /// Any handler may stand elsewhere.
    Any,
}

/// The handlers of one telemetry.
#[derive(Debug)]
pub(crate) struct Registry {
    /// Those that are attached; replaced only under the lock, and read without it.
    attached: Shared<Lineup>,
    /// Everything that is not attached but has counts or a name.
    others: Mutex<Others>,
}

#[derive(Debug, Default)]
struct Others {
    /// Left out by a filter at start.
    filtered: Vec<Arc<Entry>>,
    detached: Detached,
    /// Plain handlers that were called.
    plain: HashMap<PlainKey, Arc<Entry>>,
    /// Of all that are known; made when the first name is looked up.
    names: Option<Names>,
    ties: Ties,
    /// Whether a shutdown has begun, after which nothing is attached.
    closed: bool,
}

/// By what a plain handler is known to its callers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PlainKey {
    /// The address of the site of an annotated function.
    Site(usize),
    /// The name of a closure that another library calls.
    Name(Arc<str>),
    /// The name of a guard, which serves its host and so goes on after a shutdown.
    Guard(Arc<str>),
}

/// The handlers of a registry that takes no others.
pub(crate) struct Closed {
    /// The attached ones, in the reverse of their order.
    pub(crate) ordered: Vec<Arc<Entry>>,
    /// Which of these wait for which, by index.
    pub(crate) graph: Graph,
    /// The plain ones, and those that were detached while calls of them ran.
    pub(crate) unordered: Vec<Arc<Entry>>,
}

impl Default for Registry {
    fn default() -> Self {
        let attached = Shared::empty();
        attached.replace(Some(Arc::default()));
        Registry {
            attached,
            others: Mutex::default(),
        }
    }
}

impl Registry {
    /// The handlers that are attached, in order.
    pub(crate) fn attached(&self) -> Vec<Arc<Entry>> {
        self.with_attached(|attached| attached.iter().cloned().collect())
    }

    /// Attaches entries in their order among those that are there. Either all are, or none is.
    pub(crate) fn attach(
        &self,
        mut new: Vec<Arc<Entry>>,
        filtered: Vec<Arc<Entry>>,
    ) -> Result<Change, Refusal> {
        // Declared before the lock, and so dropped after it: a closure's drop is user code.
        let mut replaced = Vec::new();
        let mut others = self.lock();
        if others.closed {
            return Err(Refusal::Closed);
        }
        others.filtered.extend(filtered);
        for entry in &mut new {
            others.give_earlier_counts(entry);
        }
        let (attached, change) = match &new[..] {
            [one] if others.ties.leave_free(one) => {
                let attached = self.with_attached(|attached| {
                    if let Some(namesake) = attached.named(&one.id) {
                        order::refuse_duplicate(namesake, one)?;
                    }
                    Ok::<_, OrderError>(attached.with(Arc::clone(one)))
                })?;
                (attached, Change::One(Arc::clone(one)))
            }
            _ => {
                let mut all = self.attached();
                all.extend_from_slice(&new);
                let ordered = order::order(all, || others.absent())?;
                others.ties = Ties::of(&ordered);
                (Lineup::of(ordered), Change::Any)
            }
        };
        self.attached.replace(Some(Arc::new(attached)));
        replaced.extend(new.iter().filter_map(|entry| others.came(entry)));
        Ok(change)
    }

    /// Refuses new handlers from now on, and gives those that are there.
    pub(crate) fn close(&self) -> Closed {
        let mut others = self.lock();
        others.closed = true;
        // Those who are about to detach one have closed it, and may not have looked yet.
        let marked = hazard::look();
        let detached = others.detached.iter();
        let busy = detached.filter(|entry| entry.in_flight_of(&marked) > 0);
        let plain = others.plain.iter();
        let ending = plain.filter_map(|(key, entry)| key.ends().then_some(entry));
        let unordered = ending.chain(busy).cloned().collect();
        let mut ordered = self.attached();
        ordered.reverse();
        Closed {
            graph: order::graph_of_the_end(&ordered),
            ordered,
            unordered,
        }
    }

    /// Detaches an entry, which lets nothing more in. Returns whether it was attached.
    pub(crate) fn remove(&self, entry: &Arc<Entry>) -> bool {
        let mut others = self.lock();
        let Some(rest) = self.with_attached(|attached| attached.without(entry)) else {
            return false;
        };
        // Before anybody else finds it detached, and takes it for one that is at rest.
        entry.close_unfenced();
        self.attached.replace(Some(Arc::new(rest)));
        others.ties.lose(entry);
        others.detached.push(entry);
        true
    }

    /// Detaches every entry, of which `detached` is the order.
    pub(crate) fn remove_all(&self, detached: &[Arc<Entry>]) {
        let mut others = self.lock();
        self.attached.replace(Some(Arc::default()));
        // Some may have been detached by hand since the shutdown began.
        for entry in detached {
            others.detached.push(entry);
        }
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
        let mut others = self.lock();
        if others.names.is_none() {
            others.names = Some(Names::of(&self.all(&others)));
        }
        let names = others.names.get_or_insert_default();
        names.find(name).cloned()
    }

    /// The handlers that take events or calls: attached ones in order, then plain ones by name.
    pub(crate) fn serving(&self) -> Vec<Arc<Entry>> {
        let others = self.lock();
        self.attached()
            .into_iter()
            .chain(others.plain_by_name())
            .collect()
    }

    /// Every handler with counts: attached ones in order, then detached ones, of which the last is
    /// the first, and plain ones.
    pub(crate) fn known(&self) -> Vec<Arc<Entry>> {
        self.all(&self.lock())
    }

    fn all(&self, others: &Others) -> Vec<Arc<Entry>> {
        let mut all = self.attached();
        all.extend(others.detached.latest_first());
        all.extend(others.plain_by_name());
        all
    }

    /// The entry of a plain handler, which is made for its first call.
    pub(crate) fn plain(&self, key: PlainKey, make: impl FnOnce() -> Entry) -> Arc<Entry> {
        let mut others = self.lock();
        if let Some(entry) = others.plain.get(&key) {
            return Arc::clone(entry);
        }
        let entry = Arc::new(make());
        if others.closed && key.ends() {
            entry.close();
        }
        others.plain.insert(key, Arc::clone(&entry));
        if let Some(names) = &mut others.names {
            names.insert(&entry);
        }
        entry
    }

    /// Lends the attached handlers of this moment.
    fn with_attached<R>(&self, read: impl FnOnce(&Lineup) -> R) -> R {
        if let Some(attached) = hazard::here().and_then(|here| self.attached.read(here)) {
            return read(&attached);
        }
        read(&self.attached.get().unwrap_or_default())
    }

    fn lock(&self) -> MutexGuard<'_, Others> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PlainKey {
    pub(crate) fn of(site: &'static Site) -> Self {
        PlainKey::Site(std::ptr::from_ref(site).addr())
    }

    /// Whether a shutdown is the end of it.
    fn ends(&self) -> bool {
        !matches!(self, PlainKey::Guard(_))
    }
}

impl Others {
    fn plain_by_name(&self) -> Vec<Arc<Entry>> {
        let mut plain: Vec<_> = self.plain.values().cloned().collect();
        plain.sort_by(|left, right| left.id.cmp(&right.id));
        plain
    }

    /// A handler that is attached again goes on with the counts it had, also of what was told of
    /// it, and with the calls that its detachment did not wait for.
    fn give_earlier_counts(&self, entry: &mut Arc<Entry>) {
        let old = self.detached.get(&entry.id);
        if let (Some(old), Some(entry)) = (old, Arc::get_mut(entry)) {
            entry.tally = Arc::clone(&old.tally);
            entry.limiters = Arc::clone(&old.limiters);
            entry.earlier = (!old.is_at_rest()).then(|| Arc::clone(old));
        }
    }

    /// Knows an entry by its name from now on, and gives the detached one it takes the place of.
    fn came(&mut self, entry: &Arc<Entry>) -> Option<Arc<Entry>> {
        let old = self.detached.remove(&entry.id);
        if let Some(names) = &mut self.names {
            if let Some(old) = &old {
                names.remove(old);
            }
            names.insert(entry);
        }
        old
    }

    /// Those who may be named as being before or after, though they are not attached.
    fn absent(&self) -> Names {
        Names::of(self.filtered.iter().chain(self.detached.iter()))
    }
}
