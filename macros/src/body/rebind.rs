//! The arguments of an async function, moved in order into the future of its body.
//!
//! The compiler does the same for a bare `async fn`: every argument lives in the future, used or
//! not, and is dropped after the body in the reverse order.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::{Attribute, FnArg, Pat, PatIdent, PatWild, Receiver, ReceiverKind, Signature};

use super::pattern::Lent;
use crate::span::{all_as_ours, ours};
use crate::tokens::contains_word;

pub(crate) struct Rebound {
    /// The signature with a plain name for each argument; its types are the user's.
    pub(crate) sig: Signature,
    pub(crate) statements: TokenStream,
    /// Moves the arguments into a block that ends before the body: what is borrowed there is not kept
    /// beside the body.
    pub(crate) moved: TokenStream,
    /// Binds, before the body's future owns the arguments, references to what their patterns
    /// bind, under names of ours. An argument that was written as a name needs none.
    pub(crate) lent: TokenStream,
}

pub(crate) fn arguments(sig: &Signature) -> Rebound {
    arguments_but(sig, |_| false)
}

/// The same, but for those that `is_left` says, which are dropped after the body.
pub(crate) fn arguments_but(sig: &Signature, is_left: impl Fn(&Ident) -> bool) -> Rebound {
    let mut sig = sig.clone();
    let (mut statements, mut lent) = (TokenStream::new(), TokenStream::new());
    let mut moved = TokenStream::new();
    let mut names: Vec<Ident> = Vec::new();
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        match input {
            FnArg::Receiver(receiver) => statements.extend(capture(receiver)),
            FnArg::Typed(typed) => {
                let attrs = attributes(&mut typed.attrs);
                let name = name_of(&typed.pat, index, &names);
                if attrs.iter().all(|attr| !is_cfg(attr)) {
                    names.push(name.clone());
                }
                let pattern = std::mem::replace(&mut *typed.pat, Pat::Verbatim(quote!(#name)));
                lent.extend(lend(&attrs, &pattern, &name));
                if !is_left(&name) {
                    let cfgs = attrs.iter().filter(|attr| is_cfg(attr));
                    moved.extend(quote_spanned!(Span::mixed_site()=> #(#cfgs)* let #name = #name;));
                    statements.extend(rebind(&attrs, &pattern, &name));
                }
            }
        }
    }
    Rebound {
        sig,
        statements,
        moved,
        lent,
    }
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

/// A name of ours for the signature; the user's pattern binds what has it. Of two that a macro wrote
/// alike, both would be the same one.
fn name_of(pattern: &Pat, index: usize, taken: &[Ident]) -> Ident {
    match pattern {
        Pat::Ident(PatIdent { ident, .. }) if !taken.contains(&ours(ident)) => ours(ident),
        _ => format_ident!("__arg{index}", span = Span::mixed_site()),
    }
}

fn rebind(attrs: &[Attribute], pattern: &Pat, name: &Ident) -> TokenStream {
    match pattern {
        Pat::Wild(PatWild { .. }) => {
            quote_spanned!(Span::mixed_site()=> #(#attrs)* let #name = #name;)
        }
        // A bare `let _x = x` is told by clippy's `no_effect_underscore_binding`.
        pattern if is_plain(pattern) && is_underscored(name) => {
            quote_spanned!(Span::mixed_site()=> #(#attrs)* let (#pattern,) = (#name,);)
        }
        pattern if is_plain(pattern) => {
            quote_spanned!(Span::mixed_site()=> #(#attrs)* let #pattern = #name;)
        }
        // `mut` for the patterns with `ref mut` in them.
        _ => quote_spanned! {Span::mixed_site()=>
            #(#attrs)* let mut #name = #name;
            #(#attrs)* let #pattern = #name;
        },
    }
}

fn lend(attrs: &[Attribute], pattern: &Pat, name: &Ident) -> Option<TokenStream> {
    let lent = Lent::of(pattern);
    if is_plain(pattern) || lent.names.is_empty() {
        return None;
    }
    let pattern = all_as_ours(lent.pattern.into_token_stream());
    let cfgs = attrs.iter().filter(|attr| is_cfg(attr));
    Some(quote_spanned!(Span::mixed_site()=> #(#cfgs)* let #pattern = &#name;))
}

/// Whether a pattern only names the value.
pub(crate) fn is_plain(pattern: &Pat) -> bool {
    let plain = |pattern: &PatIdent| pattern.by_ref.is_none() && pattern.subpat.is_none();
    matches!(pattern, Pat::Ident(pattern) if plain(pattern))
}

pub(crate) fn is_underscored(name: &Ident) -> bool {
    name.to_string().starts_with('_')
}

/// The attributes that the rebinding needs: `cfg` in both places, and lint levels only there,
/// because that is where the lints of a binding are told.
pub(super) fn attributes(attrs: &mut Vec<Attribute>) -> Vec<Attribute> {
    let moved: Vec<Attribute> = attrs
        .iter()
        .filter(|attr| is_cfg(attr) || is_lint_level(attr))
        .cloned()
        .collect();
    attrs.retain(|attr| !is_lint_level(attr));
    moved
}

pub(crate) fn is_cfg(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg")
}

pub(crate) fn is_lint_level(attr: &Attribute) -> bool {
    const LEVELS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];
    let is_conditional = || {
        let condition = attr.meta.require_list().ok();
        let condition = condition.filter(|_| attr.path().is_ident("cfg_attr"));
        condition.is_some_and(|list| {
            let mut levels = LEVELS.iter();
            levels.any(|level| contains_word(list.tokens.clone(), level))
        })
    };
    LEVELS.iter().any(|level| attr.path().is_ident(level)) || is_conditional()
}
