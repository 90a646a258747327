//! The errors of tokio.

#![allow(
    clippy::enum_glob_use,
    reason = "the reasons are a table's right column"
)]

use std::error::Error;

use tokio::{
    runtime::TryCurrentError,
    sync::{
        AcquireError, TryAcquireError,
        broadcast::error::{
            RecvError as BroadcastRecvError, TryRecvError as BroadcastTryRecvError,
        },
        mpsc::error::{SendError, TryRecvError, TrySendError},
        oneshot::error::{RecvError, TryRecvError as OneshotTryRecvError},
        watch::error::RecvError as WatchRecvError,
    },
    task::JoinError,
    time::error::Elapsed,
};

use super::Classify;
use crate::reason::SkipReason::{self, *};

/// The reason of an error whose type is known here.
pub(super) fn reason_of(error: &(dyn Error + 'static)) -> Option<SkipReason> {
    if let Some(join) = error.downcast_ref::<JoinError>() {
        return join.classify();
    }
    if let Some(acquire) = error.downcast_ref::<TryAcquireError>() {
        return acquire.classify();
    }
    if let Some(receive) = error.downcast_ref::<BroadcastRecvError>() {
        return receive.classify();
    }
    if error.is::<Elapsed>() {
        return Some(TimedOut);
    }
    if error.is::<TryCurrentError>() {
        return Some(ShuttingDown);
    }
    let closed = error.is::<RecvError>()
        || error.is::<WatchRecvError>()
        || error.is::<AcquireError>()
        || matches!(error.downcast_ref(), Some(TryRecvError::Disconnected))
        || matches!(error.downcast_ref(), Some(OneshotTryRecvError::Closed))
        || matches!(error.downcast_ref(), Some(BroadcastTryRecvError::Closed));
    closed.then_some(PeerDead)
}

impl Classify for JoinError {
    fn classify(&self) -> Option<SkipReason> {
        Some(if self.is_cancelled() {
            ShuttingDown
        } else {
            PeerDead
        })
    }
}

impl Classify for TryAcquireError {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            TryAcquireError::Closed => PeerDead,
            TryAcquireError::NoPermits => Overloaded,
        })
    }
}

impl Classify for BroadcastRecvError {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            BroadcastRecvError::Closed => PeerDead,
            BroadcastRecvError::Lagged(_) => Overloaded,
        })
    }
}

impl Classify for Elapsed {
    fn classify(&self) -> Option<SkipReason> {
        Some(TimedOut)
    }
}

impl<T> Classify for SendError<T> {
    fn classify(&self) -> Option<SkipReason> {
        Some(PeerDead)
    }
}

impl<T> Classify for TrySendError<T> {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            TrySendError::Full(_) => Overloaded,
            TrySendError::Closed(_) => PeerDead,
        })
    }
}
