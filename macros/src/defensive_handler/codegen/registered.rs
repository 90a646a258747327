//! The registered form: the function as it was, and beside it the site that is attached.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Path, spanned::Spanned as _};

use super::super::model::{Model, Registered};
use super::{failed, site};
use crate::handler_path::sibling;
use crate::private::private;
use crate::signature::Function;
use crate::span::{ours_at, over};

pub(super) fn expand(model: &Model, registered: &Registered, function: &Function) -> TokenStream {
    let sibling = site_function(model, registered, function);
    quote!(#function #sibling)
}

/// The hidden function that owns the site; `handler!` calls it by name.
fn site_function(model: &Model, registered: &Registered, function: &Function) -> TokenStream {
    let private = private(model.krate.as_ref());
    let run = run(model, registered, function);
    let declaration = site::declaration(model, function, Some(run));
    let body = quote_spanned! {Span::mixed_site()=>
        static __GAMBESON_SITE: #private::Site = #declaration;
        #private::submit!(__GAMBESON_SITE);
        &__GAMBESON_SITE
    };
    hidden(function, &private, &body)
}

/// Keeps `handler!` from adding an error of its own.
pub(super) fn placeholder(function: &Function, krate: Option<&Path>) -> TokenStream {
    let body = quote_spanned!(Span::mixed_site()=> ::core::unimplemented!());
    hidden(function, &private(krate), &body)
}

fn hidden(function: &Function, private: &TokenStream, body: &TokenStream) -> TokenStream {
    let attrs = attributes(function);
    let vis = in_our_span(&function.vis);
    let name = sibling(&function.sig.ident, ours_at(function.sig.ident.span()));
    quote_spanned! {Span::mixed_site()=>
        #attrs
        #[doc(hidden)]
        #vis fn #name() -> &'static #private::Site {
            #body
        }
    }
}

/// The site exists where the function does, and is as deprecated as the function is.
fn attributes(function: &Function) -> TokenStream {
    let mut attrs = TokenStream::new();
    for attr in &function.attrs {
        if attr.path().is_ident("cfg") {
            attr.to_tokens(&mut attrs);
        }
        if attr.path().is_ident("deprecated") {
            attr.to_tokens(&mut attrs);
            attrs.extend(quote_spanned!(Span::mixed_site()=> #[allow(deprecated)]));
        }
    }
    attrs
}

/// `Run::Sync(..)` or `Run::Async(..)`: takes the leases, calls the function, judges the value.
fn run(model: &Model, registered: &Registered, function: &Function) -> TokenStream {
    let ours = Span::mixed_site();
    let private = private(model.krate.as_ref());
    let leases = leases(registered, function, &private);
    let call = call(registered, function);
    let check = check_return(registered, &private);
    let failed = failed(model, &private);
    match &function.sig.asyncness {
        None => quote_spanned! {ours=>
            #private::Run::Sync(|call, event| {
                #leases
                let value = &#call;
                #check
                ::core::result::Result::Ok(#private::judge(call, #failed))
            })
        },
        Some(asyncness) => {
            let body = quote_spanned! {ours_at(asyncness.span)=>
                async move {
                    #leases
                    let value = &#call.await;
                    #check
                    ::core::result::Result::Ok(#private::judge(call, #failed))
                }
            };
            // Where a future that is not `Send` is told.
            let boxed = quote_spanned! {ours_at(function.sig.ident.span())=>
                ::std::boxed::Box::pin(#body)
            };
            quote_spanned!(ours=> #private::Run::Async(|call, event| #boxed))
        }
    }
}

/// Every lease is held to the end of the call.
fn leases(registered: &Registered, function: &Function, private: &TokenStream) -> TokenStream {
    let lease_for = |resource| lease_for(private, function, resource);
    let held = registered.held.iter().enumerate().map(|(index, resource)| {
        let (name, lease) = (format_ident!("_held{index}"), lease_for(resource));
        quote_spanned!(Span::mixed_site()=> let #name = #lease;)
    });
    let leased = registered.leased.iter().enumerate().map(|(index, leased)| {
        let (name, lease) = (lease_name(index), lease_for(&leased.resource));
        quote_spanned!(Span::mixed_site()=> let #name = #lease;)
    });
    held.chain(leased).collect()
}

/// Takes a lease on `resource`; an error about its type points at the path.
fn lease_for(private: &TokenStream, function: &Function, resource: &Path) -> TokenStream {
    let lease_for = match function.sig.asyncness {
        None => quote!(lease_here_for),
        Some(_) => quote!(lease_for),
    };
    quote_spanned!(ours_at(resource.span())=> #private::#lease_for(call, &#resource)?)
}

/// The call of the user's function; a wrong type is told at the parameter's type.
fn call(registered: &Registered, function: &Function) -> TokenStream {
    let name = &function.sig.ident;
    let event = over(
        &registered.event,
        quote_spanned!(Span::mixed_site()=> event),
    );
    let leased = registered.leased.iter().enumerate().map(|(index, leased)| {
        let name = lease_name(index);
        over(&leased.ty, quote_spanned!(Span::mixed_site()=> &*#name))
    });
    let arguments = quote_spanned!(ours_at(name.span())=> (#event #(, #leased)*));
    quote!(#name #arguments)
}

fn lease_name(index: usize) -> proc_macro2::Ident {
    format_ident!("lease{index}", span = Span::mixed_site())
}

/// One error at the return type, where the verdict would accept any value.
fn check_return(registered: &Registered, private: &TokenStream) -> Option<TokenStream> {
    let ty = registered.returns.as_ref()?;
    let check = quote_spanned!(Span::mixed_site()=> #private::check_return::<_>(value));
    Some(over(ty, quote!(#check;)))
}

/// Lints about the function's visibility are told for the function, not for its sibling.
fn in_our_span(tokens: &impl ToTokens) -> TokenStream {
    let tokens = tokens.to_token_stream().into_iter();
    tokens
        .map(|mut token: TokenTree| {
            token.set_span(ours_at(token.span()));
            token
        })
        .collect()
}
