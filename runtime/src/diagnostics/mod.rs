//! What is told of skips: bounded, escaped, redacted, rate-limited, and only where config or a
//! bug asks for it.

pub(crate) mod escape;
mod limiter;
pub(crate) mod record;
mod redact;

pub(crate) use self::limiter::{Limiters, Ticket};
