//! The sink of an expansion's errors: one compilation shows them all.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Error;

#[derive(Default)]
pub(crate) struct Errors {
    collected: Vec<Error>,
}

impl Errors {
    /// Records an error that underlines `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, error: Error) {
        self.collected.push(error);
    }

    pub(crate) fn append(&mut self, other: Errors) {
        self.collected.extend(other.collected);
    }

    /// Keeps the error of a failed result, and gives the value of a good one.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.collected.is_empty()
    }

    pub(crate) fn to_compile_errors(&self) -> TokenStream {
        self.collected.iter().map(Error::to_compile_error).collect()
    }
}
