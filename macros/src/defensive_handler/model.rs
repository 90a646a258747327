//! What is generated: valid by construction.

use syn::{Expr, LitInt, LitStr, Path, Type};

use crate::body::Returns;

/// A function to defend.
pub(super) struct Model {
    pub(super) krate: Option<Path>,
    pub(super) site: Site,
    /// A function that classifies the error, in place of the error's type.
    pub(super) classify: Option<Path>,
    pub(super) form: Form,
}

/// What is declared in the `static` site.
pub(super) struct Site {
    pub(super) name: Option<LitStr>,
    pub(super) patterns: Vec<LitStr>,
    /// Every resource, in the order written.
    pub(super) needs: Vec<Path>,
    pub(super) after: Vec<Reference>,
    pub(super) before: Vec<Reference>,
    pub(super) available: Option<Expr>,
    pub(super) quarantine: Option<Quarantine>,
    pub(super) budget: Option<LitStr>,
    /// How many events may wait.
    pub(super) queue: Option<LitInt>,
}

/// Another handler, as `before` and `after` name it.
pub(super) enum Reference {
    Name(LitStr),
    Function(Path),
}

pub(super) enum Quarantine {
    Off,
    Limits {
        failures: Option<LitInt>,
        within: Option<LitStr>,
        cooldown: Option<LitStr>,
    },
}

pub(super) enum Form {
    /// The function stays, and its defended wrapper is attached to events.
    Registered(Registered),
    /// Every call of the function is defended in place.
    Plain(Plain),
}

pub(super) struct Registered {
    pub(super) submission: Submission,
    /// The type of the first parameter, where a wrong event type is told.
    pub(super) event: Type,
    pub(super) leased: Vec<Leased>,
    /// The resources whose availability is needed, without their value.
    pub(super) held: Vec<Path>,
    /// The written return type, where a wrong one is told; none for `()`.
    pub(super) returns: Option<Type>,
}

/// Who submits the site to what is collected.
#[derive(Clone, Copy)]
pub(super) enum Submission {
    /// The site itself.
    Own,
    /// The module, with those of its other handlers.
    Module,
}

/// A parameter that is filled from a resource.
pub(super) struct Leased {
    pub(super) resource: Path,
    pub(super) ty: Type,
}

pub(super) struct Plain {
    pub(super) returns: Returns,
    pub(super) fallback: Fallback,
}

pub(super) enum Fallback {
    /// What the return type yields for a skip.
    ByType,
    /// Called with the skip.
    Closure(Expr),
    /// Evaluated when there is a skip.
    Value(Expr),
}
