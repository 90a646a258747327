//! The events of a call.

use super::{open::Open, wanted::TIMED};
use crate::{
    context::Context,
    dispatch,
    emit::EmitSite,
    event::{Event, Number, ToNumber, Value},
    hazard,
};

impl Open {
    pub(super) fn emit_start(&mut self) {
        if self.known.is_observed(&self.known.start) {
            self.emit(&self.known.start, &[], &[]);
            self.expect_end();
        }
    }

    /// Who heard the start may have come after this call saw what was wanted.
    #[inline]
    fn expect_end(&mut self) {
        self.wanted |= if hazard::is_diverted() {
            TIMED
        } else {
            self.known.site.wanted.get() & TIMED
        };
        self.measure_duration();
    }

    #[inline]
    pub(super) fn emit_end(
        &self,
        bit: u32,
        site: &'static EmitSite,
        failure: &[(&str, Value<'_>)],
    ) {
        // A telemetry that was entered has a handler a little before the sites tell of it.
        let is_observed = || hazard::is_diverted() || self.known.is_observed(site);
        if self.wanted & bit == 0 || !is_observed() {
            return;
        }
        let duration = [("duration", self.duration().to_number())];
        if self.measured.is_empty() {
            self.emit(site, &duration, failure);
        } else {
            self.emit(site, &[&duration, &*self.measured].concat(), failure);
        }
    }

    #[inline]
    fn emit(
        &self,
        site: &'static EmitSite,
        measurements: &[(&str, Number)],
        failure: &[(&str, Value<'_>)],
    ) {
        if failure.is_empty() && !self.known.site.written.has_own_fields() {
            dispatch::emit(site, &Event::new(site.name(), measurements, &[]));
        } else {
            self.emit_with_fields(site, measurements, failure);
        }
    }

    fn emit_with_fields(
        &self,
        site: &'static EmitSite,
        measurements: &[(&str, Number)],
        failure: &[(&str, Value<'_>)],
    ) {
        let written = &self.known.site.written;
        let fields = written.fields.iter().zip(self.values.captured());
        let mut metadata: Vec<(&str, Value<'_>)> =
            Vec::with_capacity(written.fields.len() - written.arguments + failure.len());
        for (key, value) in fields.skip(written.arguments) {
            // What says how the call failed is found under its own names.
            let is_hidden = failure.iter().any(|(taken, _)| taken == key);
            if !value.is_nothing() && !is_hidden {
                metadata.push((key, value.lend()));
            }
        }
        metadata.extend_from_slice(failure);
        if failure.is_empty() {
            return dispatch::emit(site, &Event::new(site.name(), measurements, &metadata));
        }
        // What the work was about is asked for by whoever looks into why it failed.
        let context = Context::current();
        for (key, value) in context.fields() {
            if metadata.iter().all(|(known, _)| *known != key) {
                metadata.push((key, value));
            }
        }
        dispatch::emit(site, &Event::new(site.name(), measurements, &metadata));
    }
}
