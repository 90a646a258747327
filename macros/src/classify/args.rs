//! What was written in the `#[skip(..)]` attributes of one place.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Path, Token};

use crate::errors::Errors;

/// The elements of every `#[skip(..)]` of an item, a variant or a field.
#[derive(Default)]
pub(super) struct Skip {
    /// Words that should be codes of reasons.
    pub(super) reasons: Vec<syn::Ident>,
    /// `crate = path`, with the span of `crate`.
    pub(super) krates: Vec<(Span, Path)>,
}

impl Skip {
    pub(super) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut skip = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("skip")) {
            let written = attr
                .meta
                .require_list()
                .is_ok_and(|list| !list.tokens.is_empty());
            if !written {
                let message = "`#[skip]` takes the code of a reason: \
                               write `#[skip(state_unavailable)]`";
                errors.at(attr, message);
                continue;
            }
            errors.take(attr.parse_args_with(|input: ParseStream<'_>| skip.read(input)));
        }
        skip
    }

    fn read(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            if input.peek(Token![crate]) {
                let keyword: Token![crate] = input.parse()?;
                input.parse::<Token![=]>().map_err(|_| {
                    let message = "`crate` has no value: write `crate = ::gambeson`";
                    Error::new(keyword.span, message)
                })?;
                self.krates
                    .push((keyword.span, input.call(Path::parse_mod_style)?));
            } else {
                let reason: syn::Ident = input.parse().map_err(|error| {
                    let message = "expected the code of a reason, such as `state_unavailable`";
                    Error::new(error.span(), message)
                })?;
                self.reasons.push(reason);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    /// Where the attributes of this place are, for an error about them.
    pub(super) fn attrs(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
        attrs.iter().filter(|attr| attr.path().is_ident("skip"))
    }
}
