//! An actor that ends with whoever owns it.

use std::{fmt, ops::Deref};

use ::ractor::ActorRef;

/// An actor that is drained when this is dropped: it handles what was sent to it before, and ends.
///
/// It is used as the [`ActorRef`] that it is made from.
#[must_use = "the actor is drained when this is dropped"]
pub struct OwnedActor<M>(ActorRef<M>);

impl<M> From<ActorRef<M>> for OwnedActor<M> {
    fn from(actor: ActorRef<M>) -> Self {
        OwnedActor(actor)
    }
}

impl<M> Deref for OwnedActor<M> {
    type Target = ActorRef<M>;

    fn deref(&self) -> &ActorRef<M> {
        &self.0
    }
}

impl<M> Drop for OwnedActor<M> {
    fn drop(&mut self) {
        // One that is dead already refuses, and is as drained as it will ever be.
        let _ = self.0.drain();
    }
}

impl<M> fmt::Debug for OwnedActor<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnedActor").field(&self.0).finish()
    }
}
