//! Questions to tokens that need no parsing.

use proc_macro2::{TokenStream, TokenTree};

/// Whether `word` stands anywhere in `tokens`.
pub(crate) fn contains_word(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => contains_word(group.stream(), word),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
