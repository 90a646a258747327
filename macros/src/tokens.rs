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

/// Whether `tokens` may name a variable `name`: as a word that is no field, method or segment of a
/// path, or in a format string.
pub(crate) fn mentions_variable(tokens: TokenStream, name: &str) -> bool {
    let mut before = [None, None];
    tokens.into_iter().any(|token| {
        let is_mentioned = match &token {
            TokenTree::Ident(ident) => ident == name && !is_part_of_a_path(before),
            TokenTree::Group(group) => mentions_variable(group.stream(), name),
            TokenTree::Literal(literal) => literal.to_string().contains(&format!("{{{name}")),
            TokenTree::Punct(_) => false,
        };
        let punct = match &token {
            TokenTree::Punct(punct) => Some(punct.as_char()),
            _ => None,
        };
        before = [before[1], punct];
        is_mentioned
    })
}

/// Whether what comes after these two tokens is `.name` or `::name`, but not `..name`.
fn is_part_of_a_path(before: [Option<char>; 2]) -> bool {
    matches!(before, [Some(':'), Some(':')])
        || matches!(before, [first, Some('.')] if first != Some('.'))
}

#[cfg(test)]
mod tests {
    use super::mentions_variable;
    use crate::testing::tokens;

    #[test]
    fn a_variable_is_told_from_a_field() {
        for (code, is_mentioned) in [
            ("a + 1", true),
            ("{ f(b, [a]) }", true),
            ("0..a", true),
            ("println!(\"{a:?}\")", true),
            ("b.a", false),
            ("b.a()", false),
            ("b::a", false),
            ("println!(\"a\")", false),
        ] {
            assert_eq!(mentions_variable(tokens(code), "a"), is_mentioned, "{code}");
        }
    }
}
