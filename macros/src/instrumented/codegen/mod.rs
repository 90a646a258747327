//! The output: one function for each emitted part. Nothing here can fail.
//!
//! Generated code is thin: a `static` site with the options as data, a call of it, and the values
//! for whoever wants them. Where a function returns no value to look at, its body stays as it was
//! written, behind a guard.

mod open;
mod seen;
mod site;
mod unused;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Signature;

use super::model::{Defend, Form, Model};
use crate::body::{self, Captured, Rebound, Returns};
use crate::defensive_handler;
use crate::private::private;
use crate::signature::{Block, Body, Function};
use crate::tokens::{contains_word, mentions_variable, starts_with_item};

pub(super) fn expand(model: &Model, function: &Function) -> TokenStream {
    let Body::Block(block) = &function.body else {
        return function.to_token_stream();
    };
    let instrumented = match model.form {
        Form::Flat => flat(model, function, block),
        Form::Closure => closure(model, function, block),
        Form::Future => future(model, function, block),
    };
    match &model.defend {
        Some(defend) => defended(model, defend, &instrumented),
        None => instrumented,
    }
}

/// The call lasts as long as the guard, which is dropped after the body's own variables.
fn flat(model: &Model, function: &Function, block: &Block) -> TokenStream {
    let call = open::call(model, function, None);
    let is_used = |name: &Ident| unused::is_recorded(model, name);
    let (sig, unused) = unused::told(&function.sig, block, is_used);
    let statements = &block.statements;
    // An item of ours after a statement of ours: clippy's `items_after_statements` looks no further,
    // and does not tell the user of items that come first.
    let item = starts_with_item(statements)
        .then(|| quote_spanned!(Span::mixed_site()=> const _: () = ();));
    let content = quote_spanned! {Span::mixed_site()=>
        #unused
        let __entered = #call.enter();
        #item
        #statements
    };
    body::with_content(function, block, &sig, &content)
}

/// The runtime is asked by the type of the value what is to be done with it.
fn closure(model: &Model, function: &Function, block: &Block) -> TokenStream {
    let private = private(model.krate.as_ref());
    let rebound = rebound(model, function, block);
    let call = open::call(model, function, Some(&rebound));
    let closure = body::owning_closure(function, block, &model.returns, &rebound);
    if model.returns.is_primitive() && model.err.is_none() && model.ret.is_none() {
        let content = quote_spanned!(Span::mixed_site()=> #call.enter().value(#closure));
        return body::with_content(function, block, &rebound.sig, &content);
    }
    let seen = seen::closure(model, &private);
    let ran = if let Returns::Impl = model.returns {
        // What the type promises is known once it is returned, and only then it is looked at.
        quote_spanned! {Span::mixed_site()=>
            let __kind = {
                use #private::probe::*;
                (&&__body).gambeson_opaque_kind()
            };
            let __ran = __kind.run(__call, __body);
            if false {
                return __ran.into_value();
            }
            __ran.look(#seen)
        }
    } else {
        quote_spanned! {Span::mixed_site()=>
            let __kind = {
                use #private::probe::*;
                (&&__body).gambeson_kind()
            };
            __kind.run(__call, __body, #seen)
        }
    };
    let content = quote_spanned! {Span::mixed_site()=>
        let __call = #call;
        let __body = #private::body(#closure);
        #ran
    };
    body::with_content(function, block, &rebound.sig, &content)
}

fn future(model: &Model, function: &Function, block: &Block) -> TokenStream {
    let (sig, future) =
        captured(model, function, block).unwrap_or_else(|| bound_again(model, function, block));
    let content = quote_spanned! {Span::mixed_site()=>
        let __future = { #future };
        __future.await
    };
    body::with_content(function, block, &sig, &content)
}

fn bound_again(model: &Model, function: &Function, block: &Block) -> (Signature, TokenStream) {
    let rebound = rebound(model, function, block);
    let call = open::call(model, function, Some(&rebound));
    let future = instrumented_future(model, function, block, &call, &rebound.statements);
    let moved = &rebound.moved;
    let future = quote_spanned!(Span::mixed_site()=> #moved #future);
    (rebound.sig, future)
}

/// The future that captures its arguments, if it can, and if there are none that stay outside.
fn captured(model: &Model, function: &Function, block: &Block) -> Option<(Signature, TokenStream)> {
    let names = function.sig.inputs.iter().flat_map(body::names_of);
    if names.into_iter().any(|name| is_left(model, block, &name)) {
        return None;
    }
    let is_used = |name: &Ident| !unused::is_written(model, name);
    let (sig, unused) = unused::told(&function.sig, block, is_used);
    let Captured {
        sig,
        bindings,
        captures,
    } = body::captured(&sig)?;
    let call = open::call(model, function, None);
    let future = instrumented_future(model, function, block, &call, &captures);
    Some((
        sig,
        quote_spanned!(Span::mixed_site()=> #unused #bindings #future),
    ))
}

fn instrumented_future(
    model: &Model,
    function: &Function,
    block: &Block,
    call: &TokenStream,
    owning: &TokenStream,
) -> TokenStream {
    let private = private(model.krate.as_ref());
    let future = body::future(function, block, &model.returns, owning);
    let seen = seen::closure(model, &private);
    quote_spanned! {Span::mixed_site()=>
        #private::instrument_async(#call, #future, #seen)
    }
}

fn rebound(model: &Model, function: &Function, block: &Block) -> Rebound {
    let is_left = |name: &Ident| is_left(model, block, name);
    let mut rebound = body::arguments_but(&function.sig, is_left);
    let used = unused::written(model, function, block, is_left);
    rebound.statements.extend(used);
    rebound
}

/// The body owns the arguments, but for those that only `parent` and `follows_from` use up.
fn is_left(model: &Model, block: &Block, name: &Ident) -> bool {
    let name = name.to_string();
    let mut relatives = [&model.span.parent, &model.span.follows_from]
        .into_iter()
        .flatten();
    relatives.any(|relative| contains_word(relative.to_token_stream(), &name))
        && !mentions_variable(block.statements.clone(), &name)
}

/// The instrumented function as a defended one: it sees its panic before that is contained.
fn defended(model: &Model, defend: &Defend, instrumented: &TokenStream) -> TokenStream {
    let fallback = defend
        .fallback
        .as_ref()
        .map(|fallback| quote!(fallback = #fallback,));
    let krate = model.krate.as_ref().map(|krate| quote!(crate = #krate,));
    defensive_handler::expand(quote!(#fallback #krate), instrumented)
}
