//! From what was captured to the event that handlers are told.

use tracing::Level;

use super::fields::Fields;
use crate::{
    dispatch,
    emit::EmitSite,
    event::{Event, Number, Value},
};

/// What tracing says of a span or event.
pub(super) struct Told<'a> {
    pub(super) level: &'a Level,
    pub(super) target: &'a str,
    pub(super) fields: &'a Fields,
}

impl Told<'_> {
    /// Tells it to the handlers of a site, with what was measured besides.
    pub(super) fn emit(&self, site: &'static EmitSite, measured: &[(&str, Number)]) {
        if !site.is_observed() {
            return;
        }
        // What is ours comes first, and so hides fields of its name.
        let measured = measured.iter().copied();
        let measurements: Vec<_> = measured.chain(self.fields.measurements()).collect();
        let ours = [
            ("level", Value::Text(self.level.as_str())),
            ("target", Value::Text(self.target)),
        ];
        let metadata: Vec<_> = ours.into_iter().chain(self.fields.metadata()).collect();
        dispatch::emit(site, &Event::new(site.name(), &measurements, &metadata));
    }
}
