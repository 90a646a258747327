//! The plain form: the function with its body inside one call of the runtime.

use proc_macro2::{Group, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Path, spanned::Spanned as _};

use super::super::model::{Fallback, Model, Plain, Returns};
use super::{failed, lease, private, rebind, site};
use crate::signature::{Block, Function};
use crate::span::{ours_at, over};

pub(super) fn expand(
    model: &Model,
    plain: &Plain,
    function: &Function,
    block: &Block,
) -> TokenStream {
    let (sig, defended) = if function.sig.asyncness.is_some() {
        let rebound = rebind::arguments(&function.sig);
        let defended = defended_async(model, plain, function, block, &rebound.statements);
        (rebound.sig.into_token_stream(), defended)
    } else {
        (
            function.sig.to_token_stream(),
            defended_sync(model, plain, function, block),
        )
    };
    let Function {
        attrs,
        vis,
        defaultness,
        ..
    } = function;
    let inner_attrs = &block.inner_attrs;
    // The user's braces: the block's lints and its edition stay the user's.
    let body = block.braced(quote!(#(#inner_attrs)* #defended));
    quote!(#(#attrs)* #vis #defaultness #sig #body)
}

/// The body is a closure passed straight to the runtime, so that it borrows as a body does.
fn defended_sync(model: &Model, plain: &Plain, function: &Function, block: &Block) -> TokenStream {
    let private = private(model.krate.as_ref());
    let body = block.as_written();
    let body = match &plain.returns {
        Returns::Unit => {
            // Where a body that yields a value is told.
            let unit = quote_spanned!(ours_at(function.sig.ident.span())=> -> ());
            quote_spanned!(Span::mixed_site()=> || #unit #body)
        }
        Returns::Never => quote_spanned!(Span::mixed_site()=> || -> ! #body),
        Returns::Type(ty) => quote_spanned!(Span::mixed_site()=> || -> #ty #body),
        Returns::Opaque(_) => quote_spanned!(Span::mixed_site()=> || #body),
    };
    let arguments = arguments(model, plain, function, &private, &body);
    quote_spanned!(Span::mixed_site()=> #private::defend(#arguments))
}

/// The body is a future that owns every argument, as the future of a bare `async fn` does.
fn defended_async(
    model: &Model,
    plain: &Plain,
    function: &Function,
    block: &Block,
    rebound: &TokenStream,
) -> TokenStream {
    let private = private(model.krate.as_ref());
    let hint = return_hint(&plain.returns, function);
    let body = in_own_scope(&block.as_written());
    let at = function
        .sig
        .asyncness
        .map_or_else(Span::mixed_site, |keyword| ours_at(keyword.span));
    let future = quote_spanned!(at=> async move { #hint #rebound #body });
    // Pinned here and lent, because passing it on would keep it in each future on the way.
    let future = quote_spanned! {Span::mixed_site()=>
        ::core::pin::pin!(::core::option::Option::Some(#future))
    };
    let arguments = arguments(model, plain, function, &private, &future);
    quote_spanned!(Span::mixed_site()=> #private::defend_async(#arguments).await)
}

/// The arguments of `defend` and `defend_async`; the body comes before what needs its type.
fn arguments(
    model: &Model,
    plain: &Plain,
    function: &Function,
    private: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let declaration = site::declaration(model, function, None);
    let acquire = acquire(&model.site.needs, private);
    let inspect = inspect(model, plain, private);
    let fallback = fallback(plain, function, private);
    quote_spanned! {Span::mixed_site()=>
        {
            static __GAMBESON_SITE: #private::Site = #declaration;
            &__GAMBESON_SITE
        },
        #acquire,
        #body,
        #inspect,
        #fallback
    }
}

fn acquire(needs: &[Path], private: &TokenStream) -> TokenStream {
    let leases = needs.iter().map(|resource| lease(private, resource));
    quote_spanned!(Span::mixed_site()=> || ::core::result::Result::Ok((#(#leases,)*)))
}

fn inspect(model: &Model, plain: &Plain, private: &TokenStream) -> TokenStream {
    if let Returns::Never = plain.returns {
        // There is no such value, and asking for its type would leave it unknown.
        return quote_spanned!(Span::mixed_site()=> |_| ::core::unreachable!());
    }
    let failed = failed(model, private);
    quote_spanned!(Span::mixed_site()=> |value| #failed)
}

fn fallback(plain: &Plain, function: &Function, private: &TokenStream) -> TokenStream {
    match &plain.fallback {
        Fallback::Closure(closure) => quote!(#closure),
        Fallback::Value(value) => quote_spanned!(Span::mixed_site()=> |_| #value),
        Fallback::ByType => {
            let yield_skip = quote_spanned!(Span::mixed_site()=> #private::yield_skip(skip));
            let yield_skip = match &plain.returns {
                Returns::Type(ty) | Returns::Opaque(ty) => over(ty, yield_skip),
                Returns::Unit | Returns::Never => over(&function.sig.ident, yield_skip),
            };
            quote_spanned!(Span::mixed_site()=> |skip| #yield_skip)
        }
    }
}

/// A statement that is never run: only a `return` of the declared type makes a body coerce to it.
fn return_hint(returns: &Returns, function: &Function) -> Option<TokenStream> {
    let ours = Span::mixed_site();
    let (ty, at) = match returns {
        Returns::Unit => (quote_spanned!(ours=> ()), function.sig.ident.span()),
        Returns::Type(ty) => (ty.to_token_stream(), ty.span()),
        Returns::Never | Returns::Opaque(_) => return None,
    };
    // Where a body of another type is told.
    let leave = quote_spanned!(ours_at(at)=> return returned;);
    Some(quote_spanned! {ours=>
        if let ::core::option::Option::Some(returned) = ::core::option::Option::None::<#ty> {
            #leave
        }
    })
}

/// An arm ends the temporaries of the body's tail before the arguments, as a function does.
fn in_own_scope(body: &Group) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> match () { () => #body })
}
