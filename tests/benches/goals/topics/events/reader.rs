//! What every receiver does with the fields of an event.

use std::fmt;

use log::kv;
use tracing::field::{Field, Visit};

use crate::work;

/// Looks at each field.
#[derive(Default)]
pub(super) struct Reader {
    seen: u64,
}

impl Reader {
    pub(super) fn number(&mut self, number: f64) {
        self.seen = self.seen.wrapping_add(number.to_bits());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.seen = self.seen.wrapping_add(text.len() as u64);
    }

    pub(super) fn finish(self) {
        work::note(self.seen);
    }
}

impl Visit for Reader {
    fn record_f64(&mut self, _: &Field, number: f64) {
        self.number(number);
    }

    fn record_str(&mut self, _: &Field, text: &str) {
        self.text(text);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl<'kvs> kv::VisitSource<'kvs> for Reader {
    fn visit_pair(&mut self, _: kv::Key<'kvs>, value: kv::Value<'kvs>) -> Result<(), kv::Error> {
        if let Some(number) = value.to_f64() {
            self.number(number);
        } else if let Some(text) = value.to_borrowed_str() {
            self.text(text);
        }
        Ok(())
    }
}
