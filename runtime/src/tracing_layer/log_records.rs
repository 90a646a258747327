//! Records of the `log` crate, which `tracing-log` sends from one callsite a level: the target is
//! in the metadata when tracing asks whether it is enabled, and in a field when it is told.

use std::{
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock},
};

use tracing::Metadata;

use super::{callsites::Callsite, fields::Fields, name};

/// The field that has the target.
const TARGET: &str = "log.target";

/// How many targets have sites of their own. Almost all are the paths of modules; the events of
/// what else a program makes up go without.
const MOST_TARGETS: usize = 4096;

type Targets = HashMap<Box<str>, &'static Callsite>;

static TARGETS: LazyLock<RwLock<Targets>> = LazyLock::new(RwLock::default);

/// Whether it is of a record, asked about or told.
pub(super) fn is_record(metadata: &Metadata<'_>) -> bool {
    matches!(metadata.name(), "log record" | "log event")
        && metadata.fields().field(TARGET).is_some()
}

/// The target that a record was written with.
pub(super) fn target_of(fields: &Fields) -> Option<&str> {
    fields.text(TARGET)
}

/// What emits the records of a target.
pub(super) fn of(target: &str) -> Option<&'static Callsite> {
    let found = {
        let targets = TARGETS.read().unwrap_or_else(PoisonError::into_inner);
        targets.get(target).copied()
    };
    if found.is_some() {
        return found;
    }
    let mut targets = TARGETS.write().unwrap_or_else(PoisonError::into_inner);
    if targets.len() == MOST_TARGETS {
        return None;
    }
    let made = || &*Box::leak(Box::new(Callsite::of_event(name::of_target(target))));
    Some(targets.entry(target.into()).or_insert_with(made))
}

/// Those that are known.
pub(super) fn all() -> Vec<&'static Callsite> {
    let targets = TARGETS.read().unwrap_or_else(PoisonError::into_inner);
    targets.values().copied().collect()
}
