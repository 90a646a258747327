//! Instrumented functions: a start event, then exactly one of stop and exception, and a span.

mod argument;
mod capture;
mod field;
mod fields;
mod future;
mod name;
mod opened;
mod returned;

pub use self::{
    argument::{Argument, ArgumentAsIs, ArgumentByDebug, ArgumentByType},
    field::{Field, field_debug, field_display, field_value},
    fields::Fields,
    future::instrument_async,
    name::{dotted, dotted_length},
    opened::{InstrumentSite, Opened, instrument, open},
    returned::{Returned, ReturnedByResult, ReturnedWhole},
};
