//! The places where records are written, as tracing knows them.
//!
//! Tracing's own macros trust the answer that is kept for a place. While there is one subscriber in the
//! process, that is the answer of the thread that came there first: where it had none, the records of
//! every other thread would be lost with it.

use tracing::{
    Event, Metadata, Value,
    callsite::DefaultCallsite,
    dispatcher,
    level_filters::{LevelFilter, STATIC_MAX_LEVEL},
};

/// Writes a record with these fields, each of which is a value or an option of one; whether a
/// subscriber took it.
macro_rules! tell {
    ($level:ident, $message:expr, { $($field:ident = $value:expr),* $(,)? }) => {{
        static METADATA: tracing::Metadata<'static> = tracing::metadata! {
            name: concat!("event ", file!(), ":", line!()),
            target: "gambeson",
            level: tracing::Level::$level,
            fields: &["message", $(stringify!($field)),*],
            callsite: &CALLSITE,
            kind: tracing::metadata::Kind::EVENT,
        };
        static CALLSITE: tracing::callsite::DefaultCallsite =
            tracing::callsite::DefaultCallsite::new(&METADATA);
        $crate::diagnostics::site::send(
            &CALLSITE,
            &METADATA,
            &[Some(&$message as &dyn tracing::Value), $(Some(&$value as &dyn tracing::Value)),*],
        )
    }};
}

pub(super) use tell;

/// Gives a record to the subscriber of this thread, if that wants it; whether it does.
pub(super) fn send(
    callsite: &'static DefaultCallsite,
    metadata: &'static Metadata<'static>,
    values: &[Option<&dyn Value>],
) -> bool {
    if *metadata.level() > STATIC_MAX_LEVEL || *metadata.level() > LevelFilter::current() {
        return false;
    }
    let kept = callsite.interest();
    dispatcher::get_default(|current| {
        let interest = if kept.is_never() {
            current.register_callsite(metadata)
        } else {
            kept.clone()
        };
        let is_wanted =
            interest.is_always() || interest.is_sometimes() && current.enabled(metadata);
        if is_wanted {
            let set = metadata.fields().value_set_all(values);
            current.event(&Event::new(metadata, &set));
        }
        is_wanted
    })
}
