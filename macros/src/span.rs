//! Where generated tokens point: names resolve as ours, errors land on the user's code.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Resolves names as ours, and points at `span`.
pub(crate) fn ours_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// The same name, resolved as ours. Our edition is not the user's, and has one keyword more.
pub(crate) fn ours(name: &Ident) -> Ident {
    let at = ours_at(name.span());
    if name == "gen" {
        return Ident::new_raw("gen", at);
    }
    let mut name = name.clone();
    name.set_span(at);
    name
}

/// The same tokens, with every local variable resolved as ours, also where a format string names
/// it. `self` stays the user's, and so do the delimiters, which carry the edition of a block.
pub(crate) fn names_as_ours(tokens: TokenStream) -> TokenStream {
    resolve(tokens, |delimiters| delimiters)
}

/// The same tokens, all of them ours: no lint of the user's is told of them.
pub(crate) fn all_as_ours(tokens: TokenStream) -> TokenStream {
    resolve(tokens, ours_at)
}

fn resolve(tokens: TokenStream, delimiters: fn(Span) -> Span) -> TokenStream {
    let resolved = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(name) if name != "self" => ours(&name).into(),
        TokenTree::Group(group) => {
            let content = resolve(group.stream(), delimiters);
            let mut resolved = Group::new(group.delimiter(), content);
            resolved.set_span(delimiters(group.span()));
            resolved.into()
        }
        TokenTree::Literal(mut literal) => {
            literal.set_span(ours_at(literal.span()));
            literal.into()
        }
        other => other,
    });
    resolved.collect()
}

/// Moves `tokens` over `place`, so that an error about them underlines all of it.
///
/// The hygiene of each token stays what it was.
pub(crate) fn over(place: &impl ToTokens, tokens: TokenStream) -> TokenStream {
    let mut spans = place
        .to_token_stream()
        .into_iter()
        .map(|token| token.span());
    let Some(first) = spans.next() else {
        return tokens;
    };
    let last = spans.last().unwrap_or(first);
    let mut at = first;
    tokens
        .into_iter()
        .map(|token| move_to(token, std::mem::replace(&mut at, last), last))
        .collect()
}

fn move_to(token: TokenTree, at: Span, inner: Span) -> TokenTree {
    let mut token = match token {
        TokenTree::Group(group) => {
            let stream = group
                .stream()
                .into_iter()
                .map(|token| move_to(token, inner, inner));
            let mut moved = Group::new(group.delimiter(), stream.collect());
            moved.set_span(group.span());
            TokenTree::Group(moved)
        }
        other => other,
    };
    token.set_span(token.span().located_at(at));
    token
}
