//! What the tests show of an expansion: its code, or its errors with what they underline.

use proc_macro2::{Group, TokenStream, TokenTree};

pub(crate) fn tokens(source: &str) -> TokenStream {
    source.parse().expect("the tokens of a test are balanced")
}

/// The expansion as formatted code; it has to parse as Rust.
///
/// `pin!(..)` is shown as `pin(..)`, because what is in a macro call is not formatted.
pub(crate) fn pretty(expansion: TokenStream) -> String {
    let text = expansion.to_string();
    match syn::parse2(without_pin_macro(expansion)) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => panic!("{error} in the expansion: {text}"),
    }
}

fn without_pin_macro(tokens: TokenStream) -> TokenStream {
    let mut after_pin = false;
    let shown = tokens.into_iter().filter_map(|token| {
        let is_bang = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '!');
        let skipped = is_bang && after_pin;
        after_pin = matches!(&token, TokenTree::Ident(word) if word == "pin");
        match token {
            _ if skipped => None,
            TokenTree::Group(group) => {
                let content = without_pin_macro(group.stream());
                Some(Group::new(group.delimiter(), content).into())
            }
            token => Some(token),
        }
    });
    shown.collect()
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
