//! The attached handlers in order, as a value: a version shares with the one before it all that
//! did not change.

use std::{cmp::Ordering, collections::HashMap, sync::Arc};

use crate::handler::Entry;

/// How many handlers share an allocation. A change copies one chunk, and the list of them.
const CHUNK: usize = 32;

/// Where a handler stands. Along the order, keys only grow.
///
/// A handler that waits for nobody stands where its name puts it: before the first one with a
/// greater name. One that waits comes later, and stands behind the greatest name before it.
type Key<'a> = (&'a str, usize);

/// The attached handlers in order.
#[derive(Debug, Default)]
pub(super) struct Lineup {
    chunks: Vec<Arc<Vec<Arc<Entry>>>>,
    held_back: Arc<HeldBack>,
}

/// The handlers that stand behind one with a greater name: which one, and how far behind it.
type HeldBack = HashMap<Arc<str>, (Arc<str>, usize)>;

impl Lineup {
    /// Of handlers that are in order.
    pub(super) fn of(ordered: Vec<Arc<Entry>>) -> Self {
        let held_back = Arc::new(held_back(&ordered));
        let mut chunks = Vec::with_capacity(ordered.len().div_ceil(CHUNK));
        let mut ordered = ordered.into_iter();
        while !ordered.as_slice().is_empty() {
            chunks.push(Arc::new(ordered.by_ref().take(CHUNK).collect()));
        }
        Lineup { chunks, held_back }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// The handler of exactly this name.
    pub(super) fn named(&self, name: &str) -> Option<&Arc<Entry>> {
        let (index, place) = self.find(name);
        self.chunks.get(index)?.get(place.ok()?)
    }

    /// Which of two handlers that are in it, or wait for nobody, comes first.
    pub(super) fn compare(&self, left: &Entry, right: &Entry) -> Ordering {
        self.key(&left.id).cmp(&self.key(&right.id))
    }

    /// With a handler that waits for nobody, and nobody for it.
    pub(super) fn with(&self, entry: Arc<Entry>) -> Self {
        let mut chunks = self.chunks.clone();
        let (index, Ok(place) | Err(place)) = self.find(&entry.id);
        let Some(chunk) = chunks.get_mut(index) else {
            chunks.push(Arc::new(vec![entry]));
            return self.changed_to(chunks);
        };
        let (before, after) = chunk.split_at(place);
        let mut all = Vec::with_capacity(chunk.len() + 1);
        all.extend_from_slice(before);
        all.push(entry);
        all.extend_from_slice(after);
        let rest = (all.len() > 2 * CHUNK).then(|| Arc::new(all.split_off(CHUNK)));
        *chunk = Arc::new(all);
        if let Some(rest) = rest {
            chunks.insert(index + 1, rest);
        }
        self.changed_to(chunks)
    }

    /// Without one of its handlers; `None` if it is not there.
    pub(super) fn without(&self, entry: &Arc<Entry>) -> Option<Self> {
        let (index, place) = self.find(&entry.id);
        let place = place.ok()?;
        let chunk = &self.chunks[index];
        if !Arc::ptr_eq(&chunk[place], entry) {
            return None;
        }
        let mut chunks = self.chunks.clone();
        if chunk.len() == 1 {
            chunks.remove(index);
        } else {
            let rest = chunk[..place].iter().chain(&chunk[place + 1..]);
            chunks[index] = Arc::new(rest.cloned().collect());
        }
        Some(self.changed_to(chunks))
    }

    fn changed_to(&self, chunks: Vec<Arc<Vec<Arc<Entry>>>>) -> Self {
        let held_back = Arc::clone(&self.held_back);
        Lineup { chunks, held_back }
    }

    /// The chunk for a name, and the place there at which it is, or would be.
    fn find(&self, name: &str) -> (usize, Result<usize, usize>) {
        let key = self.key(name);
        let begins_by = |chunk: &Arc<Vec<Arc<Entry>>>| self.key(&chunk[0].id) <= key;
        let index = self.chunks.partition_point(begins_by).saturating_sub(1);
        let place = self.chunks.get(index).map_or(Err(0), |chunk| {
            chunk.binary_search_by(|entry| self.key(&entry.id).cmp(&key))
        });
        (index, place)
    }

    fn key<'a>(&'a self, name: &'a str) -> Key<'a> {
        if self.held_back.is_empty() {
            return (name, 0);
        }
        match self.held_back.get(name) {
            Some((behind, distance)) => (behind, *distance),
            None => (name, 0),
        }
    }
}

fn held_back(ordered: &[Arc<Entry>]) -> HeldBack {
    let mut held_back = HeldBack::new();
    let mut greatest: Option<(&Arc<str>, usize)> = None;
    for entry in ordered {
        match &mut greatest {
            Some((name, behind)) if **name > entry.id => {
                *behind += 1;
                held_back.insert(Arc::clone(&entry.id), (Arc::clone(name), *behind));
            }
            _ => greatest = Some((&entry.id, 0)),
        }
    }
    held_back
}
