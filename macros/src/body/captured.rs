//! The arguments of an async function, captured by the future of its body just as they are.
//!
//! A future keeps what it captures once more when it is bound again, so this is done wherever the
//! parameters allow it: as names, which are captured in the order in which they are to be dropped.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, FnArg, Pat, PatIdent, PatType, PatWild, ReceiverKind, Signature};

use super::rebind::{attributes, is_cfg, is_underscored};
use crate::span::ours;

/// A signature of which the body captures every argument.
pub(crate) struct Captured {
    /// The signature with names of ours; its types are the user's.
    pub(crate) sig: Signature,
    /// The user's names, in a block that ends before the body: what was borrowed would else be kept
    /// beside the body.
    pub(crate) bindings: TokenStream,
    /// The captures, to stand before the body.
    pub(crate) captures: TokenStream,
}

/// Nothing where a pattern takes an argument apart, since its parts are dropped in its place, or where
/// one can be assigned, since what is captured takes no reference to a local.
pub(crate) fn captured(sig: &Signature) -> Option<Captured> {
    let mut sig = sig.clone();
    let (mut bindings, mut captures) = (TokenStream::new(), Vec::new());
    let mut parameters = Vec::new();
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        match input {
            FnArg::Receiver(receiver) => {
                if !matches!(receiver.kind, ReceiverKind::Reference(..)) {
                    let name = &receiver.self_token;
                    captures.push(capture(&receiver.attrs, &quote!(#name)));
                }
            }
            FnArg::Typed(typed) => {
                let parameter = name_of(&typed.pat, index, &parameters)?;
                let (binding, name) = bind(typed, &parameter);
                bindings.extend(binding);
                captures.push(capture(&typed.attrs, &quote!(#name)));
                if !typed.attrs.iter().any(is_cfg) {
                    parameters.push(parameter);
                }
            }
        }
    }
    Some(Captured {
        sig,
        bindings,
        captures: captures.into_iter().rev().collect(),
    })
}

fn capture(attrs: &[Attribute], name: &TokenStream) -> TokenStream {
    let cfgs = attrs.iter().filter(|attr| is_cfg(attr));
    quote_spanned!(Span::mixed_site()=> #(#cfgs)* let _ = &#name;)
}

/// A name of ours for the signature. Of two that a macro wrote alike, both would be the same one.
fn name_of(pattern: &Pat, index: usize, taken: &[Ident]) -> Option<Ident> {
    match pattern {
        Pat::Ident(PatIdent {
            by_ref: None,
            mutability: None,
            subpat: None,
            ident,
            ..
        }) if !taken.contains(ident) => Some(ours(ident)),
        Pat::Wild(PatWild { .. })
        | Pat::Ident(PatIdent {
            by_ref: None,
            mutability: None,
            subpat: None,
            ..
        }) => Some(format_ident!("__arg{index}", span = Span::mixed_site())),
        _ => None,
    }
}

/// Gives the parameter its name, and says what the body knows it by.
fn bind(typed: &mut PatType, parameter: &Ident) -> (Option<TokenStream>, Ident) {
    let pattern = std::mem::replace(&mut *typed.pat, Pat::Verbatim(quote!(#parameter)));
    let Pat::Ident(PatIdent { ident, .. }) = pattern else {
        return (None, parameter.clone());
    };
    let attrs = attributes(&mut typed.attrs);
    // A bare `let _x = x` is told by clippy's `no_effect_underscore_binding`.
    let binding = if is_underscored(&ident) {
        quote_spanned!(Span::mixed_site()=> #(#attrs)* let (#ident,) = (#parameter,);)
    } else {
        quote_spanned!(Span::mixed_site()=> #(#attrs)* let #ident = #parameter;)
    };
    (Some(binding), ident)
}
