//! Arguments that only we look at: the compiler is to say that the body does not use them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote_spanned};
use syn::{Attribute, FnArg, Signature};

use super::super::model::Model;
use crate::body::{Lent, is_cfg, is_lint_level, is_underscored};
use crate::signature::{Block, Function};
use crate::tokens::mentions_variable;

/// The signature, and beside it a variable in the place of each argument that `is_used` by us and
/// that the body does not mention: the lint is told of that one, at the argument, whose lint levels
/// go with it.
pub(super) fn told(
    sig: &Signature,
    block: &Block,
    is_used: impl Fn(&Ident) -> bool,
) -> (Signature, TokenStream) {
    let mut sig = sig.clone();
    let mut told = TokenStream::new();
    for input in &mut sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let unused: Vec<Ident> = Lent::of(&typed.pat)
            .names
            .into_iter()
            .filter(|name| is_used(name) && is_unused(name, block))
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

/// Whether only we look at the argument to record it.
pub(super) fn is_recorded(model: &Model, name: &Ident) -> bool {
    let mut arguments = model.span.arguments.iter();
    let is_recorded = arguments.any(|argument| argument.name == *name);
    is_recorded && !is_written(model, name)
}

/// Whether the attribute names it in an expression, which is a use of the user's.
pub(super) fn is_written(model: &Model, name: &Ident) -> bool {
    let fields = model.span.fields.iter();
    let values = fields.filter_map(|field| field.value.as_ref().map(|value| &value.expression));
    let relatives = [&model.span.parent, &model.span.follows_from];
    values
        .chain(relatives.into_iter().flatten())
        .any(|expression| mentions_variable(expression.to_token_stream(), &name.to_string()))
}

/// Uses of the arguments that are bound again, but for those that `is_left`, for a body that does not
/// mention them.
pub(super) fn written(
    model: &Model,
    function: &Function,
    block: &Block,
    is_left: impl Fn(&Ident) -> bool,
) -> TokenStream {
    let mut uses = TokenStream::new();
    for input in &function.sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let cfgs: Vec<&Attribute> = typed.attrs.iter().filter(|attr| is_cfg(attr)).collect();
        for name in Lent::of(&typed.pat).names {
            if is_written(model, &name) && is_unused(&name, block) && !is_left(&name) {
                uses.extend(quote_spanned!(Span::mixed_site()=> #(#cfgs)* let _ = &#name;));
            }
        }
    }
    uses
}

fn is_unused(name: &Ident, block: &Block) -> bool {
    !is_underscored(name) && !mentions_variable(block.statements.clone(), &name.to_string())
}
