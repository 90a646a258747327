//! Where promises meet: failures inside failures, waits inside calls, ends during ends.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is an assertion")]

mod containment;
mod life_cycle;
mod quarantine;
mod stragglers;
