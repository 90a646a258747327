//! How a call that was skipped ended.

use std::sync::Arc;

use crate::{
    contain::{self, PanicDetail},
    reason::SkipReason,
};

/// How a call that was skipped ended, for whoever made it. Small, since mostly nobody asks.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) reason: SkipReason,
    left: Option<Box<Left>>,
}

/// What a panic left.
#[derive(Debug)]
struct Left {
    detail: Option<Arc<PanicDetail>>,
    raise: Option<contain::Payload>,
}

impl Ended {
    /// Nothing but the reason is left to be known.
    pub(super) fn quietly(reason: SkipReason) -> Self {
        Ended { reason, left: None }
    }

    pub(super) fn new(
        reason: SkipReason,
        detail: Option<Arc<PanicDetail>>,
        raise: Option<contain::Payload>,
    ) -> Self {
        let is_left = detail.is_some() || raise.is_some();
        let left = is_left.then(|| Box::new(Left { detail, raise }));
        Ended { reason, left }
    }

    /// Goes on with the panic that shall go on, if there is one; nobody asks for anything else.
    #[inline]
    pub(crate) fn go_on(self) {
        if let Some(left) = self.left
            && let Some(payload) = left.raise
        {
            contain::raise(payload);
        }
    }

    /// The panic to go on with: strict mode, and payloads that pass through.
    pub(crate) fn take_raise(&mut self) -> Option<contain::Payload> {
        self.left.as_mut().and_then(|left| left.raise.take())
    }

    /// The panic that was contained.
    pub(crate) fn detail(self) -> Option<Arc<PanicDetail>> {
        self.left.and_then(|left| left.detail)
    }
}
