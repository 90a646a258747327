//! Events in a span of fastrace. They are read later, by its own thread.

use fastrace::{
    Event, Span,
    collector::{Config, Reporter, SpanContext, SpanRecord},
    local::LocalSpan,
};

use super::Reader;

/// The events of a span are kept until it ends.
const EVENTS_OF_A_SPAN: u64 = 64;

struct Reading;

impl Reporter for Reading {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        for event in spans.iter().flat_map(|span| &span.events) {
            let mut reader = Reader::default();
            for (_, value) in &event.properties {
                reader.text(value);
            }
            reader.finish();
        }
    }
}

pub(super) fn set_up() {
    fastrace::set_reporter(Reading, Config::default());
}

pub(super) fn events(calls: u64) {
    let mut left = calls;
    while left > 0 {
        let events = left.min(EVENTS_OF_A_SPAN);
        let root = Span::root("read", SpanContext::random());
        let _local = root.set_local_parent();
        for _ in 0..events {
            LocalSpan::add_event(
                Event::new("read")
                    .with_properties(|| [("amount", "9.5"), ("order", "A-1"), ("city", "Lyon")]),
            );
        }
        left -= events;
    }
}
