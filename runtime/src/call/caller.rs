//! Who made a call, and so who is told how it ended.

use crate::event::Event;

/// Who made a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Caller<'a> {
    /// An emission, which goes on whatever becomes of the call.
    Emission(&'a Event<'a>),
    /// Somebody with an event, who gets the outcome.
    Direct(&'a Event<'a>),
    /// The caller of a function, who gets what it returns or what stands for its skip.
    Function,
}

impl<'a> Caller<'a> {
    #[inline]
    pub(crate) fn event(self) -> Option<&'a Event<'a>> {
        match self {
            Caller::Emission(event) | Caller::Direct(event) => Some(event),
            Caller::Function => None,
        }
    }

    /// Whether a skip is handed to the caller.
    pub(crate) fn is_told(self) -> bool {
        !matches!(self, Caller::Emission(_))
    }
}
