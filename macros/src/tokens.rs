//! Questions to tokens that need no parsing.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// Words that an item starts with.
const ITEMS: [&str; 15] = [
    "async", "const", "enum", "extern", "fn", "impl", "mod", "pub", "static", "struct", "trait",
    "type", "union", "unsafe", "use",
];

/// Whether `word` stands anywhere in `tokens`.
pub(crate) fn contains_word(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => contains_word(group.stream(), word),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The same tokens, with other identifiers.
pub(crate) fn map_idents(tokens: TokenStream, map: &impl Fn(Ident) -> Ident) -> TokenStream {
    let mapped = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(name) => map(name).into(),
        TokenTree::Group(group) => {
            let mut mapped = Group::new(group.delimiter(), map_idents(group.stream(), map));
            mapped.set_span(group.span());
            mapped.into()
        }
        other => other,
    });
    mapped.collect()
}

/// Whether `tokens` may name a variable `name`: as a word that is no field, method or segment of a
/// path, or in a format string.
pub(crate) fn mentions_variable(tokens: TokenStream, name: &str) -> bool {
    let mut before = [None, None];
    tokens.into_iter().any(|token| {
        let is_mentioned = match &token {
            TokenTree::Ident(ident) => ident == name && !is_no_variable(before),
            TokenTree::Group(group) => mentions_variable(group.stream(), name),
            TokenTree::Literal(literal) => may_format(&literal.to_string(), name),
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

/// Whether the first of some statements may be an item.
pub(crate) fn starts_with_item(statements: &TokenStream) -> bool {
    let mut tokens = statements.clone().into_iter();
    let first = tokens.by_ref().find(|token| !is_of_an_attribute(token));
    matches!(first, Some(TokenTree::Ident(word)) if ITEMS.iter().any(|item| word == item))
}

fn is_of_an_attribute(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => punct.as_char() == '#',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Bracket,
        _ => false,
    }
}

/// Whether a format string would show the variable, or take it for a width: `{:name$}`. A raw name
/// is written without its `r#` there.
fn may_format(literal: &str, name: &str) -> bool {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let placeholders = literal.split('{').skip(1);
    placeholders
        .filter_map(|rest| rest.split('}').next())
        .flat_map(|placeholder| placeholder.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .any(|word| word == name)
}

/// Whether what comes after these two tokens is `'name`, `.name` or `::name`, but not `..name`.
fn is_no_variable(before: [Option<char>; 2]) -> bool {
    matches!(before, [Some(':'), Some(':')] | [_, Some('\'')])
        || matches!(before, [first, Some('.')] if first != Some('.'))
}

#[cfg(test)]
mod tests {
    use super::{mentions_variable, starts_with_item};
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
            ("println!(\"{b:>a$} {}\", c)", true),
            ("println!(\"{} a\", c)", false),
            ("'a: loop { break 'a }", false),
        ] {
            assert_eq!(mentions_variable(tokens(code), "a"), is_mentioned, "{code}");
        }
    }

    #[test]
    fn a_raw_name_is_formatted_without_its_prefix() {
        assert!(mentions_variable(tokens("println!(\"{type}\")"), "r#type"));
        assert!(!mentions_variable(
            tokens("println!(\"{types}\")"),
            "r#type"
        ));
    }

    #[test]
    fn an_item_is_told_from_a_statement() {
        for (statements, is_item) in [
            ("use std::fmt; a", true),
            ("#[inline] fn f() {}", true),
            ("let a = 1; fn f() {}", false),
            ("[a][0]", false),
            ("", false),
        ] {
            assert_eq!(starts_with_item(&tokens(statements)), is_item);
        }
    }
}
