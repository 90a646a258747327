//! A span that is open, and that a handler wants to hear of.

use std::time::{Duration, Instant};

use tracing::Metadata;

use super::{callsites::Callsite, fields::Fields};

/// What is kept with a span from its opening to its close.
#[derive(Debug)]
pub(super) struct OpenSpan {
    pub(super) metadata: &'static Metadata<'static>,
    pub(super) callsite: &'static Callsite,
    pub(super) fields: Fields,
    opened: Instant,
    entered: Entered,
}

/// For how long some thread was in the span.
#[derive(Debug, Default)]
struct Entered {
    times: usize,
    since: Option<Instant>,
    before: Duration,
}

impl OpenSpan {
    pub(super) fn new(
        metadata: &'static Metadata<'static>,
        callsite: &'static Callsite,
        fields: Fields,
    ) -> Self {
        OpenSpan {
            metadata,
            callsite,
            fields,
            opened: Instant::now(),
            entered: Entered::default(),
        }
    }

    pub(super) fn enter(&mut self) {
        let entered = &mut self.entered;
        entered.times += 1;
        entered.since.get_or_insert_with(Instant::now);
    }

    pub(super) fn exit(&mut self) {
        let entered = &mut self.entered;
        entered.times = entered.times.saturating_sub(1);
        if entered.times == 0
            && let Some(since) = entered.since.take()
        {
            entered.before += since.elapsed();
        }
    }

    /// How long it has been open.
    pub(super) fn duration(&self) -> Duration {
        self.opened.elapsed()
    }

    /// How long it was entered.
    pub(super) fn busy(&self) -> Duration {
        let now = self.entered.since.map(|since| since.elapsed());
        self.entered.before + now.unwrap_or_default()
    }
}
