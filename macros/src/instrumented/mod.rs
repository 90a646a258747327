//! `#[instrumented(..)]`.

mod args;
mod codegen;
mod fields;
mod model;
mod validate;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use crate::body;
use crate::errors::Errors;
use crate::signature::{Body, Function};
use crate::tokens::{contains_word, mentions_variable};

pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let written = options.clone();
    let args = args::Args::parse(options, &mut errors);
    let Some(mut function) = errors.take(Function::parse(item, "`#[instrumented]`")) else {
        let errors = errors.to_compile_errors();
        return quote!(#errors #item);
    };
    hide_underscored(&mut function, &written);
    let model = validate::model(args, &mut function, &mut errors);
    if errors.is_empty() {
        return codegen::expand(&model, &function);
    }
    let errors = errors.to_compile_errors();
    if function.sig.constness.is_some() {
        // Without the attribute it may be right as it is: nothing else is said of it.
        function.empty();
    }
    quote!(#errors #function)
}

/// Arguments that are recorded are not used by the user for that.
fn hide_underscored(function: &mut Function, options: &TokenStream) {
    let Body::Block(block) = &function.body else {
        return;
    };
    body::hide_underscored(&mut function.sig, |name| {
        let name = name.to_string();
        contains_word(options.clone(), &name) || mentions_variable(block.statements.clone(), &name)
    });
}
