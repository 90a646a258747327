//! The output: one function for each emitted part. Nothing here can fail.
//!
//! Generated code is thin: a `static` site, a span, and one call into `gambeson::private`.

mod open;
mod told;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};

use super::model::{Level, Model};
use crate::body::{self, Returns};
use crate::private;
use crate::signature::{Block, Body, Function};

pub(super) fn expand(model: &Model, function: &Function) -> TokenStream {
    match &function.body {
        Body::Block(block) => instrumented(model, function, block),
        Body::Semicolon(_) => function.to_token_stream(),
    }
}

/// The call is opened before the body, so that it borrows the arguments no longer than that.
fn instrumented(model: &Model, function: &Function, block: &Block) -> TokenStream {
    let private = private::private(model.krate.as_ref());
    let open = open::statements(model, function, &private);
    let failed = failed(model, &private);
    let told = told::closure(model, &private);
    if function.sig.asyncness.is_some() {
        let rebound = body::arguments(&function.sig);
        let future = body::future(function, block, &model.returns, &rebound);
        let lent = open::needs_arguments(model).then_some(&rebound.lent);
        let call = quote_spanned! {Span::mixed_site()=>
            #private::instrument_async({ #lent #open }, #future, #failed, #told).await
        };
        return body::with_content(function, block, &rebound.sig, &call);
    }
    let closure = body::closure(function, block, &model.returns);
    let call = quote_spanned! {Span::mixed_site()=>
        #private::instrument({ #open }, #closure, #failed, #told)
    };
    body::with_content(function, block, &function.sig, &call)
}

fn failed(model: &Model, private: &TokenStream) -> TokenStream {
    if let Returns::Never = model.returns {
        // There is no such value, and asking for its type would leave it unknown.
        return quote_spanned!(Span::mixed_site()=> |_| ::core::unreachable!());
    }
    let failed = private::failed(private);
    quote_spanned!(Span::mixed_site()=> |value| #failed)
}

/// `target: ..,` as the macros of tracing take it.
fn target(model: &Model) -> Option<TokenStream> {
    let target = model.span.target.as_ref()?;
    Some(quote!(target: #target,))
}

fn level(level: &Level, private: &TokenStream) -> TokenStream {
    match level {
        Level::Named(name) => {
            let name = proc_macro2::Ident::new(name, Span::mixed_site());
            quote_spanned!(Span::mixed_site()=> #private::tracing::Level::#name)
        }
        Level::Path(path) => path.to_token_stream(),
    }
}
