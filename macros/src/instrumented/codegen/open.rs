//! What happens before the body: the values are captured, the span is made, the call is opened.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::LitStr;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use super::super::model::{Argument, Field, Format, Key, Model, Value};
use super::{level, target};
use crate::private::private_at;
use crate::signature::Function;
use crate::span::{names_as_ours, ours_at};

/// How a local variable of the user is named before the body.
type Resolve = fn(TokenStream) -> TokenStream;

/// Whether there is anything that looks at the arguments.
pub(super) fn needs_arguments(model: &Model) -> bool {
    !(model.span.arguments.is_empty() && model.span.fields.is_empty())
}

/// The statements of a block whose value is the opened call.
pub(super) fn statements(model: &Model, function: &Function, private: &TokenStream) -> TokenStream {
    let site = site(model, function);
    let captures = captures(model, function, private);
    let span = span(model, function, private);
    let for_events = if valued(model).next().is_some() {
        quote_spanned!(Span::mixed_site()=> || fields.into_vec())
    } else {
        quote_spanned!(Span::mixed_site()=> ::std::vec::Vec::new)
    };
    quote_spanned! {Span::mixed_site()=>
        static __GAMBESON_SITE: #private::InstrumentSite = #site;
        #captures
        #private::open(&__GAMBESON_SITE, #span, #for_events)
    }
}

/// The names of the three events.
fn site(model: &Model, function: &Function) -> TokenStream {
    let krate = model.krate.as_ref();
    let endings = [".start", ".stop", ".exception"];
    let (at, names) = if let Some(event) = &model.event {
        let at = event.span();
        let name = |ending| quote_spanned!(at=> ::core::concat!(#event, #ending));
        (at, endings.map(name))
    } else {
        let (at, function) = (Span::mixed_site(), function.name());
        let private = private_at(krate, at);
        let name = |ending| {
            quote_spanned! {at=>
                #private::dotted!(::core::concat!(::core::module_path!(), "::", #function, #ending))
            }
        };
        (at, endings.map(name))
    };
    let private = private_at(krate, at);
    quote_spanned!(at=> #private::InstrumentSite::new(#(#names),*))
}

/// Bound in one statement, so that no value sees a name of ours; and outside of the span's macro,
/// whose imports would hide variables of the same name.
fn captures(model: &Model, function: &Function, private: &TokenStream) -> Option<TokenStream> {
    let is_async = function.sig.asyncness.is_some();
    // The signature of an async function has names of ours.
    let resolve = if is_async {
        names_as_ours
    } else {
        |tokens| tokens
    };
    let arguments = arguments(model, resolve, private);
    let fields = fields(model, resolve, private);
    let names = [
        arguments
            .as_ref()
            .map(|_| quote_spanned!(Span::mixed_site()=> arguments)),
        fields
            .as_ref()
            .map(|_| quote_spanned!(Span::mixed_site()=> fields)),
    ];
    let names: Vec<TokenStream> = names.into_iter().flatten().collect();
    let is_underscored = |argument: &Argument| argument.name.to_string().starts_with('_');
    // A use that is not the user's.
    let allow = (!is_async && model.span.arguments.iter().any(is_underscored))
        .then(|| quote_spanned!(Span::mixed_site()=> #[allow(clippy::used_underscore_binding)]));
    (!names.is_empty()).then(|| {
        quote_spanned! {Span::mixed_site()=>
            #allow
            let (#(#names,)*) = (#arguments #fields);
        }
    })
}

fn arguments(model: &Model, resolve: Resolve, private: &TokenStream) -> Option<TokenStream> {
    let arguments = &model.span.arguments;
    let captured = arguments
        .iter()
        .map(|argument| capture_argument(argument, resolve, private));
    (!arguments.is_empty()).then(|| {
        quote_spanned! {Span::mixed_site()=>
            #private::Fields::new(|| {
                use #private::probe::*;
                [#(#captured),*]
            }),
        }
    })
}

/// An argument that is not there in every configuration is absent in the others.
fn capture_argument(argument: &Argument, resolve: Resolve, private: &TokenStream) -> TokenStream {
    let Argument { name, cfgs } = argument;
    let (key, name) = (key_of(argument), resolve(name.to_token_stream()));
    let captured = quote_spanned! {Span::mixed_site()=>
        (&&&#private::Argument(&#name)).field(#key)
    };
    if cfgs.is_empty() {
        return captured;
    }
    let conditions = cfgs.iter().filter_map(|attr| attr.meta.require_list().ok());
    let conditions: Vec<&TokenStream> = conditions.map(|list| &list.tokens).collect();
    quote_spanned! {Span::mixed_site()=> {
        #[cfg(all(#(#conditions),*))] { #captured }
        #[cfg(not(all(#(#conditions),*)))] { #private::Field::absent(#key) }
    }}
}

fn fields(model: &Model, resolve: Resolve, private: &TokenStream) -> Option<TokenStream> {
    let mut captured = valued(model)
        .map(|(key, value)| capture(key, value, resolve, private))
        .peekable();
    captured
        .peek()
        .is_some()
        .then(|| quote_spanned!(Span::mixed_site()=> #private::Fields::new(|| [#(#captured),*]),))
}

fn valued(model: &Model) -> impl Iterator<Item = (&Key, &Value)> {
    let fields = model.span.fields.iter();
    fields.filter_map(|field| Some((&field.key, field.value.as_ref()?)))
}

fn capture(key: &Key, value: &Value, resolve: Resolve, private: &TokenStream) -> TokenStream {
    let expression = resolve(value.expression.to_token_stream());
    let key = match key {
        Key::Text(text) => text.to_token_stream(),
        // Braces round an argument would be told as unused.
        Key::Constant(constant) => constant.stream(),
    };
    let at = ours_at(value.expression.span());
    let field = match value.format {
        Format::AsIs => quote_spanned!(at=> field_value),
        Format::Display => quote_spanned!(at=> field_display),
        Format::Debug => quote_spanned!(at=> field_debug),
    };
    quote_spanned!(at=> #private::#field(#key, &(#expression)))
}

fn span(model: &Model, function: &Function, private: &TokenStream) -> TokenStream {
    let span = &model.span;
    let (target, level) = (target(model), level(&span.level, private));
    let name = match &span.name {
        Some(name) => name.to_token_stream(),
        None => function.name().to_token_stream(),
    };
    let arguments = span.arguments.iter().enumerate();
    let arguments = arguments.map(|(index, argument)| {
        let (key, index) = (key_of(argument), Literal::usize_unsuffixed(index));
        quote_spanned!(Span::mixed_site()=> , #key = arguments.typed(#index))
    });
    let mut index = 0..;
    let fields = span.fields.iter().map(|Field { key, value }| {
        let key = key_tokens(key);
        let index = value.as_ref().and_then(|_| index.next());
        let Some(index) = index.map(Literal::usize_unsuffixed) else {
            let empty = quote_spanned!(Span::mixed_site()=> #private::tracing::field::Empty);
            return quote_spanned!(Span::mixed_site()=> , #key = #empty);
        };
        quote_spanned!(Span::mixed_site()=> , #key = fields.typed(#index))
    });
    quote_spanned! {Span::mixed_site()=>
        #private::tracing::span!(#target #level, #name #(#arguments)* #(#fields)*)
    }
}

fn key_of(argument: &Argument) -> LitStr {
    LitStr::new(&argument.name.unraw().to_string(), argument.name.span())
}

/// The key as the span's macro takes it.
fn key_tokens(key: &Key) -> TokenStream {
    match key {
        Key::Text(text) => text.to_token_stream(),
        Key::Constant(constant) => constant.to_token_stream(),
    }
}
