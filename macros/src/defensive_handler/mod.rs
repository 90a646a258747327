//! `#[defensive_handler(..)]`.

mod args;
mod codegen;
mod model;
mod parameters;
mod validate;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use self::model::Submission;
use crate::errors::Errors;
use crate::signature::Function;

/// An expanded function.
pub(crate) struct Expansion {
    pub(crate) tokens: TokenStream,
    /// The site as an element of an array, where it is left to the module to submit it.
    pub(crate) site: Option<TokenStream>,
}

pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = args::Args::parse(options, &mut errors);
    let Some(function) = errors.take(Function::parse(item, "`#[defensive_handler]`")) else {
        let errors = errors.to_compile_errors();
        return quote!(#errors #item);
    };
    defend(args, function, Submission::Own, errors).tokens
}

/// As [`expand`], for a function in a module with `#[defensive_handlers]`.
pub(crate) fn expand_in_module(
    options: TokenStream,
    function: Function,
    krate: Option<&Path>,
) -> Expansion {
    let mut errors = Errors::default();
    let mut args = args::Args::parse(options, &mut errors);
    if args.krate.key.is_none() {
        args.krate.value = krate.cloned();
    }
    defend(args, function, Submission::Module, errors)
}

fn defend(
    args: args::Args,
    mut function: Function,
    submission: Submission,
    mut errors: Errors,
) -> Expansion {
    let registered = args.on.key.is_some();
    let krate = args.krate.value.clone();
    match validate::model(args, &mut function, submission, &mut errors) {
        Some(model) if errors.is_empty() => codegen::expand(&model, &function),
        _ => {
            let errors = errors.to_compile_errors();
            let function = codegen::undefended(&function, krate.as_ref(), registered);
            Expansion {
                tokens: quote!(#errors #function),
                site: None,
            }
        }
    }
}
