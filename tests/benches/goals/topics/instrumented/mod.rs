//! The attributes on a function that takes two numbers: ours, tracing's, fastrace's, autometrics'.

mod calls;
mod functions;
pub(crate) mod off;
pub(crate) mod on;
mod receivers;
