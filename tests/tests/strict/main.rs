//! Strict mode, for development and for the build server: what a handler fails with is recorded,
//! counted, and goes on.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod processes;
mod queued;
