//! Handlers that fail.

use std::{
    error::Error,
    fmt,
    hint::black_box,
    panic::{catch_unwind, resume_unwind},
};

use gambeson::{Classify, Event, defensive_handler, emit};

#[derive(Debug, thiserror::Error, Classify)]
enum TillError {
    #[error("the till is gone")]
    #[skip(state_unavailable)]
    Gone,
}

/// An error of which nothing is known.
#[derive(Debug)]
struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown")
    }
}

impl Error for Unknown {}

#[defensive_handler(on = "fail.static")]
fn panics(_: &Event<'_>) {
    panic_with_static();
}

#[defensive_handler(on = "fail.formatted")]
fn panics_with_message(_: &Event<'_>) {
    panic_with_formatted();
}

#[defensive_handler(on = "fail.classified")]
fn fails(_: &Event<'_>) -> Result<(), TillError> {
    Err(black_box(TillError::Gone))
}

#[defensive_handler(on = "fail.unknown")]
fn fails_unknown(_: &Event<'_>) -> Result<(), Unknown> {
    Err(black_box(Unknown))
}

#[defensive_handler(on = "fail.never")]
fn succeeds(_: &Event<'_>) -> Result<(), TillError> {
    black_box(Ok(()))
}

#[defensive_handler(on = "fail.empty")]
fn empty(_: &Event<'_>) {}

#[defensive_handler(on = "fail.quarantined", quarantine(failures = 1))]
fn quarantined(_: &Event<'_>) -> Result<(), TillError> {
    Err(TillError::Gone)
}

/// What a caught panic costs at the least.
pub(super) fn floor() {
    let _ = catch_unwind(|| resume_unwind(Box::new(())));
}

/// What it costs with the hook that is there, outside every guard.
pub(super) fn std_static() {
    let _ = catch_unwind(panic_with_static);
}

pub(super) fn std_formatted() {
    let _ = catch_unwind(panic_with_formatted);
}

#[inline(never)]
fn panic_with_static() {
    panic!("on purpose")
}

#[inline(never)]
fn panic_with_formatted() {
    panic!("order {} is on purpose", black_box(7))
}

pub(super) fn emit_static() {
    emit!("fail.static");
}

pub(super) fn emit_formatted() {
    emit!("fail.formatted");
}

pub(super) fn emit_classified() {
    emit!("fail.classified");
}

pub(super) fn emit_unknown() {
    emit!("fail.unknown");
}

pub(super) fn emit_to_success() {
    emit!("fail.never");
}

pub(super) fn emit_to_empty() {
    emit!("fail.empty");
}

pub(super) fn emit_to_quarantined() {
    emit!("fail.quarantined");
}
