//! Arguments that only we look at: the compiler is to say that the body does not use them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::{Attribute, FnArg, Signature};

use super::super::model::Model;
use crate::body::{Lent, is_cfg, is_lint_level, is_underscored};
use crate::signature::{Block, Function};
use crate::tokens::mentions_variable;

/// The signature, and beside it a variable in the place of each argument that is recorded and that
/// the body does not mention: the lint is told of that one, at the argument, whose lint levels go
/// with it.
pub(super) fn told(model: &Model, function: &Function, block: &Block) -> (Signature, TokenStream) {
    let mut sig = function.sig.clone();
    let mut told = TokenStream::new();
    for input in &mut sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let unused: Vec<Ident> = Lent::of(&typed.pat)
            .names
            .into_iter()
            .filter(|name| is_recorded(model, name) && is_unused(name, block))
            .collect();
        if unused.is_empty() {
            continue;
        }
        let attrs: Vec<Attribute> = typed
            .attrs
            .iter()
            .filter(|attr| is_cfg(attr) || is_lint_level(attr))
            .cloned()
            .collect();
        typed.attrs.retain(|attr| !is_lint_level(attr));
        for name in unused {
            // In an item it shadows nothing.
            told.extend(quote_spanned! {Span::mixed_site()=>
                const _: () = { #(#attrs)* let #name = 0_u8; };
            });
        }
    }
    (sig, told)
}

fn is_recorded(model: &Model, name: &Ident) -> bool {
    let mut arguments = model.span.arguments.iter();
    arguments.any(|argument| argument.name == *name && !argument.is_sensitive)
}

fn is_unused(name: &Ident, block: &Block) -> bool {
    !is_underscored(name) && !mentions_variable(block.statements.clone(), &name.to_string())
}
