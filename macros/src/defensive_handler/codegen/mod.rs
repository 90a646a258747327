//! The output: one function for each emitted part. Nothing here can fail.
//!
//! Generated code is thin: one `static` site, and one call into `gambeson::private`.

mod plain;
mod rebind;
mod registered;
mod site;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote_spanned};
use syn::{Path, spanned::Spanned as _};

use super::model::{Form, Model};
use crate::signature::{Body, Function};
use crate::span::ours_at;

pub(super) fn expand(model: &Model, function: &Function) -> TokenStream {
    match (&model.form, &function.body) {
        (Form::Registered(registered), _) => registered::expand(model, registered, function),
        (Form::Plain(plain), Body::Block(block)) => plain::expand(model, plain, function, block),
        (Form::Plain(_), Body::Semicolon(_)) => function.to_token_stream(),
    }
}

/// `::gambeson::private`, or that of the crate that was named.
fn private(krate: Option<&Path>) -> TokenStream {
    match krate {
        Some(krate) => quote_spanned!(Span::mixed_site()=> #krate::private),
        None => quote_spanned!(Span::mixed_site()=> ::gambeson::private),
    }
}

/// Takes a lease on `resource`; an error about its type points at the path.
fn lease(private: &TokenStream, resource: &Path) -> TokenStream {
    quote_spanned!(ours_at(resource.span())=> #private::lease(&#resource)?)
}

/// The verdict on `value`, which is a reference to what the function returned.
fn verdict(model: &Model, private: &TokenStream) -> TokenStream {
    match &model.classify {
        Some(path) => {
            quote_spanned!(ours_at(path.span())=> #private::verdict_with(value, call, #path))
        }
        None => quote_spanned!(Span::mixed_site()=> {
            use #private::probe::*;
            (&&&&&&#private::Probe(value)).verdict(call)
        }),
    }
}
