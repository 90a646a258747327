//! The errors of ractor.

#![allow(
    clippy::enum_glob_use,
    reason = "the reasons are a table's right column"
)]

use std::error::Error;

use ractor::{
    ActorErr, MessagingErr, RactorErr, SpawnErr, concurrency::Timeout, message::BoxedDowncastErr,
};

use super::Classify;
use crate::reason::SkipReason::{self, *};

/// The reason of an error whose type is known here. The others have the type of a message in
/// theirs, and are known by their text.
pub(super) fn reason_of(error: &(dyn Error + 'static)) -> Option<SkipReason> {
    if let Some(spawn) = error.downcast_ref::<SpawnErr>() {
        return spawn.classify();
    }
    if error.is::<ActorErr>() {
        return Some(PeerDead);
    }
    if error.is::<Timeout>() {
        return Some(TimedOut);
    }
    error.is::<BoxedDowncastErr>().then_some(ContractViolation)
}

/// Of an actor that did not start, what it said itself; else it is a dead peer.
impl Classify for SpawnErr {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            SpawnErr::StartupFailed(error) => super::known_error(&**error).unwrap_or(PeerDead),
            SpawnErr::ActorAlreadyRegistered(_) => Unavailable,
            SpawnErr::ActorAlreadyStarted => ContractViolation,
        })
    }
}

/// Whatever an actor died of, for others it is a dead peer.
impl Classify for ActorErr {
    fn classify(&self) -> Option<SkipReason> {
        Some(PeerDead)
    }
}

impl<T> Classify for MessagingErr<T> {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            MessagingErr::SendErr(_) | MessagingErr::ChannelClosed => PeerDead,
            MessagingErr::InvalidActorType => ContractViolation,
        })
    }
}

impl<T> Classify for RactorErr<T> {
    fn classify(&self) -> Option<SkipReason> {
        match self {
            RactorErr::Spawn(error) => error.classify(),
            RactorErr::Messaging(error) => error.classify(),
            RactorErr::Actor(error) => error.classify(),
            RactorErr::Timeout => Some(TimedOut),
        }
    }
}

impl Classify for Timeout {
    fn classify(&self) -> Option<SkipReason> {
        Some(TimedOut)
    }
}
