//! The static of an instrumented function: what its attribute says, as data.

use std::{panic::Location, sync::OnceLock};

use tracing::Level;

use super::{known::Known, wanted::Wanted};
use crate::pattern;

/// An instrumented function.
#[derive(Debug)]
pub struct InstrumentSite {
    pub(super) wanted: Wanted,
    known: OnceLock<&'static Known>,
    pub(super) written: Written,
}

/// What an attribute says.
#[derive(Debug)]
pub struct Written {
    /// The name of the function.
    pub function: &'static str,
    /// The path of its module.
    pub module: &'static str,
    /// The first segments of its events' names, where they are not its path.
    pub event: Option<&'static str>,
    /// The span's name, where it is not the function's.
    pub name: Option<&'static str>,
    /// The span's target, where it is not the module.
    pub target: Option<&'static str>,
    /// The span's level.
    pub level: Level,
    /// The span's fields: first the arguments, then those that were written.
    pub fields: &'static [&'static str],
    /// How many of the fields are arguments.
    pub arguments: usize,
    /// The level of the record of an `Err`, where one is wanted.
    pub err: Option<Level>,
    /// The level of the record of a returned value, where one is wanted.
    pub ret: Option<Level>,
    /// Where the attribute stands.
    pub place: &'static Location<'static>,
}

impl Written {
    /// An attribute that says nothing.
    #[track_caller]
    pub const fn of(function: &'static str, module: &'static str) -> Self {
        Written {
            function,
            module,
            event: None,
            name: None,
            target: None,
            level: Level::INFO,
            fields: &[],
            arguments: 0,
            err: None,
            ret: None,
            place: Location::caller(),
        }
    }

    /// Whether there are fields that no argument is.
    #[inline]
    pub(super) fn has_own_fields(&self) -> bool {
        self.fields.len() > self.arguments
    }

    pub(super) fn name(&self) -> &'static str {
        self.name.unwrap_or(self.function)
    }

    pub(super) fn target(&self) -> &'static str {
        self.target.unwrap_or(self.module)
    }
}

/// The first segments of event names.
///
/// # Panics
///
/// If no event can have such a name; in a `static`, at compile time.
#[track_caller]
pub const fn event_prefix(name: &'static str) -> Option<&'static str> {
    if let Err(error) = pattern::check_name(name) {
        panic!("{}", error.message());
    }
    Some(name)
}

impl InstrumentSite {
    /// The site of a function.
    pub const fn new(written: Written) -> Self {
        InstrumentSite {
            wanted: Wanted::new(),
            known: OnceLock::new(),
            written,
        }
    }

    /// What a running process keeps of the function, made when it is first called.
    pub(super) fn known(&'static self) -> &'static Known {
        self.known.get_or_init(|| Known::leak(self))
    }
}
