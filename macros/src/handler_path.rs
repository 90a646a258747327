//! `handler!(path)`: the site of a registered handler, by the handler's own path.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::{Error, Path, Token};

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    site_path(input).unwrap_or_else(Error::into_compile_error)
}

/// The name of the hidden function that yields a handler's site.
pub(crate) fn sibling(handler: &Ident, span: Span) -> Ident {
    format_ident!("__gambeson_handler_{}", handler.unraw(), span = span)
}

fn site_path(input: TokenStream) -> syn::Result<TokenStream> {
    if input.is_empty() {
        let message = "which handler? write `handler!(path::to::function)`";
        return Err(Error::new(Span::call_site(), message));
    }
    let parser = |input: syn::parse::ParseStream<'_>| {
        let path = input.call(Path::parse_mod_style)?;
        input.parse::<Option<Token![,]>>()?;
        Ok(path)
    };
    let mut path = parser.parse2(input.clone()).map_err(|_| {
        let message = "`handler!` takes the path of a function that has \
                       `#[defensive_handler(on = ..)]`: write `handler!(path::to::function)`";
        Error::new_spanned(input, message)
    })?;
    let span = match path.segments.last_mut() {
        Some(last) => {
            last.ident = sibling(&last.ident, last.ident.span());
            last.ident.span()
        }
        None => Span::call_site(),
    };
    Ok(quote_spanned!(span=> #path()))
}

#[cfg(test)]
mod tests {
    use super::expand;
    use crate::testing::{errors, tokens};

    #[test]
    fn the_last_segment_names_the_site() {
        for (path, site) in [
            ("sale", "__gambeson_handler_sale ()"),
            ("::shop::r#match,", ":: shop :: __gambeson_handler_match ()"),
            ("super::sale", "super :: __gambeson_handler_sale ()"),
        ] {
            assert_eq!(expand(tokens(path)).to_string(), site);
        }
    }

    #[test]
    fn anything_but_a_path_is_one_error() {
        for input in ["", "1 + 1", "sale()", "sale::<u8>", "a, b"] {
            let errors = errors(expand(tokens(input)));
            assert_eq!(
                errors
                    .matches("write `handler!(path::to::function)`")
                    .count(),
                1
            );
            assert_eq!(errors.lines().count(), 2, "{errors}");
        }
    }
}
