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
pub(crate) struct Names<'a> {
    entries: &'a [Arc<Entry>],
    by_last_segment: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(entries: &'a [Arc<Entry>]) -> Self {
        let mut by_last_segment: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            let function = entry.source.function.unwrap_or(&entry.id);
            let (of_id, of_function) = (last_segment(&entry.id), last_segment(function));
            by_last_segment.entry(of_id).or_default().push(index);
            if of_function != of_id {
                by_last_segment.entry(of_function).or_default().push(index);
            }
        }
        Names {
            entries,
            by_last_segment,
        }
    }

    /// The place of the handler that is called so.
    pub(crate) fn find(&self, name: &str) -> Result<usize, NameError> {
        let known = self
            .by_last_segment
            .get(last_segment(name))
            .map_or(&[][..], Vec::as_slice);
        let fits = |index: &&usize| {
            let entry = &self.entries[**index];
            ends_with_segments(&entry.id, name)
                || entry
                    .source
                    .function
                    .is_some_and(|path| ends_with_segments(path, name))
        };
        let is_exact = |index: &&usize| *self.entries[**index].id == *name;
        let mut found: Vec<usize> = known.iter().filter(is_exact).copied().collect();
        if found.is_empty() {
            found = known.iter().filter(fits).copied().collect();
        }
        match found[..] {
            [one] => Ok(one),
            [] => Err(self.unknown(name)),
            _ => Err(NameError::Ambiguous {
                name: name.to_owned(),
                candidates: found
                    .iter()
                    .map(|index| self.entries[*index].id.to_string())
                    .collect(),
            }),
        }
    }

    /// Somebody may have written only the last segment, and that wrongly.
    fn unknown(&self, name: &str) -> NameError {
        let ids = || self.entries.iter().map(|entry| &*entry.id);
        let whole = nearest(name, ids());
        let by_last = || {
            let last = nearest(last_segment(name), ids().map(last_segment))?;
            ids().find(|id| last_segment(id) == last)
        };
        NameError::Unknown {
            name: name.to_owned(),
            nearest: whole.or_else(by_last).map(str::to_owned),
        }
    }
}

fn last_segment(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// Whether these are the last segments of a name, or all of it.
pub(crate) fn ends_with_segments(name: &str, end: &str) -> bool {
    name.strip_suffix(end)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}
