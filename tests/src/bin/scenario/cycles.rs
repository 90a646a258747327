//! x
pub(crate) fn cycles() {}
