//! What the tests show of an expansion: its code, or its errors with what they underline.

use proc_macro2::{TokenStream, TokenTree};

pub(crate) fn tokens(source: &str) -> TokenStream {
    source.parse().expect("the tokens of a test are balanced")
}

/// The expansion as formatted code; it has to parse as Rust.
pub(crate) fn pretty(expansion: TokenStream) -> String {
    let text = expansion.to_string();
    match syn::parse2(expansion) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => panic!("{error} in the expansion: {text}"),
    }
}

/// Each `compile_error!` of the expansion: the source that it underlines, and its message.
pub(crate) fn errors(expansion: TokenStream) -> String {
    let tokens: Vec<TokenTree> = expansion.into_iter().collect();
    let mut shown = String::new();
    for window in tokens.windows(3) {
        let [
            TokenTree::Ident(name),
            TokenTree::Punct(_),
            TokenTree::Group(message),
        ] = window
        else {
            continue;
        };
        if name == "compile_error" {
            let span = name.span().join(message.span());
            let place = span.and_then(|span| span.source_text()).unwrap_or_default();
            let message: syn::LitStr =
                syn::parse2(message.stream()).expect("a message is a string literal");
            shown.extend([&place, "\n    ", &message.value(), "\n"]);
        }
    }
    shown
}
