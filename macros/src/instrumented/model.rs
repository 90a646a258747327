//! What is generated: valid by construction.

use proc_macro2::{Group, Ident};
use syn::{Attribute, Expr, LitStr, Path};

use crate::body::Returns;

/// A function to instrument.
pub(super) struct Model {
    pub(super) krate: Option<Path>,
    /// The prefix of its events, where it is not the function's path.
    pub(super) event: Option<LitStr>,
    pub(super) span: Span,
    /// What a call returned, told as an event of tracing.
    pub(super) err: Option<Record>,
    pub(super) ret: Option<Record>,
    pub(super) returns: Returns,
    pub(super) form: Form,
    /// A call that is defended as well.
    pub(super) defend: Option<Defend>,
}

/// What the body becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// It stays where it was written, behind a guard: nobody looks at its value.
    Flat,
    /// A closure, whose value says how the call ended.
    Closure,
    /// A future.
    Future,
}

/// `defend`, with its `fallback`.
pub(super) struct Defend {
    pub(super) fallback: Option<Expr>,
}

/// The span of tracing that is open during a call.
pub(super) struct Span {
    /// A literal or a constant; the function's name when there is none.
    pub(super) name: Option<Expr>,
    /// A literal or a constant; the module when there is none.
    pub(super) target: Option<Expr>,
    pub(super) level: Level,
    /// The arguments that are recorded.
    pub(super) arguments: Vec<Argument>,
    pub(super) fields: Vec<Field>,
    pub(super) parent: Option<Expr>,
    pub(super) follows_from: Option<Expr>,
}

/// A name that the parameters bind.
pub(super) struct Argument {
    pub(super) name: Ident,
    /// The `cfg`s under which it is there.
    pub(super) cfgs: Vec<Attribute>,
    pub(super) is_sensitive: bool,
    /// Whether it is bound inside of a pattern; then it is always shown by its `Debug`.
    pub(super) is_in_pattern: bool,
    /// Whether it is copied to be looked at, so that the body's own need not be in memory.
    pub(super) is_copied: bool,
}

/// A field that was written.
pub(super) struct Field {
    pub(super) key: Key,
    /// Nothing where the value is recorded later.
    pub(super) value: Option<Value>,
    pub(super) is_sensitive: bool,
}

pub(super) enum Key {
    /// `name`, `dotted.name` or `"literal"`.
    Text(LitStr),
    /// `{ CONSTANT }`.
    Constant(Group),
}

pub(super) struct Value {
    pub(super) format: Format,
    pub(super) expression: Expr,
}

/// How a value is recorded.
#[derive(Clone, Copy)]
pub(super) enum Format {
    AsIs,
    Display,
    Debug,
}

/// `err` or `ret`.
pub(super) struct Record {
    /// The option, where a value of the wrong type is told.
    pub(super) key: Ident,
    pub(super) format: Format,
    pub(super) level: Level,
}

#[derive(Clone)]
pub(super) enum Level {
    /// A constant of `tracing::Level`.
    Named(&'static str),
    Path(Path),
}
