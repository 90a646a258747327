//! The defended handlers. Each attaches by itself when telemetry starts, in the order that
//! `before` and `after` give, and detaches in the reverse of it.

pub(crate) mod audit;
pub(crate) mod fraud;
pub(crate) mod ledger;
pub(crate) mod mail;
pub(crate) mod metrics;
pub(crate) mod stock;
