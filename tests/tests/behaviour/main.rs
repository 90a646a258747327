//! What the runtime promises, a module for each promise.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod classification;
