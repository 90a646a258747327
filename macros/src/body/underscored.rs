//! Parameters whose names say that nobody uses them.

use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::parse::Parser as _;
use syn::{FnArg, Pat, Signature};

use super::{Lent, is_underscored};
use crate::span::ours;
use crate::tokens::map_idents;

/// Makes the names ours of which the user's code says nothing: a use of them is none of the user's
/// then, and is not told as such.
pub(crate) fn hide_underscored(sig: &mut Signature, is_mentioned: impl Fn(&Ident) -> bool) {
    for input in &mut sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let mut hidden = Lent::of(&typed.pat).names;
        hidden.retain(|name| is_underscored(name) && !is_mentioned(name));
        if hidden.is_empty() {
            continue;
        }
        let pattern = map_idents(typed.pat.to_token_stream(), &|name| {
            if hidden.contains(&name) {
                ours(&name)
            } else {
                name
            }
        });
        if let Ok(pattern) = Pat::parse_single.parse2(pattern) {
            *typed.pat = pattern;
        }
    }
}
