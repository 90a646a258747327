//! The declaration in a function's `static` site: the options as data.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{LitInt, LitStr, Path};

use super::super::model::{Model, Quarantine, Reference, Site};
use crate::private::{private, private_at};
use crate::signature::Function;
use crate::span::ours_at;

/// The number of fields that a declaration has.
const FIELDS: usize = 13;

/// `Site::new(..)`, with only the fields that were written and with `run`.
pub(super) fn declaration(
    model: &Model,
    function: &Function,
    run: Option<TokenStream>,
) -> TokenStream {
    let private = &private(model.krate.as_ref());
    let mut fields = place(&model.site, function);
    fields.extend(lists(model, private));
    fields.extend(limits(model));
    fields.extend(run.map(|run| quote_spanned!(Span::mixed_site()=> run: #run)));
    // clippy's `needless_update` is told in user crates too.
    let rest = (fields.len() < FIELDS)
        .then(|| quote_spanned!(Span::mixed_site()=> ..#private::Declaration::EMPTY));
    quote_spanned! {Span::mixed_site()=>
        #private::Site::new(#private::Declaration { #(#fields,)* #rest })
    }
}

/// What the site is called and where it is.
fn place(site: &Site, function: &Function) -> Vec<TokenStream> {
    let ours = Span::mixed_site();
    let function_name = function.name();
    let path = quote_spanned! {ours=>
        ::core::concat!(::core::module_path!(), "::", #function_name)
    };
    let name = match &site.name {
        Some(name) => quote!(#name),
        None => path.clone(),
    };
    // In the user's span: `line!` tells the line of the outermost expansion.
    let line = quote_spanned!(function.sig.ident.span()=> ::core::line!());
    vec![
        quote_spanned!(ours=> name: #name),
        quote_spanned!(ours=> function: #path),
        quote_spanned!(ours=> file: ::core::file!()),
        quote_spanned!(ours=> line: #line),
    ]
}

fn lists(model: &Model, private: &TokenStream) -> Vec<TokenStream> {
    let Model { krate, site, .. } = model;
    let ours = Span::mixed_site();
    let patterns = site.patterns.iter().map(|pattern| {
        let at = pattern.span();
        let private = private_at(krate.as_ref(), at);
        quote_spanned!(at=> #private::Pattern::new(#pattern))
    });
    let needs = site
        .needs
        .iter()
        .map(|resource| quote_spanned!(ours_at(resource.span())=> &#resource));
    let after = site.after.iter().map(|handler| reference(private, handler));
    let before = site
        .before
        .iter()
        .map(|handler| reference(private, handler));
    [
        list(&quote_spanned!(ours=> patterns), patterns),
        list(&quote_spanned!(ours=> needs), needs),
        list(&quote_spanned!(ours=> after), after),
        list(&quote_spanned!(ours=> before), before),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn list(
    field: &TokenStream,
    elements: impl ExactSizeIterator<Item = TokenStream>,
) -> Option<TokenStream> {
    (elements.len() > 0).then(|| quote_spanned!(Span::mixed_site()=> #field: &[#(#elements),*]))
}

fn reference(private: &TokenStream, handler: &Reference) -> TokenStream {
    match handler {
        Reference::Name(name) => {
            quote_spanned!(ours_at(name.span())=> #private::Reference::Name(#name))
        }
        Reference::Function(path) => quote_spanned! {ours_at(path.span())=>
            #private::Reference::Function(|| #private::type_name_of(&#path))
        },
    }
}

fn limits(model: &Model) -> Vec<TokenStream> {
    let Model { krate, site, .. } = model;
    let ours = Span::mixed_site();
    let some = |value: TokenStream| quote_spanned!(ours=> ::core::option::Option::Some(#value));
    let mut fields = Vec::new();
    if let Some(condition) = &site.available {
        // Bound to its type first, or what is wrong is told of the `Some` around it.
        let condition = some(quote_spanned! {ours=> {
            let condition: fn() -> bool = #condition;
            condition
        }});
        fields.push(quote_spanned!(ours=> available: #condition));
    }
    if let Some(limits) = &site.quarantine {
        let limits = some(quarantine(krate.as_ref(), limits));
        fields.push(quote_spanned!(ours=> quarantine: #limits));
    }
    if let Some(budget) = &site.budget {
        let at = budget.span();
        let private = private_at(krate.as_ref(), at);
        let budget = some(quote_spanned!(at=> #private::duration(#budget)));
        fields.push(quote_spanned!(ours=> budget: #budget));
    }
    if let Some(queue) = &site.queue {
        let queue = some(quote!(#queue));
        fields.push(quote_spanned!(ours=> queue: #queue));
    }
    fields
}

fn quarantine(krate: Option<&Path>, quarantine: &Quarantine) -> TokenStream {
    let ours = Span::mixed_site();
    let Quarantine::Limits {
        failures,
        within,
        cooldown,
    } = quarantine
    else {
        let private = private_at(krate, ours);
        return quote_spanned!(ours=> #private::Quarantine::OFF);
    };
    let texts = within.iter().chain(cooldown).map(LitStr::span);
    let at = failures.iter().map(LitInt::span).chain(texts).next();
    let at = at.unwrap_or(ours);
    let private = private_at(krate, at);
    let mut limits = quote_spanned!(at=> #private::Quarantine::INHERIT);
    if let Some(failures) = failures {
        limits.extend(quote_spanned!(failures.span()=> .failures(#failures)));
    }
    if let Some(within) = within {
        limits.extend(quote_spanned!(within.span()=> .within(#within)));
    }
    if let Some(cooldown) = cooldown {
        limits.extend(quote_spanned!(cooldown.span()=> .cooldown(#cooldown)));
    }
    limits
}
