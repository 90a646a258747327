//! The static of a function: what its attribute says, as data.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::super::model::{Key, Level, Model, Record};
use super::open::key_of;
use crate::private::{private, private_at};
use crate::signature::Function;

pub(super) fn site(model: &Model, function: &Function) -> TokenStream {
    let private = private(model.krate.as_ref());
    let name = function.name();
    let plain = quote_spanned! {Span::mixed_site()=>
        #private::Written::of(#name, ::core::module_path!())
    };
    let written = fields(model, &private);
    let written = if written.is_empty() {
        plain
    } else {
        quote_spanned!(Span::mixed_site()=> #private::Written { #written ..#plain })
    };
    quote_spanned!(Span::mixed_site()=> #private::InstrumentSite::new(#written))
}

/// What differs from an attribute without options.
fn fields(model: &Model, private: &TokenStream) -> TokenStream {
    let ours = Span::mixed_site();
    let mut fields = TokenStream::new();
    if let Some(event) = &model.event {
        let private = private_at(model.krate.as_ref(), event.span());
        let prefix = quote_spanned!(event.span()=> #private::event_prefix(#event));
        fields.extend(quote_spanned!(ours=> event: #prefix,));
    }
    if let Some(name) = &model.span.name {
        fields.extend(quote_spanned!(ours=> name: ::core::option::Option::Some(#name),));
    }
    if let Some(target) = &model.span.target {
        fields.extend(quote_spanned!(ours=> target: ::core::option::Option::Some(#target),));
    }
    if !matches!(model.span.level, Level::Named("INFO")) {
        let level = level(&model.span.level, private);
        fields.extend(quote_spanned!(ours=> level: #level,));
    }
    fields.extend(keys(model));
    fields.extend(record(
        model.err.as_ref(),
        &quote_spanned!(ours=> err),
        private,
    ));
    fields.extend(record(
        model.ret.as_ref(),
        &quote_spanned!(ours=> ret),
        private,
    ));
    fields
}

fn keys(model: &Model) -> Option<TokenStream> {
    let span = &model.span;
    let arguments = span
        .arguments
        .iter()
        .map(|argument| key_of(argument).into_token_stream());
    let fields = span.fields.iter().map(|field| key(&field.key));
    let keys: Vec<TokenStream> = arguments.chain(fields).collect();
    let count = span.arguments.len();
    (!keys.is_empty())
        .then(|| quote_spanned!(Span::mixed_site()=> fields: &[#(#keys),*], arguments: #count,))
}

fn key(key: &Key) -> TokenStream {
    match key {
        Key::Text(text) => text.to_token_stream(),
        // Braces round a value would be told as unused.
        Key::Constant(constant) => constant.stream(),
    }
}

fn record(
    record: Option<&Record>,
    name: &TokenStream,
    private: &TokenStream,
) -> Option<TokenStream> {
    let level = level(&record?.level, private);
    Some(quote_spanned!(Span::mixed_site()=> #name: ::core::option::Option::Some(#level),))
}

fn level(level: &Level, private: &TokenStream) -> TokenStream {
    match level {
        Level::Named(name) => {
            let name = Ident::new(name, Span::mixed_site());
            quote_spanned!(Span::mixed_site()=> #private::tracing::Level::#name)
        }
        Level::Path(path) => path.to_token_stream(),
    }
}
