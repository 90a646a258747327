//! A tracing event to one layer on the Registry.

use std::hint::black_box;

use tracing::{Event, Subscriber};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

use super::Reader;

struct Reading;

impl<S: Subscriber> Layer<S> for Reading {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut reader = Reader::default();
        event.record(&mut reader);
        reader.finish();
    }
}

pub(super) fn set_up() {
    tracing_subscriber::registry().with(Reading).init();
}

pub(super) fn event() {
    tracing::info!(amount = black_box(9.5), order = "A-1", city = "Lyon");
}
