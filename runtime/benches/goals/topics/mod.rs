//! The goals, a topic a file.

pub(crate) mod alternatives;
pub(crate) mod counters;
pub(crate) mod detach;
pub(crate) mod direct;
pub(crate) mod emit;
pub(crate) mod failures;
pub(crate) mod fences;
pub(crate) mod future;
pub(crate) mod instructions;
pub(crate) mod start;
