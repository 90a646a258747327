//! Attribute macros of gambeson.
