//! The values of one call, each captured once, and what else its span is made of.

use std::fmt;

use tracing::span::Id;

use super::capture::Captured;
use crate::{
    emit::text_of,
    event::{REDACTED, Value},
};

/// The values of a call, in the order of its function's fields.
#[derive(Debug, Default)]
pub struct Values {
    captured: Vec<Captured>,
    extent: Extent,
    has_span: bool,
    parent: Parent,
    causes: Vec<Id>,
}

/// How much of a call's values somebody wants; each more than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub(super) enum Extent {
    #[default]
    Nothing,
    /// Those that must not be quoted.
    Secrets,
    /// Those that the attribute writes, too.
    Fields,
    All,
}

/// Where a call's span is.
#[derive(Debug, Default)]
pub(super) enum Parent {
    /// In the span that the thread is in.
    #[default]
    Current,
    /// In this one, or in none.
    Stated(Option<Id>),
}

/// A value that a span records as it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be recorded as it is",
    note = "write `%` before the value for its Display, or `?` for its Debug"
)]
pub trait Recorded: tracing::Value {}

#[diagnostic::do_not_recommend]
impl<T: tracing::Value + ?Sized> Recorded for T {}

/// What tells a span, if there is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no span",
    label = "neither a span nor the id of one",
    note = "`parent` takes a span, the id of one, or `None`: write `parent = &span`"
)]
pub trait Relative: Into<Option<Id>> {}

#[diagnostic::do_not_recommend]
impl<T: Into<Option<Id>>> Relative for T {}

/// What tells any number of spans.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of spans",
    label = "no list of spans, nor of the ids of spans",
    note = "`follows_from` takes spans, or the ids of spans: write `follows_from = [&span]`"
)]
pub trait Relatives: IntoIterator<Item: Into<Option<Id>>> {}

#[diagnostic::do_not_recommend]
impl<T: IntoIterator<Item: Into<Option<Id>>>> Relatives for T {}

impl Values {
    /// Says which values are wanted, and whether for a span.
    #[inline]
    pub(super) fn expect(&mut self, extent: Extent, has_span: bool) {
        self.extent = extent;
        self.has_span = has_span;
    }

    #[inline]
    pub(super) fn are_expected(&self) -> bool {
        self.extent > Extent::Nothing
    }

    /// Forgets the values, and keeps their place for another call's.
    #[inline]
    pub(super) fn forget(&mut self) {
        if self.are_expected() {
            self.captured.clear();
            self.causes.clear();
            self.parent = Parent::Current;
        }
    }

    #[cfg(test)]
    pub(super) fn wanting(extent: Extent) -> Self {
        Values {
            extent,
            ..Values::default()
        }
    }

    pub(super) fn captured(&self) -> &[Captured] {
        &self.captured
    }

    /// An argument, asked for only where arguments are wanted.
    pub(super) fn argument(&mut self, capture: impl FnOnce() -> Captured) {
        let captured = if self.extent == Extent::All {
            capture()
        } else {
            Captured::Nothing
        };
        self.captured.push(captured);
    }

    /// An argument that is shown nowhere, kept so that a failure that quotes it is told without it.
    pub(super) fn secret(&mut self, capture: impl FnOnce(bool) -> Captured) {
        let captured = capture(self.extent == Extent::All);
        self.captured.push(captured);
    }

    /// The values that there are, with the names of their fields.
    pub(super) fn pairs<'a>(&'a self, fields: &[&'a str]) -> Vec<(&'a str, Value<'a>)> {
        let named = fields.iter().copied().zip(&self.captured);
        named
            .filter(|(_, value)| !value.is_nothing())
            .map(|(key, value)| (key, value.lend()))
            .collect()
    }

    /// A field without a value: it gets one later, or the argument is not there.
    pub fn absent(&mut self) {
        self.captured.push(Captured::Nothing);
    }

    /// A field that must not be shown, and is not asked for.
    pub fn sensitive(&mut self) {
        self.captured.push(Captured::shown(REDACTED.to_owned()));
    }

    /// A field of a value as it is.
    pub fn value(&mut self, value: &(impl Recorded + ?Sized)) {
        self.captured.push(Captured::as_it_is(value));
    }

    /// A field of a value's `Display`.
    pub fn display(&mut self, value: &(impl fmt::Display + ?Sized)) {
        let text = text_of(format_args!("{value}"));
        self.captured.push(Captured::shown(text));
    }

    /// A field of a value's `Debug`.
    pub fn debug(&mut self, value: &(impl fmt::Debug + ?Sized)) {
        let text = text_of(format_args!("{value:?}"));
        self.captured.push(Captured::shown(text));
    }

    /// Whether the fields that the attribute writes are wanted.
    #[inline]
    pub fn wants_fields(&self) -> bool {
        self.extent >= Extent::Fields
    }

    /// Whether there will be a span.
    #[inline]
    pub fn has_span(&self) -> bool {
        self.has_span
    }

    /// The span that the call's is to be in, if not the current one.
    pub fn parent(&mut self, parent: impl Relative) {
        self.parent = Parent::Stated(parent.into());
    }

    /// The spans that the call's follows from.
    pub fn follows_from(&mut self, causes: impl Relatives) {
        self.causes = causes.into_iter().filter_map(Into::into).collect();
    }

    pub(super) fn take_parent(&mut self) -> Parent {
        std::mem::take(&mut self.parent)
    }

    pub(super) fn causes(&self) -> &[Id] {
        &self.causes
    }
}
