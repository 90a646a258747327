//! The registered form: the function as it was, and beside it the site that is attached.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Path, Token, Type, spanned::Spanned as _};

use super::super::Expansion;
use super::super::model::{Model, Registered, Submission};
use super::{failed, site};
use crate::body::is_cfg;
use crate::handler_path::sibling;
use crate::private::private;
use crate::signature::Function;
use crate::span::{ours_at, over};
use crate::tokens::contains_word;

pub(super) fn expand(model: &Model, registered: &Registered, function: &Function) -> Expansion {
    let sibling = site_function(model, registered, function);
    Expansion {
        tokens: quote!(#function #sibling),
        site: match registered.submission {
            Submission::Own => None,
            Submission::Module => Some(site_element(function)),
        },
    }
}

/// The hidden function that owns the site; `handler!` calls it by name.
fn site_function(model: &Model, registered: &Registered, function: &Function) -> TokenStream {
    let private = private(model.krate.as_ref());
    let run = run(model, registered, function);
    let declaration = site::declaration(model, function, Some(run));
    let submit = match registered.submission {
        Submission::Own => Some(quote_spanned! {Span::mixed_site()=>
            #private::submit!(&[&__GAMBESON_SITE]);
        }),
        Submission::Module => None,
    };
    let body = quote_spanned! {Span::mixed_site()=>
        static __GAMBESON_SITE: #private::Site = #declaration;
        #submit
        &__GAMBESON_SITE
    };
    hidden(function, &private, &body)
}

/// The site in the array of its module, where the function is.
fn site_element(function: &Function) -> TokenStream {
    let attrs = function.attrs.iter();
    let cfgs = attrs.filter(|attr| is_cfg(attr));
    let name = sibling(&function.sig.ident, ours_at(function.sig.ident.span()));
    quote_spanned!(Span::mixed_site()=> #(#cfgs)* #name())
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
        #vis const fn #name() -> &'static #private::Site {
            #body
        }
    }
}

/// The site exists where the function does, and is as deprecated as the function is.
fn attributes(function: &Function) -> TokenStream {
    let mut attrs = TokenStream::new();
    for attr in &function.attrs {
        if is_cfg(attr) {
            attr.to_tokens(&mut attrs);
        }
        if attr.path().is_ident("deprecated") {
            attr.to_tokens(&mut attrs);
            attrs.extend(quote_spanned!(Span::mixed_site()=> #[allow(deprecated)]));
        }
    }
    attrs
}

/// How the site runs the function.
///
/// A function that takes the event alone is only named: a closure for each is what a build would
/// spend its time on.
fn run(model: &Model, registered: &Registered, function: &Function) -> TokenStream {
    let private = private(model.krate.as_ref());
    match (function.sig.asyncness, &registered.returns) {
        (Some(asyncness), _) => queued(model, registered, function, asyncness),
        (None, None) if is_nameable(registered, function) => {
            let function = named(registered, function);
            quote_spanned!(Span::mixed_site()=> #private::Run::Direct { function: #function })
        }
        (None, Some(ty)) if is_nameable(registered, function) => {
            let judged = judged(model, registered, function, ty);
            quote_spanned!(Span::mixed_site()=> #private::Run::Judged(#judged))
        }
        (None, _) => {
            let body = judged_call(model, registered, function, &call(registered, function));
            quote_spanned!(Span::mixed_site()=> #private::Run::Sync(|__call, __event| { #body }))
        }
    }
}

/// Whether the function is a `fn(&Event<'_>) -> R`, where `R` does not borrow from the event: that
/// takes a lifetime with a name, since the event has two.
fn is_nameable(registered: &Registered, function: &Function) -> bool {
    let takes_event_alone = registered.leased.is_empty() && registered.held.is_empty();
    let is_generic = !function.sig.generics.params.is_empty()
        || contains_word(registered.event.to_token_stream(), "impl");
    takes_event_alone && !is_generic
}

/// The function by its name; a wrong type is told at the event's type.
fn named(registered: &Registered, function: &Function) -> TokenStream {
    over(&registered.event, function.sig.ident.to_token_stream())
}

/// A reference to `Judged`; a type that no handler returns is told at the type.
fn judged(model: &Model, registered: &Registered, function: &Function, ty: &Type) -> TokenStream {
    let ours = Span::mixed_site();
    let private = private(model.krate.as_ref());
    let named = named(registered, function);
    let failed = failed(model, &private);
    let fields = quote_spanned!(ours=> { function: #named, failed: |__value| #failed });
    let judged = over(ty, quote_spanned!(ours=> &#private::Judged));
    let end = judged.clone().into_iter().last();
    let end = end.map_or(ours, |token| token.span());
    let fields = fields.into_iter().map(|mut fields| {
        fields.set_span(end);
        fields
    });
    judged.into_iter().chain(fields).collect()
}

fn queued(
    model: &Model,
    registered: &Registered,
    function: &Function,
    asyncness: Token![async],
) -> TokenStream {
    let private = private(model.krate.as_ref());
    let call = call(registered, function);
    let body = judged_call(
        model,
        registered,
        function,
        &quote_spanned!(Span::mixed_site()=> #call.await),
    );
    let body = quote_spanned!(ours_at(asyncness.span)=> async move { #body });
    // Where a future that is not `Send` is told.
    let boxed = quote_spanned! {ours_at(function.sig.ident.span())=>
        ::std::boxed::Box::pin(#body)
    };
    quote_spanned!(Span::mixed_site()=> #private::Run::Async(|__call, __event| #boxed))
}

/// Takes the leases, calls the function, judges the value.
fn judged_call(
    model: &Model,
    registered: &Registered,
    function: &Function,
    call: &TokenStream,
) -> TokenStream {
    let private = private(model.krate.as_ref());
    let leases = leases(registered, function, &private);
    let check = check_return(registered, &private);
    let failed = failed(model, &private);
    quote_spanned! {Span::mixed_site()=>
        #leases
        let __value = &#call;
        #check
        ::core::result::Result::Ok(#private::judge(__call, #failed))
    }
}

/// Every lease is held to the end of the call.
fn leases(registered: &Registered, function: &Function, private: &TokenStream) -> TokenStream {
    let lease_for = |resource| lease_for(private, function, resource);
    let held = registered.held.iter().enumerate().map(|(index, resource)| {
        let (name, lease) = (format_ident!("__held{index}"), lease_for(resource));
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
    let lease_for = if function.sig.asyncness.is_some() {
        quote!(lease_for)
    } else {
        quote!(lease_here_for)
    };
    quote_spanned!(ours_at(resource.span())=> #private::#lease_for(__call, &#resource)?)
}

/// The call of the user's function; a wrong type is told at the parameter's type.
fn call(registered: &Registered, function: &Function) -> TokenStream {
    let name = &function.sig.ident;
    let event = over(
        &registered.event,
        quote_spanned!(Span::mixed_site()=> __event),
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
    let check = quote_spanned!(Span::mixed_site()=> #private::check_return::<_>(__value));
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
