//! `#[defensive_handlers]`.

mod args;
mod codegen;
mod model;
mod validate;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use self::model::Module;
use crate::errors::Errors;

pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = args::Args::parse(options, &mut errors);
    let Some(mut module) = errors.take(Module::parse(item)) else {
        let errors = errors.to_compile_errors();
        return quote!(#errors #item);
    };
    match validate::model(args, &mut module, &mut errors) {
        Some(model) if errors.is_empty() => codegen::expand(&model, &module),
        _ => {
            // Its handlers still have their attributes, and are told about on their own.
            let errors = errors.to_compile_errors();
            quote!(#errors #module)
        }
    }
}
