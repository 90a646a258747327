//! What tracing is told of a call: its span, its failure, and what `err` and `ret` show.

use tracing::{Event, Span, Value};

use super::{
    capture::Captured,
    ending::{Failure, Kind},
    known::{FAILURE_FIELDS, Known},
    point::Point,
    seen::Shown,
    values::{Parent, Values},
};
use crate::{contain, emit::text_of};

/// How many fields a span has without memory for a list of them.
const FEW: usize = 32;

/// The span of a call with these values.
pub(super) fn span(known: &'static Known, values: &mut Values) -> Span {
    contain::if_unwinding(|| opened(known, values)).unwrap_or_else(Span::none)
}

fn opened(known: &'static Known, values: &mut Values) -> Span {
    let metadata = known.span.metadata();
    let parent = values.take_parent();
    let length = metadata.fields().len();
    let captured = values.captured();
    let (mut few, mut many): ([Option<&dyn Value>; FEW], Vec<_>) = ([None; FEW], Vec::new());
    let list = if length <= FEW {
        &mut few[..length]
    } else {
        many.resize(length, None);
        &mut many[..]
    };
    for (slot, value) in list.iter_mut().zip(captured) {
        *slot = value.as_recorded();
    }
    let set = metadata.fields().value_set_all(list);
    let span = match parent {
        Parent::Stated(parent) => Span::child_of(parent, metadata, &set),
        Parent::Current => Span::new(metadata, &set),
    };
    for cause in values.causes() {
        span.follows_from(cause.clone());
    }
    span
}

/// What `err` or `ret` shows, once it has been cleaned. The value's format is the user's code.
pub(super) fn shown(
    point: &'static Point,
    value: &Shown<'_>,
    clean: impl FnOnce(String) -> String,
) {
    if point.is_enabled() {
        let text = Captured::shown(clean(text_of(format_args!("{value}"))));
        record(point, &[text.as_recorded()]);
    }
}

/// How a call failed: on its span, in the conventions of OpenTelemetry, and as a record for what no
/// returned value tells.
pub(super) fn failure(known: &'static Known, span: &Span, failure: &Failure) {
    let error_type = failure.error_type();
    match failure.kind {
        Kind::Panic => {
            let (thrown, message) = (failure.thrown, failure.message.as_str());
            let location = failure.location.as_deref();
            let values: [Option<&dyn Value>; 5] = [
                Some(&"panicked"),
                Some(&error_type),
                Some(&thrown),
                Some(&message),
                location.as_ref().map(|location| location as &dyn Value),
            ];
            record_if_enabled(known.panic(), &values);
        }
        Kind::Cancelled if known.err.is_some() || known.ret.is_some() => {
            record_if_enabled(known.cancelled(), &[Some(&"cancelled"), Some(&error_type)]);
        }
        Kind::Cancelled | Kind::Error => {}
    }
    let [error, thrown, message, status] = FAILURE_FIELDS;
    span.record(error, error_type);
    if failure.kind != Kind::Cancelled {
        span.record(thrown, failure.thrown);
        span.record(message, failure.message.as_str());
    }
    if failure.is_error() {
        span.record(status, "ERROR");
    }
}

fn record_if_enabled(point: &'static Point, values: &[Option<&dyn Value>]) {
    if point.is_enabled() {
        record(point, values);
    }
}

fn record(point: &'static Point, values: &[Option<&dyn Value>]) {
    let metadata = point.metadata();
    Event::dispatch(metadata, &metadata.fields().value_set_all(values));
}
