//! The output: the module with its handlers expanded, and one registration for all of them.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote_spanned};
use syn::Path;

use super::model::{Content, Handler, Model, Module};
use crate::defensive_handler::{self, Expansion};
use crate::private::private;

pub(super) fn expand(model: &Model, module: &Module) -> TokenStream {
    let mut content = TokenStream::new();
    let mut sites = Vec::new();
    for part in &model.contents {
        match part {
            Content::Handler(handler) => {
                let Expansion { tokens, site } = handler_of(model, handler);
                content.extend(tokens);
                sites.extend(site);
            }
            Content::Other(tokens) => content.extend(tokens.clone()),
        }
    }
    content.extend(registration(model, &sites));
    module.with_content(content)
}

fn handler_of(model: &Model, handler: &Handler) -> Expansion {
    let Handler {
        options, function, ..
    } = handler;
    defensive_handler::expand_in_module(options.clone(), function.clone(), model.krate.as_ref())
}

fn registration(model: &Model, sites: &[TokenStream]) -> TokenStream {
    let private = private(model.krate.as_ref());
    let imports = imports(model);
    let allowed = model
        .handlers()
        .any(is_deprecated)
        .then(|| quote_spanned!(Span::mixed_site()=> #[allow(deprecated)]));
    quote_spanned! {Span::mixed_site()=>
        #allowed
        const _: () = {
            #imports
            static __GAMBESON_SITES: &[&#private::Site] = &[#(#sites),*];
            #private::submit!(__GAMBESON_SITES);
        };
    }
}

/// Uses of the attribute that was expanded here, or the import of it would be told as unused.
fn imports(model: &Model) -> TokenStream {
    let written = model.handlers().map(|Handler { path, .. }| path);
    let paths: BTreeMap<String, &Path> = written
        .map(|path| (path.to_token_stream().to_string(), path))
        .collect();
    let paths = paths.values();
    quote_spanned!(Span::mixed_site()=> #(use #paths as _;)*)
}

fn is_deprecated(handler: &Handler) -> bool {
    let mut attrs = handler.function.attrs.iter();
    attrs.any(|attr| attr.path().is_ident("deprecated"))
}
