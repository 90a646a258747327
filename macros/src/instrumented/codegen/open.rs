//! What happens before the body: the call begins, and its values go to whoever wants them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::LitStr;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use super::super::model::{Argument, Field, Format, Model};
use super::site::site;
use crate::body::Rebound;
use crate::private::private;
use crate::signature::Function;
use crate::span::{names_as_ours, ours_at};

/// How a local variable of the user is named before the body.
type Resolve = fn(TokenStream) -> TokenStream;

/// The call, as a block: it borrows the arguments no longer than that. Where the body will own
/// them, the signature has names of ours.
pub(super) fn call(model: &Model, function: &Function, rebound: Option<&Rebound>) -> TokenStream {
    let private = private(model.krate.as_ref());
    let site = site(model, function);
    let captures = captures(model, rebound, &private);
    let declared = quote_spanned! {Span::mixed_site()=>
        static __GAMBESON_SITE: #private::InstrumentSite = #site;
    };
    if captures.is_empty() {
        return quote_spanned! {Span::mixed_site()=> {
            #declared
            #private::call(&__GAMBESON_SITE)
        }};
    }
    // Of a reference the method is found before any of the user's that every type has.
    quote_spanned! {Span::mixed_site()=> {
        #declared
        let mut __call = #private::call(&__GAMBESON_SITE);
        if let ::core::option::Option::Some(__values) = (&mut __call).values() {
            #captures
        }
        __call
    }}
}

fn captures(model: &Model, rebound: Option<&Rebound>, private: &TokenStream) -> TokenStream {
    let resolve: Resolve = match rebound {
        Some(_) => names_as_ours,
        None => |tokens| tokens,
    };
    let arguments = arguments(model, resolve, private);
    let fields = fields(model, resolve);
    let relatives = relatives(model, resolve);
    let captures = quote_spanned!(Span::mixed_site()=> #arguments #fields #relatives);
    let lent = rebound
        .filter(|_| !captures.is_empty())
        .map(|rebound| &rebound.lent);
    quote_spanned!(Span::mixed_site()=> #lent #captures)
}

/// In a block of their own, where the traits that they are asked by are in scope.
fn arguments(model: &Model, resolve: Resolve, private: &TokenStream) -> Option<TokenStream> {
    let arguments = &model.span.arguments;
    let captured = arguments
        .iter()
        .map(|argument| capture_argument(argument, resolve, private));
    (!arguments.is_empty()).then(|| {
        quote_spanned! {Span::mixed_site()=>
            {
                use #private::probe::*;
                #(#captured)*
            }
        }
    })
}

/// An argument that is not there in every configuration is absent in the others.
fn capture_argument(argument: &Argument, resolve: Resolve, private: &TokenStream) -> TokenStream {
    let Argument {
        name,
        cfgs,
        is_sensitive,
        is_in_pattern,
        is_copied,
    } = argument;
    let name = resolve(name.to_token_stream());
    let name = if *is_copied {
        quote_spanned!(Span::mixed_site()=> { #name })
    } else {
        name
    };
    let argument = quote_spanned!(Span::mixed_site()=> #private::Argument(&#name));
    let captured = if *is_sensitive {
        quote_spanned!(Span::mixed_site()=> (&&&#argument).gambeson_hide(__values);)
    } else if *is_in_pattern {
        quote_spanned!(Span::mixed_site()=> (&&#argument).gambeson_capture(__values);)
    } else {
        quote_spanned!(Span::mixed_site()=> (&&&&#argument).gambeson_capture(__values);)
    };
    if cfgs.is_empty() {
        return captured;
    }
    let conditions = cfgs.iter().filter_map(|attr| attr.meta.require_list().ok());
    let conditions: Vec<&TokenStream> = conditions.map(|list| &list.tokens).collect();
    quote_spanned! {Span::mixed_site()=>
        #[cfg(all(#(#conditions),*))]
        { #captured }
        #[cfg(not(all(#(#conditions),*)))]
        __values.absent();
    }
}

/// What the attribute writes is evaluated only for a span, an event or the debug log.
fn fields(model: &Model, resolve: Resolve) -> Option<TokenStream> {
    let fields = &model.span.fields;
    let captured = fields.iter().map(|field| capture(field, resolve));
    (!fields.is_empty())
        .then(|| quote_spanned!(Span::mixed_site()=> if __values.wants_fields() { #(#captured)* }))
}

fn capture(field: &Field, resolve: Resolve) -> TokenStream {
    let Some(value) = &field.value else {
        return quote_spanned!(Span::mixed_site()=> __values.absent(););
    };
    if field.is_sensitive {
        return quote_spanned!(Span::mixed_site()=> __values.sensitive(););
    }
    let expression = resolve(value.expression.to_token_stream());
    let at = ours_at(value.expression.span());
    let capture = match value.format {
        Format::AsIs => quote_spanned!(at=> value),
        Format::Display => quote_spanned!(at=> display),
        Format::Debug => quote_spanned!(at=> debug),
    };
    quote_spanned!(at=> __values.#capture(&(#expression));)
}

/// The spans that the call's is related to, evaluated only where it has one.
fn relatives(model: &Model, resolve: Resolve) -> Option<TokenStream> {
    let parent = model.span.parent.as_ref().map(|parent| {
        let at = ours_at(parent.span());
        let parent = resolve(parent.to_token_stream());
        quote_spanned!(at=> __values.parent(#parent);)
    });
    let follows = model.span.follows_from.as_ref().map(|causes| {
        let at = ours_at(causes.span());
        let causes = resolve(causes.to_token_stream());
        quote_spanned!(at=> __values.follows_from(#causes);)
    });
    (parent.is_some() || follows.is_some())
        .then(|| quote_spanned!(Span::mixed_site()=> if __values.has_span() { #parent #follows }))
}

pub(super) fn key_of(argument: &Argument) -> LitStr {
    LitStr::new(&argument.name.unraw().to_string(), argument.name.span())
}
