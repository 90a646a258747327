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

use crate::errors::Errors;
use crate::signature::Function;

pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = args::Args::parse(options, &mut errors);
    let Some(mut function) = errors.take(Function::parse(item, "`#[instrumented]`")) else {
        let errors = errors.to_compile_errors();
        return quote!(#errors #item);
    };
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
