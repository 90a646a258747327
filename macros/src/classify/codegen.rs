//! The `Classify` implementation. Nothing here can fail.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{GenericParam, Generics};

use super::model::{Arm, Model, Reason};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let Model {
        krate,
        name,
        generics,
        arms,
    } = model;
    let default = quote_spanned!(Span::mixed_site()=> ::gambeson);
    let krate = krate.as_ref().map_or(default, ToTokens::to_token_stream);
    let generics = bounded(generics);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let body = body(arms, &krate);
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #impl_generics #krate::Classify for #name #ty_generics #where_clause {
            fn classify(&self) -> ::core::option::Option<#krate::SkipReason> {
                #body
            }
        }
    }
}

/// A generic error is an error only under the bounds of its own `Error` implementation.
fn bounded(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    let is_type = |param: &GenericParam| matches!(param, GenericParam::Type(_));
    if generics.params.iter().any(is_type) {
        let bound = quote_spanned!(Span::mixed_site()=> Self: ::core::error::Error);
        let predicate = syn::parse_quote!(#bound);
        generics.make_where_clause().predicates.push(predicate);
    }
    generics
}

fn body(arms: &[Arm<'_>], krate: &TokenStream) -> TokenStream {
    let ours = Span::mixed_site();
    if arms.is_empty() {
        return quote_spanned!(ours=> match *self {});
    }
    let arms = arms.iter().map(|arm| self::arm(arm, krate));
    quote_spanned!(ours=> match self { #(#arms)* })
}

fn arm(arm: &Arm<'_>, krate: &TokenStream) -> TokenStream {
    let ours = Span::mixed_site();
    let variant = arm.variant.map(|variant| quote_spanned!(ours=> ::#variant));
    let path = quote_spanned!(ours=> Self #variant);
    match &arm.reason {
        Reason::Stated(variant) => quote_spanned! {ours=>
            #path { .. } => ::core::option::Option::Some(#krate::SkipReason::#variant),
        },
        Reason::Asked(member) => quote_spanned! {ours=>
            #path { #member: cause, .. } => {
                use #krate::private::probe::*;
                (&&&&#krate::private::ErrorProbe(cause)).gambeson_reason()
            }
        },
        Reason::Unknown => quote_spanned!(ours=> #path { .. } => ::core::option::Option::None,),
    }
}
