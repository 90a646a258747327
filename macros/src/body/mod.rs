//! A function taken apart, and put together again round the body that the user wrote.

mod captured;
mod pattern;
mod rebind;
mod returns;
mod underscored;

use proc_macro2::{Group, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Signature;

pub(crate) use self::captured::{Captured, captured};
pub(crate) use self::pattern::{Lent, names_of};
pub(crate) use self::rebind::{
    Rebound, arguments, arguments_but, is_cfg, is_lint_level, is_plain, is_underscored,
};
pub(crate) use self::returns::{Returns, is_copied};
pub(crate) use self::underscored::hide_underscored;
use crate::signature::{Block, Function};
use crate::span::ours_at;

/// The function with another signature and with `content` between its own braces, so that the
/// block's lints and its edition stay the user's.
pub(crate) fn with_content(
    function: &Function,
    block: &Block,
    sig: &Signature,
    content: &TokenStream,
) -> TokenStream {
    let Function {
        attrs,
        vis,
        defaultness,
        ..
    } = function;
    let inner_attrs = &block.inner_attrs;
    let body = block.braced(quote!(#(#inner_attrs)* #content));
    quote!(#(#attrs)* #vis #defaultness #sig #body)
}

/// The body as a closure. Passed straight to the runtime, it borrows as a body does.
pub(crate) fn closure(function: &Function, block: &Block, returns: &Returns) -> TokenStream {
    let output = returns.written(function);
    let body = block.as_written();
    // In a closure whose edition is not the body's, `let _ = argument` would stop the compiler.
    let at = ours_at(function.sig.ident.span());
    quote_spanned!(at=> || #output #body)
}

/// The same, owning every argument, so that they are dropped as those of a bare function are.
pub(crate) fn owning_closure(
    function: &Function,
    block: &Block,
    returns: &Returns,
    rebound: &Rebound,
) -> TokenStream {
    if rebound.statements.is_empty() {
        return closure(function, block, returns);
    }
    let output = returns.written(function);
    let statements = &rebound.statements;
    let body = in_own_scope(&block.as_written());
    quote_spanned!(Span::mixed_site()=> || #output { #statements #body })
}

/// The body as a future that owns every argument, as the future of a bare `async fn` does, after
/// the statements that make it do so.
pub(crate) fn future(
    function: &Function,
    block: &Block,
    returns: &Returns,
    statements: &TokenStream,
) -> TokenStream {
    let hint = returns.hint(function);
    let body = in_own_scope(&block.as_written());
    let at = function
        .sig
        .asyncness
        .map_or_else(Span::mixed_site, |keyword| ours_at(keyword.span));
    quote_spanned!(at=> async move { #hint #statements #body })
}

/// The same, pinned where it is made and lent, because passing it on would keep it in each future
/// on the way.
pub(crate) fn lent_future(
    function: &Function,
    block: &Block,
    returns: &Returns,
    rebound: &Rebound,
) -> TokenStream {
    let future = future(function, block, returns, &rebound.statements);
    quote_spanned! {Span::mixed_site()=>
        ::core::pin::pin!(::core::option::Option::Some(#future))
    }
}

/// An arm ends the temporaries of the body's tail before the arguments, as a function does.
fn in_own_scope(body: &Group) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> match () { () => #body })
}
