//! What is generated: valid by construction.

use proc_macro2::Ident;
use syn::{Generics, Member, Path};

/// A type that classifies itself.
pub(super) struct Model<'a> {
    pub(super) krate: Option<Path>,
    pub(super) name: &'a Ident,
    pub(super) generics: &'a Generics,
    pub(super) arms: Vec<Arm<'a>>,
}

/// A variant, or the whole of a struct, and what classifies it.
pub(super) struct Arm<'a> {
    /// `None` for a struct.
    pub(super) variant: Option<&'a Ident>,
    pub(super) reason: Reason,
}

pub(super) enum Reason {
    /// Stated by `#[skip(..)]`: a variant of `SkipReason`.
    Stated(Ident),
    /// Asked of the field that holds the cause.
    Asked(Member),
    /// Nobody knows.
    Unknown,
}

/// Every code of a skip reason, and the variant of `SkipReason` that it stands for.
pub(super) const CODES: &[(&str, &str)] = &[
    ("unavailable", "Unavailable"),
    ("state_unavailable", "StateUnavailable"),
    ("state_corrupted", "StateCorrupted"),
    ("resource_exhausted", "ResourceExhausted"),
    ("not_implemented", "NotImplemented"),
    ("contract_violation", "ContractViolation"),
    ("peer_dead", "PeerDead"),
    ("shutting_down", "ShuttingDown"),
    ("timed_out", "TimedOut"),
    ("cancelled", "Cancelled"),
    ("overloaded", "Overloaded"),
    ("reentrant", "Reentrant"),
    ("in_panic_hook", "InPanicHook"),
    ("quarantined", "Quarantined"),
    ("disabled", "Disabled"),
    ("unexpected", "Unexpected"),
];
