//! The sites of each callsite of tracing, made when it is first asked about and kept for ever:
//! there are as many as callsites in the program.

use std::{
    collections::HashMap,
    sync::{
        LazyLock, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tracing::Metadata;

use super::{log_records, name};
use crate::emit::EmitSite;

/// What is known of a callsite.
#[derive(Debug)]
pub(super) struct Callsite {
    pub(super) sites: Sites,
    /// The last answer to whether it is wanted.
    answer: AtomicBool,
}

/// Where its events are emitted.
#[derive(Debug)]
pub(super) enum Sites {
    Span { start: EmitSite, stop: EmitSite },
    Event(EmitSite),
}

/// The callsites by the addresses of their metadata. The ids that tracing has for them hash by
/// more than they compare.
static KNOWN: LazyLock<RwLock<HashMap<usize, &'static Callsite>>> = LazyLock::new(RwLock::default);

/// The callsite of this metadata, if it was asked about.
pub(super) fn find(metadata: &Metadata<'_>) -> Option<&'static Callsite> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.get(&address(metadata)).copied()
}

/// The callsite of this metadata.
pub(super) fn of(metadata: &'static Metadata<'static>) -> &'static Callsite {
    if let Some(callsite) = find(metadata) {
        return callsite;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known
        .entry(address(metadata))
        .or_insert_with(|| Box::leak(Box::new(Callsite::of(metadata))))
}

/// Whether the answer to any callsite would be another one now.
pub(super) fn is_any_stale() -> bool {
    // The lock is left first: the first question to a site takes another.
    let mut all: Vec<_> = {
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        known.values().copied().collect()
    };
    all.extend(log_records::all());
    let mut all = all.into_iter();
    all.any(|callsite| callsite.answer.load(Ordering::SeqCst) != callsite.is_observed())
}

fn address(metadata: &Metadata<'_>) -> usize {
    std::ptr::from_ref(metadata).addr()
}

impl Callsite {
    fn of(metadata: &Metadata<'_>) -> Self {
        if !metadata.is_span() {
            return Callsite::of_event(name::of_event(metadata));
        }
        let span = name::of_span(metadata);
        Callsite::new(Sites::Span {
            start: site(format!("{span}.start")),
            stop: site(format!("{span}.stop")),
        })
    }

    /// What emits events of this name.
    pub(super) fn of_event(name: String) -> Self {
        Callsite::new(Sites::Event(site(name)))
    }

    fn new(sites: Sites) -> Self {
        Callsite {
            sites,
            answer: AtomicBool::new(false),
        }
    }

    /// Whether a handler is attached for one of its events.
    pub(super) fn is_observed(&'static self) -> bool {
        match &self.sites {
            Sites::Span { start, stop } => start.is_observed() | stop.is_observed(),
            Sites::Event(event) => event.is_observed(),
        }
    }

    /// The same for tracing, which keeps the answer.
    pub(super) fn answer(&'static self) -> bool {
        let is_observed = self.is_observed();
        self.answer.store(is_observed, Ordering::SeqCst);
        is_observed
    }
}

/// A site whose name is made at run time.
fn site(name: String) -> EmitSite {
    EmitSite::new(name.leak())
}
