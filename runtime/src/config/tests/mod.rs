//! The configuration's tests, one file for each role.

mod duration;
mod environment;
mod every_key;
mod fuzz;
mod hostile_files;
mod patterns;
mod refusals;
mod rules;

use super::{Config, ConfigError};
use crate::glob;

/// The error of text that must be refused.
fn refused(text: &str) -> ConfigError {
    match Config::parse(text) {
        Ok(config) => panic!("{text:?} was taken as {config:?}"),
        Err(error) => error,
    }
}

/// The text and the answer of `Config::overlay` for one variable over the defaults.
fn given(name: &str, value: &str) -> Result<Config, ConfigError> {
    Config::default().overlay([(name.to_owned(), value.to_owned())])
}

/// The rule of all patterns, where letters have to be the same.
fn matches(pattern: &str, separator: &str, name: &str) -> bool {
    glob::matches(pattern, separator, name, |segment, name| segment == name)
}
