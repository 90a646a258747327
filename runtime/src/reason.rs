//! Why a call of a handler was skipped: a closed list of reasons, each of one class.

use std::fmt;

use serde::Serialize;

/// What a reason says about whose turn it is to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SkipClass {
    /// Something the handler needs is gone or stopping; expected around shutdown.
    Environment,
    /// A limit or a deadline was hit.
    Overload,
    /// Configuration, quarantine or a limit of ours said no.
    Policy,
    /// A fault in the handler or its store. Never silent.
    Bug,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $class:ident;)*) => {
        /// Why a call was skipped.
        ///
        /// The codes are stable: they are what reports, metrics and `#[skip(..)]` use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum SkipReason {
            $($(#[$doc])* $variant,)*
        }

        impl SkipReason {
            /// Every reason, in the order of the documentation's table.
            pub const ALL: &'static [SkipReason] = &[$(SkipReason::$variant),*];

            /// The stable code, in snake case.
            pub const fn code(self) -> &'static str {
                match self {
                    $(SkipReason::$variant => $code,)*
                }
            }

            /// The class that decides how loudly the skip is told.
            pub const fn class(self) -> SkipClass {
                match self {
                    $(SkipReason::$variant => SkipClass::$class,)*
                }
            }
        }
    };
}

reasons! {
    /// A needed resource is not ready, or `available = ..` said no.
    Unavailable = "unavailable", Environment;
    /// A thread-local, table, file or cell is gone or not yet set.
    StateUnavailable = "state_unavailable", Environment;
    /// A lock is poisoned, a cell is borrowed, a store reports corruption.
    StateCorrupted = "state_corrupted", Bug;
    /// Memory, file descriptors, disk or threads have run out.
    ResourceExhausted = "resource_exhausted", Overload;
    /// `todo!`, `unimplemented!`, or an operation the platform lacks.
    NotImplemented = "not_implemented", Bug;
    /// An assertion, index, `unwrap`, arithmetic, parse or missing field.
    ContractViolation = "contract_violation", Bug;
    /// The other end of a channel, connection or task is gone.
    PeerDead = "peer_dead", Environment;
    /// The telemetry, a resource or the async runtime is draining or stopped.
    ShuttingDown = "shutting_down", Environment;
    /// A deadline passed.
    TimedOut = "timed_out", Overload;
    /// The handler's future was dropped before it finished.
    Cancelled = "cancelled", Environment;
    /// A bounded queue is full, or a rate limit was hit.
    Overloaded = "overloaded", Overload;
    /// The handler would run inside itself.
    Reentrant = "reentrant", Policy;
    /// The event came from inside a panic hook, where nothing can be caught.
    InPanicHook = "in_panic_hook", Policy;
    /// The handler's circuit breaker is open.
    Quarantined = "quarantined", Policy;
    /// Config, a pause or a sample rate says no.
    Disabled = "disabled", Policy;
    /// Everything that nothing above explains.
    Unexpected = "unexpected", Bug;
}

impl SkipReason {
    /// How many reasons there are.
    pub(crate) const COUNT: usize = Self::ALL.len();

    /// The reason with this code, if there is one.
    ///
    /// ```
    /// use gambeson::SkipReason;
    /// assert_eq!(SkipReason::from_code("peer_dead"), Some(SkipReason::PeerDead));
    /// assert_eq!(SkipReason::from_code("peer dead"), None);
    /// ```
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == code)
    }

    /// This reason's place in [`SkipReason::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for SkipReason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl fmt::Display for SkipClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SkipClass::Environment => "environment",
            SkipClass::Overload => "overload",
            SkipClass::Policy => "policy",
            SkipClass::Bug => "bug",
        })
    }
}
