//! The output: one function for each emitted part. Nothing here can fail.
//!
//! Generated code is thin: one `static` site, and one call into `gambeson::private`.

mod plain;
mod registered;
mod site;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Path, spanned::Spanned as _};

use super::Expansion;
use super::model::{Form, Model};
use crate::private;
use crate::signature::{Body, Function};
use crate::span::ours_at;

pub(super) fn expand(model: &Model, function: &Function) -> Expansion {
    let tokens = match (&model.form, &function.body) {
        (Form::Registered(registered), _) => {
            return registered::expand(model, registered, function);
        }
        (Form::Plain(plain), Body::Block(block)) => plain::expand(model, plain, function, block),
        (Form::Plain(_), Body::Semicolon(_)) => function.to_token_stream(),
    };
    Expansion { tokens, site: None }
}

/// The function alone, for when there were errors, so that they bring no others about it.
pub(super) fn undefended(
    function: &Function,
    krate: Option<&Path>,
    registered: bool,
) -> TokenStream {
    let placeholder = registered.then(|| registered::placeholder(function, krate));
    quote!(#function #placeholder)
}

/// Whether `__value`, which is a reference to what the function returned, says that it failed.
fn failed(model: &Model, private: &TokenStream) -> TokenStream {
    if let Some(path) = &model.classify {
        return quote_spanned!(ours_at(path.span())=> #private::failed_with(__value, #path));
    }
    private::failed(private)
}
