//! The plain form: the function with its body inside one call of the runtime.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Path, spanned::Spanned as _};

use super::super::model::{Fallback, Model, Plain};
use super::{failed, site};
use crate::body::{self, Returns};
use crate::private::private;
use crate::signature::{Block, Function};
use crate::span::{ours_at, over};

pub(super) fn expand(
    model: &Model,
    plain: &Plain,
    function: &Function,
    block: &Block,
) -> TokenStream {
    let private = private(model.krate.as_ref());
    if function.sig.asyncness.is_some() {
        let rebound = body::arguments(&function.sig);
        let future = body::lent_future(function, block, &plain.returns, &rebound);
        let arguments = arguments(model, plain, function, &private, &future);
        let defended =
            quote_spanned!(Span::mixed_site()=> #private::defend_async(#arguments).await);
        return body::with_content(function, block, &rebound.sig, &defended);
    }
    let closure = body::closure(function, block, &plain.returns);
    let arguments = arguments(model, plain, function, &private, &closure);
    let defended = quote_spanned!(Span::mixed_site()=> #private::defend(#arguments));
    body::with_content(function, block, &function.sig, &defended)
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
    let acquire = acquire(&model.site.needs, function, private);
    let inspect = inspect(model, plain, private);
    let fallback = fallback(plain, function, private);
    quote_spanned! {Span::mixed_site()=>
        {
            static __GAMBESON_SITE: #private::Site = #declaration;
            #private::submit!(&[&__GAMBESON_SITE]);
            &__GAMBESON_SITE
        },
        #acquire,
        #body,
        #inspect,
        #fallback
    }
}

fn acquire(needs: &[Path], function: &Function, private: &TokenStream) -> TokenStream {
    if needs.is_empty() {
        return quote_spanned!(Span::mixed_site()=> #private::nothing);
    }
    let leases = needs
        .iter()
        .map(|resource| lease(private, function, resource));
    quote_spanned!(Span::mixed_site()=> || ::core::result::Result::Ok((#(#leases,)*)))
}

/// Takes a lease on `resource`; an error about its type points at the path.
fn lease(private: &TokenStream, function: &Function, resource: &Path) -> TokenStream {
    let lease = if function.sig.asyncness.is_some() {
        quote!(lease)
    } else {
        quote!(lease_here)
    };
    quote_spanned!(ours_at(resource.span())=> #private::#lease(&#resource)?)
}

fn inspect(model: &Model, plain: &Plain, private: &TokenStream) -> TokenStream {
    if let Returns::Never = plain.returns {
        // There is no such value, and asking for its type would leave it unknown.
        return quote_spanned!(Span::mixed_site()=> |_| ::core::unreachable!());
    }
    if let (Returns::Unit, None) = (&plain.returns, &model.classify) {
        return quote_spanned!(Span::mixed_site()=> #private::never_fails);
    }
    let failed = failed(model, private);
    quote_spanned!(Span::mixed_site()=> |__value| #failed)
}

fn fallback(plain: &Plain, function: &Function, private: &TokenStream) -> TokenStream {
    match &plain.fallback {
        Fallback::Closure(closure) => quote!(#closure),
        Fallback::Value(value) => quote_spanned!(Span::mixed_site()=> |_| #value),
        Fallback::ByType => {
            let yield_skip = quote_spanned!(Span::mixed_site()=> #private::yield_skip(__skip));
            let yield_skip = match &plain.returns {
                Returns::Unit => {
                    return quote_spanned!(Span::mixed_site()=> #private::yield_skip);
                }
                Returns::Type(ty) | Returns::Opaque(ty) => over(ty, yield_skip),
                Returns::Never | Returns::Impl => over(&function.sig.ident, yield_skip),
            };
            quote_spanned!(Span::mixed_site()=> |__skip| #yield_skip)
        }
    }
}
