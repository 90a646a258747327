//! Instrumented functions: a start event, then exactly one of stop and exception, and a span.

mod field;
mod future;
mod name;
mod opened;

pub use self::{
    field::{
        Argument, ArgumentByDebug, ArgumentByType, Field, field_debug, field_display, field_value,
    },
    future::instrument_async,
    name::{dotted, dotted_length},
    opened::{InstrumentSite, Opened, instrument, open},
};
