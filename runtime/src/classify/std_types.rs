//! The errors of the standard library.

#![allow(
    clippy::enum_glob_use,
    reason = "the reasons are a table's right column"
)]

use std::{
    any::Any,
    cell::{BorrowError, BorrowMutError},
    collections::TryReserveError,
    error::Error,
    io,
    sync::{
        PoisonError, TryLockError,
        mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError},
    },
    thread::AccessError,
};

use super::Classify;
use crate::{
    event::FieldError,
    outcome::Skip,
    reason::SkipReason::{self, *},
    resource::Unavailable,
};

/// The reason of an error whose type is known here.
pub(super) fn reason_of(error: &(dyn Error + 'static)) -> Option<SkipReason> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return io_reason(error);
    }
    if let Some(skip) = error.downcast_ref::<Skip>() {
        return Some(skip.reason());
    }
    if let Some(unavailable) = error.downcast_ref::<Unavailable>() {
        return Some(unavailable.reason());
    }
    if let Some(timeout) = error.downcast_ref::<RecvTimeoutError>() {
        return timeout.classify();
    }
    if let Some(receive) = error.downcast_ref::<TryRecvError>() {
        return receive.classify();
    }
    if error.is::<AccessError>() {
        return Some(StateUnavailable);
    }
    if error.is::<BorrowError>() || error.is::<BorrowMutError>() {
        return Some(StateCorrupted);
    }
    if error.is::<TryReserveError>() {
        return Some(ResourceExhausted);
    }
    if error.is::<RecvError>() {
        return Some(PeerDead);
    }
    is_contract(error).then_some(ContractViolation)
}

/// Whether the error says that a value was not what its user promised.
fn is_contract(error: &(dyn Error + 'static)) -> bool {
    error.is::<FieldError>()
        || error.is::<std::num::ParseIntError>()
        || error.is::<std::num::ParseFloatError>()
        || error.is::<std::num::TryFromIntError>()
        || error.is::<std::str::ParseBoolError>()
        || error.is::<std::char::ParseCharError>()
        || error.is::<std::char::CharTryFromError>()
        || error.is::<std::str::Utf8Error>()
        || error.is::<std::string::FromUtf8Error>()
        || error.is::<std::string::FromUtf16Error>()
        || error.is::<std::net::AddrParseError>()
        || error.is::<std::array::TryFromSliceError>()
        || error.is::<std::ffi::NulError>()
}

/// The reason of an error thrown as a payload of its own type.
pub(super) fn thrown(payload: &(dyn Any + Send)) -> Option<SkipReason> {
    if payload.is::<AccessError>() {
        return Some(StateUnavailable);
    }
    if payload.is::<TryReserveError>() {
        return Some(ResourceExhausted);
    }
    if payload.is::<RecvError>() {
        return Some(PeerDead);
    }
    payload
        .downcast_ref::<FieldError>()
        .map(|_| ContractViolation)
}

fn io_reason(error: &io::Error) -> Option<SkipReason> {
    use io::ErrorKind as Kind;
    if let Some(inner) = error.get_ref()
        && let Some(reason) = super::known_error(inner)
    {
        return Some(reason);
    }
    match error.kind() {
        Kind::NotFound | Kind::NotADirectory | Kind::StaleNetworkFileHandle => {
            Some(StateUnavailable)
        }
        Kind::OutOfMemory | Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => {
            Some(ResourceExhausted)
        }
        Kind::Unsupported => Some(NotImplemented),
        Kind::BrokenPipe
        | Kind::ConnectionRefused
        | Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::NotConnected
        | Kind::UnexpectedEof => Some(PeerDead),
        Kind::TimedOut => Some(TimedOut),
        Kind::WouldBlock | Kind::ResourceBusy => Some(Overloaded),
        Kind::InvalidData | Kind::InvalidInput => Some(ContractViolation),
        _ => error.raw_os_error().and_then(os_reason),
    }
}

/// Errors of the system that have no stable kind: too many open files, by process and in all.
fn os_reason(code: i32) -> Option<SkipReason> {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    (cfg!(unix) && matches!(code, ENFILE | EMFILE)).then_some(ResourceExhausted)
}

macro_rules! classify_as {
    ($([$($generic:ident)?] $type:ty => $reason:expr;)*) => {$(
        impl$(<$generic>)? Classify for $type {
            fn classify(&self) -> Option<SkipReason> {
                Some($reason)
            }
        }
    )*};
}

classify_as! {
    [T] PoisonError<T> => StateCorrupted;
    [T] SendError<T> => PeerDead;
    [] AccessError => StateUnavailable;
    [] BorrowError => StateCorrupted;
    [] BorrowMutError => StateCorrupted;
    [] TryReserveError => ResourceExhausted;
    [] RecvError => PeerDead;
    [] FieldError => ContractViolation;
}

impl<T> Classify for TryLockError<T> {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            TryLockError::Poisoned(_) => StateCorrupted,
            TryLockError::WouldBlock => Overloaded,
        })
    }
}

impl<T> Classify for TrySendError<T> {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            TrySendError::Full(_) => Overloaded,
            TrySendError::Disconnected(_) => PeerDead,
        })
    }
}

impl Classify for RecvTimeoutError {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            RecvTimeoutError::Timeout => TimedOut,
            RecvTimeoutError::Disconnected => PeerDead,
        })
    }
}

impl Classify for TryRecvError {
    fn classify(&self) -> Option<SkipReason> {
        Some(match self {
            TryRecvError::Empty => Unavailable,
            TryRecvError::Disconnected => PeerDead,
        })
    }
}

impl Classify for io::Error {
    fn classify(&self) -> Option<SkipReason> {
        io_reason(self)
    }
}

impl Classify for Skip {
    fn classify(&self) -> Option<SkipReason> {
        Some(self.reason())
    }
}

impl Classify for Unavailable {
    fn classify(&self) -> Option<SkipReason> {
        Some(self.reason())
    }
}
