//! `#[derive(Classify)]`.

mod args;
mod codegen;
mod model;
mod validate;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error};

use crate::errors::Errors;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return Error::into_compile_error(error),
    };
    let mut errors = Errors::default();
    let model = validate::model(&input, &mut errors);
    let errors = errors.to_compile_errors();
    let implementation = model.as_ref().map(codegen::expand);
    quote!(#errors #implementation)
}
