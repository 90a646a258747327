//! The arguments of an async function, captured by the future of its body just as they are.
//!
//! A future keeps what it captures once more when it is bound again, so this is done wherever the
//! parameters allow it: as names, which are captured in the order in which they are to be dropped.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{FnArg, Pat, PatIdent, PatWild, ReceiverKind, Signature};

use super::rebind::is_cfg;

/// A signature of which the body captures every argument.
pub(crate) struct Captured {
    /// The user's, with a name for each `_`.
    pub(crate) sig: Signature,
    /// The captures, to stand before the body.
    pub(crate) statements: TokenStream,
}

/// Nothing where a pattern takes an argument apart, since its parts are dropped in its place, or where
/// one can be assigned, since what is captured takes no reference to a local. What `is_left` says is
/// dropped after the body.
pub(crate) fn captured(sig: &Signature, is_left: impl Fn(&Ident) -> bool) -> Option<Captured> {
    let mut sig = sig.clone();
    let mut captures = Vec::new();
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        let (attrs, name) = match input {
            FnArg::Receiver(receiver) => {
                if let ReceiverKind::Reference(..) = receiver.kind {
                    continue;
                }
                let name = &receiver.self_token;
                (&receiver.attrs, quote!(#name))
            }
            FnArg::Typed(typed) => {
                let name = name_of(&mut typed.pat, index)?;
                if is_left(&name) {
                    continue;
                }
                (&typed.attrs, quote!(#name))
            }
        };
        let cfgs = attrs.iter().filter(|attr| is_cfg(attr));
        captures.push(quote_spanned!(Span::mixed_site()=> #(#cfgs)* let _ = &#name;));
    }
    Some(Captured {
        sig,
        statements: captures.into_iter().rev().collect(),
    })
}

fn name_of(pattern: &mut Pat, index: usize) -> Option<Ident> {
    match pattern {
        Pat::Ident(PatIdent {
            by_ref: None,
            mutability: None,
            subpat: None,
            ident,
            ..
        }) => Some(ident.clone()),
        Pat::Wild(PatWild { .. }) => {
            let name = format_ident!("__arg{index}", span = Span::mixed_site());
            *pattern = Pat::Verbatim(quote!(#name));
            Some(name)
        }
        _ => None,
    }
}
