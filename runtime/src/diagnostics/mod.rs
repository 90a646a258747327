//! What is told of skips: bounded, escaped, redacted, and only where config or a bug asks for it.

pub(crate) mod record;
mod redact;
