//! The order in which handlers attach: dependencies first, ties by name.

use std::{collections::HashMap, convert::Infallible, sync::Arc};

use super::names::{NameError, Names};
use crate::{graph::Graph, handler::Entry};

/// Why handlers cannot be put in order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// Two handlers have the same name.
    #[error("{}", duplicate(name, first, second))]
    Duplicate {
        /// The name.
        name: String,
        /// Where one of them is written.
        first: String,
        /// Where the other one is written.
        second: String,
    },
    /// `after` or `before` names no handler, or several.
    #[error("handler `{handler}` wants to be {relation} another: {error}")]
    Name {
        /// Who names it.
        handler: String,
        /// `after` or `before`.
        relation: &'static str,
        /// What is wrong with the name.
        error: NameError,
    },
    /// Handlers that wait for each other.
    #[error("handlers wait for each other: {}", path.join(" after "))]
    Cycle {
        /// The handlers on the way round; the first one comes again at the end.
        path: Vec<String>,
    },
}

fn duplicate(name: &str, first: &str, second: &str) -> String {
    if first == second {
        return format!("handler `{name}` is attached already");
    }
    format!(
        "two handlers are called `{name}`: at {first} and at {second}; give one a `name = \"..\"`"
    )
}

/// Puts entries in order. `absent` handlers may be named, but have no place.
pub(super) fn order(
    mut entries: Vec<Arc<Entry>>,
    absent: impl FnOnce() -> Names,
) -> Result<Vec<Arc<Entry>>, OrderError> {
    entries.sort_by(|left, right| left.id.cmp(&right.id));
    for pair in entries.windows(2) {
        refuse_duplicate(&pair[0], &pair[1])?;
    }
    if !entries.iter().any(|entry| entry.names_others()) {
        return Ok(entries);
    }
    let absent = absent();
    let graph = graph(&entries, |entry, relation, name, error| {
        if matches!(error, NameError::Unknown { .. }) && absent.has(name) {
            return Ok(());
        }
        Err(OrderError::Name {
            handler: entry.id.to_string(),
            relation,
            error: error.unless_nearest_is(&entry.id),
        })
    })?;
    let order = graph.order().map_err(|cycle| OrderError::Cycle {
        path: cycle
            .iter()
            .map(|index| entries[*index].id.to_string())
            .collect(),
    })?;
    Ok(order
        .into_iter()
        .map(|index| Arc::clone(&entries[index]))
        .collect())
}

pub(super) fn refuse_duplicate(first: &Entry, second: &Entry) -> Result<(), OrderError> {
    if first.id != second.id {
        return Ok(());
    }
    Err(OrderError::Duplicate {
        name: first.id.to_string(),
        first: first.source.to_string(),
        second: second.source.to_string(),
    })
}

/// Who is detached before whom, by index in the reverse of the order.
///
/// Every name was looked at when its handler attached: one that nobody has is that of a handler
/// which is not there.
pub(super) fn graph_of_the_end(reversed: &[Arc<Entry>]) -> Graph {
    if !reversed.iter().any(|entry| entry.names_others()) {
        return Graph::new(reversed.len());
    }
    let Ok(graph) = graph(reversed, |_, _, _, _| Ok::<_, Infallible>(()));
    graph
}

/// Who attaches after whom, by index. Of a name that stands for none of them, or for several,
/// `unfound` says whether that is an error: it is told who gives the name, for which relation.
fn graph<E>(
    entries: &[Arc<Entry>],
    unfound: impl Fn(&Entry, &'static str, &str, NameError) -> Result<(), E>,
) -> Result<Graph, E> {
    let names = Names::of(entries);
    let ids = entries.iter().enumerate();
    let places: HashMap<&str, usize> = ids.map(|(index, entry)| (&*entry.id, index)).collect();
    let mut graph = Graph::new(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let place = |relation, name: &String| match names.find(name) {
            Ok(other) => Ok(places.get(&*other.id).copied()),
            Err(error) => unfound(entry, relation, name, error).map(|()| None),
        };
        for name in &entry.after {
            if let Some(earlier) = place("after", name)? {
                graph.add(earlier, index);
            }
        }
        for name in &entry.before {
            if let Some(later) = place("before", name)? {
                graph.add(index, later);
            }
        }
    }
    Ok(graph)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Handler;

    fn handler(id: &str) -> Handler {
        Handler::new(id, "a.b", |_| ())
    }

    fn ordered(handlers: Vec<Handler>) -> Result<Vec<String>, OrderError> {
        let entries = handlers.into_iter().map(|handler| handler.entry).collect();
        Ok(order(entries, Names::default)?
            .iter()
            .map(|entry| entry.id.to_string())
            .collect())
    }

    #[test]
    fn ties_go_by_name() {
        let names = ordered(vec![handler("c"), handler("a"), handler("b")]);
        assert_eq!(names.unwrap(), ["a", "b", "c"]);
    }

    #[test]
    fn before_and_after_outweigh_the_name() {
        let names = ordered(vec![
            handler("a").after("x::d"),
            handler("b"),
            handler("c").before("b"),
            handler("x::d"),
        ]);
        assert_eq!(names.unwrap(), ["c", "b", "x::d", "a"]);
    }

    #[test]
    fn a_cycle_is_told_by_its_path() {
        let error = ordered(vec![
            handler("a").after("b"),
            handler("b").after("c"),
            handler("c").after("a"),
            handler("d").after("a"),
        ]);
        assert_eq!(
            error.unwrap_err().to_string(),
            "handlers wait for each other: a after b after c after a"
        );
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest() {
        let error = ordered(vec![handler("shop::audit"), handler("b").after("audti")]);
        assert_eq!(
            error.unwrap_err().to_string(),
            "handler `b` wants to be after another: no handler is called `audti`; did you mean `shop::audit`?"
        );
    }

    #[test]
    fn nobody_means_itself() {
        let error = ordered(vec![handler("shop::audit").after("audti")]);
        assert_eq!(
            error.unwrap_err().to_string(),
            "handler `shop::audit` wants to be after another: no handler is called `audti`"
        );
    }

    #[test]
    fn an_ambiguous_name_is_told_with_all_it_could_mean() {
        let error = ordered(vec![
            handler("x::a"),
            handler("y::a"),
            handler("b").before("a"),
        ]);
        assert_eq!(
            error.unwrap_err().to_string(),
            "handler `b` wants to be before another: `a` could be any of x::a, y::a; write more of the name"
        );
    }

    #[test]
    fn a_duplicate_is_told_with_both_places() {
        let line = line!() + 1;
        let error = ordered(vec![handler("a"), Handler::new("a", "c", |_| ())]).unwrap_err();
        let OrderError::Duplicate {
            name,
            first,
            second,
        } = error
        else {
            panic!("{error}")
        };
        assert_eq!(name, "a");
        assert_ne!(first, second);
        assert!(
            second.ends_with(&format!("order.rs:{line}"))
                || first.ends_with(&format!("order.rs:{line}"))
        );
    }
}
