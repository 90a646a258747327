//! A handler whose function returns something: what it returned is judged by its type.

use std::fmt;

use super::HandlerReturn;
use crate::{
    event::Event,
    verdict::{Call, Completion, Failed, Verdict, judge},
};

/// An annotated function that takes the event alone.
///
/// The function is data, so that all functions of one type share the code that runs them.
pub struct Judged<R: 'static> {
    /// The function.
    pub function: fn(&Event<'_>) -> R,
    /// How a value says that the call failed; asked only when it does.
    pub failed: for<'v> fn(&'v R) -> Option<Failed<'v>>,
}

/// Runs a function and judges what it returned.
pub trait Judge: Sync {
    /// Runs it on an event.
    ///
    /// # Errors
    ///
    /// None: what such a function needs is not known here.
    fn run(&self, call: &Call<'_>, event: &Event<'_>) -> Completion;
}

impl<R: HandlerReturn> Judge for Judged<R> {
    fn run(&self, call: &Call<'_>, event: &Event<'_>) -> Completion {
        let value = (self.function)(event);
        if value.is_success() {
            return Ok(Verdict::Handled);
        }
        Ok(judge(call, (self.failed)(&value)))
    }
}

impl<R> fmt::Debug for Judged<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Judged({})", std::any::type_name::<R>())
    }
}
