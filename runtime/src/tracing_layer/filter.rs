//! Which callsites are wanted: a filter of this layer alone, so that what it turns off stays on
//! for the layers beside it.

use tracing::{Metadata, subscriber::Interest};
use tracing_subscriber::layer::{Context, Filter};

use super::{
    callsites::{self, Callsite},
    log_records,
};
use crate::instrument;

/// Lets through what a handler is attached for.
#[derive(Debug)]
pub(super) struct Observed;

impl<S> Filter<S> for Observed {
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_our_own(metadata) {
            Interest::never()
        } else if log_records::is_record(metadata) {
            Interest::sometimes()
        } else if callsites::of(metadata).answer() {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        if log_records::is_record(metadata) {
            return log_records::of(metadata.target()).is_some_and(Callsite::answer);
        }
        callsites::find(metadata).is_some_and(Callsite::is_observed)
    }
}

/// Whether a span or event is of this crate's making, and so never told.
fn is_our_own(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "gambeson" || instrument::is_ours(metadata)
}
