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

use crate::errors::Errors;
use crate::signature::Function;

pub(crate) fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = args::Args::parse(options, &mut errors);
    let Some(mut function) = errors.take(Function::parse(item, "`#[defensive_handler]`")) else {
        let errors = errors.to_compile_errors();
        return quote!(#errors #item);
    };
    let registered = args.on.key.is_some();
    let krate = args.krate.value.clone();
    match validate::model(args, &mut function, &mut errors) {
        Some(model) if errors.is_empty() => codegen::expand(&model, &function),
        _ => {
            let errors = errors.to_compile_errors();
            let function = codegen::undefended(&function, krate.as_ref(), registered);
            quote!(#errors #function)
        }
    }
}
