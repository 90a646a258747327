//! The arguments of an async function, moved in order into the future of its body.
//!
//! The compiler does the same for a bare `async fn`: every argument lives in the future, used or
//! not, and is dropped after the body in the reverse order.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, FnArg, Pat, PatIdent, PatType, PatWild, Receiver, ReceiverKind, Signature};

use crate::span::ours_at;

pub(super) struct Rebound {
    /// The signature with a plain name for each argument; its types are the user's.
    pub(super) sig: Signature,
    pub(super) statements: TokenStream,
}

pub(super) fn arguments(sig: &Signature) -> Rebound {
    let mut sig = sig.clone();
    let statements = sig
        .inputs
        .iter_mut()
        .enumerate()
        .map(|(index, input)| match input {
            FnArg::Receiver(receiver) => capture(receiver),
            FnArg::Typed(typed) => rebind(typed, index),
        })
        .collect();
    Rebound { sig, statements }
}

/// `self` cannot be bound again; a use of all of it moves all of it.
fn capture(receiver: &Receiver) -> TokenStream {
    let Receiver {
        attrs,
        self_token,
        kind,
        ..
    } = receiver;
    if let ReceiverKind::Reference(..) = kind {
        return TokenStream::new();
    }
    let cfgs = attrs.iter().filter(|attr| is_cfg(attr));
    quote_spanned!(Span::mixed_site()=> #(#cfgs)* let _ = &#self_token;)
}

/// The signature gets a name of ours, and the user's pattern binds what has that name.
fn rebind(typed: &mut PatType, index: usize) -> TokenStream {
    let attrs = attributes(&mut typed.attrs);
    let name = match &*typed.pat {
        Pat::Ident(PatIdent { ident, .. }) => ours(ident),
        _ => format_ident!("_arg{index}", span = Span::mixed_site()),
    };
    let pattern = std::mem::replace(&mut *typed.pat, Pat::Verbatim(quote!(#name)));
    match &pattern {
        Pat::Wild(PatWild { .. }) => {
            quote_spanned!(Span::mixed_site()=> #(#attrs)* let #name = #name;)
        }
        // A bare `let _x = x` is told by clippy's `no_effect_underscore_binding`.
        Pat::Ident(PatIdent {
            by_ref: None,
            subpat: None,
            ..
        }) if is_underscored(&name) => {
            quote_spanned!(Span::mixed_site()=> #(#attrs)* let (#pattern,) = (#name,);)
        }
        Pat::Ident(PatIdent {
            by_ref: None,
            subpat: None,
            ..
        }) => {
            quote_spanned!(Span::mixed_site()=> #(#attrs)* let #pattern = #name;)
        }
        // `mut` for the patterns with `ref mut` in them.
        _ => quote_spanned! {Span::mixed_site()=>
            #(#attrs)* let mut #name = #name;
            #(#attrs)* let #pattern = #name;
        },
    }
}

/// The same name, resolved as ours. Our edition is not the user's, and has one keyword more.
fn ours(name: &Ident) -> Ident {
    let at = ours_at(name.span());
    if name == "gen" {
        return Ident::new_raw("gen", at);
    }
    let mut name = name.clone();
    name.set_span(at);
    name
}

fn is_underscored(name: &Ident) -> bool {
    name.to_string().starts_with('_')
}

/// The attributes that the rebinding needs: `cfg` in both places, and lint levels only there,
/// because that is where the lints of a binding are told.
fn attributes(attrs: &mut Vec<Attribute>) -> Vec<Attribute> {
    let moved: Vec<Attribute> = attrs
        .iter()
        .filter(|attr| is_cfg(attr) || is_lint_level(attr))
        .cloned()
        .collect();
    attrs.retain(|attr| !is_lint_level(attr));
    moved
}

fn is_cfg(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg")
}

fn is_lint_level(attr: &Attribute) -> bool {
    ["allow", "expect", "warn", "deny", "forbid"]
        .iter()
        .any(|level| attr.path().is_ident(level))
}
