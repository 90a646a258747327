//! Names of handlers: whole, or their last segments where those are unique.

use std::{collections::HashMap, sync::Arc};

use crate::{handler::Entry, nearest::nearest};

/// A name that stands for no handler, or for several.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// No handler has the name.
    #[error("no handler is called `{name}`{}", did_you_mean(nearest.as_deref()))]
    Unknown {
        /// The name as it was given.
        name: String,
        /// The handler whose name is most alike.
        nearest: Option<String>,
    },
    /// The last segments fit several handlers.
    #[error("{}", ambiguous(name, candidates))]
    Ambiguous {
        /// The name as it was given.
        name: String,
        /// Whom it could mean.
        candidates: Vec<String>,
    },
}

impl NameError {
    fn ambiguous(name: &str, candidates: Vec<&Arc<Entry>>) -> Self {
        let ids = candidates.into_iter().map(|entry| entry.id.to_string());
        let mut candidates: Vec<_> = ids.collect();
        candidates.sort();
        NameError::Ambiguous {
            name: name.to_owned(),
            candidates,
        }
    }

    /// Nobody means itself.
    pub(crate) fn unless_nearest_is(mut self, asker: &str) -> Self {
        if let NameError::Unknown { nearest, .. } = &mut self {
            nearest.take_if(|name| name == asker);
        }
        self
    }
}

fn ambiguous(name: &str, candidates: &[String]) -> String {
    if let [first, others @ ..] = candidates
        && others.iter().all(|other| other == first)
    {
        return format!("several handlers are called `{first}`; give each a `name = \"..\"`");
    }
    format!(
        "`{name}` could be any of {}; write more of the name",
        candidates.join(", ")
    )
}

pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

/// Finds handlers by their last segment first.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_last_segment: HashMap<Box<str>, Vec<Arc<Entry>>>,
}

impl Names {
    pub(super) fn of<'a>(entries: impl IntoIterator<Item = &'a Arc<Entry>>) -> Self {
        let mut names = Names::default();
        for entry in entries {
            names.insert(entry);
        }
        names
    }

    pub(super) fn insert(&mut self, entry: &Arc<Entry>) {
        for segment in last_segments(entry) {
            let entry = Arc::clone(entry);
            if let Some(entries) = self.by_last_segment.get_mut(segment) {
                entries.push(entry);
            } else {
                self.by_last_segment.insert(segment.into(), vec![entry]);
            }
        }
    }

    pub(super) fn remove(&mut self, entry: &Arc<Entry>) {
        for segment in last_segments(entry) {
            if let Some(entries) = self.by_last_segment.get_mut(segment) {
                entries.retain(|other| !Arc::ptr_eq(other, entry));
                if entries.is_empty() {
                    self.by_last_segment.remove(segment);
                }
            }
        }
    }

    /// The handler that is called so.
    pub(super) fn find(&self, name: &str) -> Result<&Arc<Entry>, NameError> {
        let known = self
            .by_last_segment
            .get(last_segment(name))
            .map_or(&[][..], Vec::as_slice);
        let fits = |entry: &&Arc<Entry>| {
            ends_with_segments(&entry.id, name)
                || entry
                    .source
                    .function
                    .is_some_and(|path| ends_with_segments(path, name))
        };
        let is_exact = |entry: &&Arc<Entry>| *entry.id == *name;
        match only(known.iter().filter(is_exact)) {
            Ok(Some(exact)) => return Ok(exact),
            Ok(None) => {}
            Err(candidates) => return Err(NameError::ambiguous(name, candidates)),
        }
        match only(known.iter().filter(fits)) {
            Ok(Some(one)) => Ok(one),
            Ok(None) => Err(self.unknown(name)),
            Err(candidates) => Err(NameError::ambiguous(name, candidates)),
        }
    }

    /// Whether a handler is called so, or several are.
    pub(super) fn has(&self, name: &str) -> bool {
        !matches!(self.find(name), Err(NameError::Unknown { .. }))
    }

    /// Somebody may have written only the last segment, and that wrongly.
    fn unknown(&self, name: &str) -> NameError {
        let entries = self.by_last_segment.values().flatten();
        let mut ids: Vec<&str> = entries.map(|entry| &*entry.id).collect();
        ids.sort_unstable();
        let whole = nearest(name, ids.iter().copied());
        let by_last = || {
            let last_segments = ids.iter().map(|id| last_segment(id));
            let last = nearest(last_segment(name), last_segments)?;
            ids.iter().copied().find(|id| last_segment(id) == last)
        };
        NameError::Unknown {
            name: name.to_owned(),
            nearest: whole.or_else(by_last).map(str::to_owned),
        }
    }
}

/// The only one, if there are not several: those then.
fn only<'a>(
    mut entries: impl Iterator<Item = &'a Arc<Entry>>,
) -> Result<Option<&'a Arc<Entry>>, Vec<&'a Arc<Entry>>> {
    let first = entries.next();
    match entries.next() {
        None => Ok(first),
        Some(second) => Err(first.into_iter().chain([second]).chain(entries).collect()),
    }
}

/// That of a handler's name, and that of its function if it is another.
pub(super) fn last_segments(entry: &Entry) -> impl Iterator<Item = &str> {
    let of_id = last_segment(&entry.id);
    let of_function = entry.source.function.map(last_segment);
    std::iter::once(of_id).chain(of_function.filter(move |segment| *segment != of_id))
}

pub(crate) fn last_segment(name: &str) -> &str {
    name.rfind(':').map_or(name, |colon| &name[colon + 1..])
}

/// Whether these are the last segments of a name, or all of it.
pub(crate) fn ends_with_segments(name: &str, end: &str) -> bool {
    name.strip_suffix(end)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}
