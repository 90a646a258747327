//! The output: the module with its handlers expanded, and one registration for all of them.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::model::{Content, Handler, Model, Module};
use crate::body::is_cfg;
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
    let uses = model.handlers().map(|Handler { path, function, .. }| {
        // The import may be there only where the handler is.
        let cfgs = function.attrs.iter().filter(|attr| is_cfg(attr));
        quote_spanned!(Span::mixed_site()=> #(#cfgs)* use #path as _;)
    });
    let distinct: BTreeMap<String, TokenStream> =
        uses.map(|import| (import.to_string(), import)).collect();
    distinct.into_values().collect()
}

fn is_deprecated(handler: &Handler) -> bool {
    let mut attrs = handler.function.attrs.iter();
    attrs.any(|attr| attr.path().is_ident("deprecated"))
}
