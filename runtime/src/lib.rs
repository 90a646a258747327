//! Gambeson.
