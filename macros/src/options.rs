//! Lists of options: `key = value, key(value, value)`, with the spans of what was written.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{
    Expr, ExprGroup, ExprLit, ExprPath, Lit, LitInt, LitStr, Path, Token, parse_quote, token,
};

use crate::errors::Errors;
use crate::nearest;

/// The options of one place.
pub(crate) struct Grammar {
    /// What an error calls the place.
    pub(crate) owner: &'static str,
    pub(crate) usages: &'static [Usage],
    /// Names that have a meaning, but not in this version.
    pub(crate) reserved: &'static [&'static str],
    /// The key that a string literal alone is the value of.
    pub(crate) literal: Option<&'static str>,
    pub(crate) commas: Commas,
}

/// What stands between two options.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commas {
    /// One comma.
    One,
    /// Any number of them, and also before the first one.
    Any,
}

/// An option that a macro knows: its key, what it takes, and how it is written.
pub(crate) struct Usage {
    pub(crate) key: &'static str,
    pub(crate) takes: &'static str,
    pub(crate) example: &'static str,
}

/// An option as it was written.
pub(crate) struct Written {
    pub(crate) usage: &'static Usage,
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    /// The key alone.
    Bare,
    Missing,
    Assigned(Expr),
    Listed(Group),
}

/// An option: its key when it was written, its value when that is valid.
pub(crate) struct Setting<T> {
    pub(crate) key: Option<Ident>,
    pub(crate) value: Option<T>,
}

/// Parses the options of a place. Unknown, doubled and broken ones are told and left out.
pub(crate) fn parse(
    tokens: TokenStream,
    grammar: &'static Grammar,
    errors: &mut Errors,
) -> Vec<Written> {
    let list = |input: ParseStream<'_>| Ok(parse_list(input, grammar, errors));
    let parsed = list.parse2(tokens);
    let mut options: Vec<Written> = Vec::new();
    for (key, value) in errors.take(parsed).unwrap_or_default() {
        let name = key.unraw().to_string();
        let Some(usage) = grammar.usages.iter().find(|usage| usage.key == name) else {
            errors.at(key, grammar.unknown(&name));
            continue;
        };
        if options.iter().any(|option| option.usage.key == name) {
            errors.at(key, format!("`{name}` is written twice: keep one of them"));
            continue;
        }
        options.push(Written { usage, key, value });
    }
    options
}

impl Grammar {
    fn unknown(&self, name: &str) -> String {
        if self.reserved.contains(&name) {
            return format!("`{name}` is not supported by this version of gambeson: leave it out");
        }
        let known: Vec<&str> = self.usages.iter().map(|usage| usage.key).collect();
        let suggestion = nearest::suggestion(name, &known);
        format!("{} has no option `{name}`: {suggestion}", self.owner)
    }

    fn expected(&self) -> String {
        let example = self.usages.first().map_or("", |usage| usage.example);
        format!("expected an option, such as `{example}`")
    }
}

fn parse_list(
    input: ParseStream<'_>,
    grammar: &Grammar,
    errors: &mut Errors,
) -> Vec<(Ident, Value)> {
    let mut list = Vec::new();
    while !input.is_empty() {
        if grammar.commas == Commas::Any
            && input
                .parse::<Option<Token![,]>>()
                .is_ok_and(|comma| comma.is_some())
        {
            continue;
        }
        match parse_option(input, grammar) {
            Ok(option) if ends_option(input, grammar) => {
                list.push(option);
                if grammar.commas == Commas::Any {
                    continue;
                }
            }
            Ok(_) => errors.push(input.error("expected `,` between two options")),
            Err(error) => errors.push(error),
        }
        resume_after_comma(input);
    }
    list
}

fn ends_option(input: ParseStream<'_>, grammar: &Grammar) -> bool {
    let next_begins = grammar.commas == Commas::Any && input.peek(Ident::peek_any);
    next_begins || input.is_empty() || input.peek(Token![,])
}

fn parse_option(input: ParseStream<'_>, grammar: &Grammar) -> syn::Result<(Ident, Value)> {
    if let (Some(key), true) = (grammar.literal, input.peek(LitStr)) {
        let text: LitStr = input.parse()?;
        let key = Ident::new(key, text.span());
        return Ok((key, Value::Assigned(parse_quote!(#text))));
    }
    if !input.peek(Ident::peek_any) {
        return Err(input.error(grammar.expected()));
    }
    let key = input.call(Ident::parse_any)?;
    if input.peek(token::Paren) {
        return Ok((key, Value::Listed(input.parse()?)));
    }
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok((key, Value::Bare));
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Ok((key, Value::Missing));
    }
    Ok((key, Value::Assigned(parse_value(input)?)))
}

/// On a fork, because what a broken value leaves unread would fail the whole list.
pub(crate) fn parse_value(input: ParseStream<'_>) -> syn::Result<Expr> {
    let fork = input.fork();
    let value = fork.parse()?;
    input.advance_to(&fork);
    Ok(value)
}

/// Skips what is left of a broken element of a list.
pub(crate) fn resume_after_comma(input: ParseStream<'_>) {
    while !input.is_empty() {
        let comma = input.peek(Token![,]);
        if input.parse::<TokenTree>().is_err() || comma {
            return;
        }
    }
}

impl Written {
    /// The value of `key = value`, read by `read`.
    pub(crate) fn value<T>(
        &self,
        errors: &mut Errors,
        read: impl Fn(&Expr) -> Option<T>,
    ) -> Option<T> {
        let value = self.assigned(errors)?;
        let read = read(value);
        if read.is_none() {
            errors.at(value, self.mismatch());
        }
        read
    }

    /// The expression of `key = expression`.
    pub(crate) fn assigned(&self, errors: &mut Errors) -> Option<&Expr> {
        match &self.value {
            Value::Assigned(value) => return Some(peel(value)),
            Value::Bare | Value::Missing => errors.at(&self.key, self.missing()),
            Value::Listed(list) => errors.at(list, self.mismatch()),
        }
        None
    }

    /// The elements of `key(a, b)`, each read by `read`; there is at least one.
    pub(crate) fn elements<T>(
        &self,
        errors: &mut Errors,
        read: impl Fn(&Expr) -> Option<T>,
    ) -> Option<Vec<T>> {
        let elements = self.elements_if_any(errors, read)?;
        if elements.is_empty()
            && let Value::Listed(list) = &self.value
        {
            errors.at(list, self.missing());
        }
        (!elements.is_empty()).then_some(elements)
    }

    /// The same where there may be none.
    pub(crate) fn elements_if_any<T>(
        &self,
        errors: &mut Errors,
        read: impl Fn(&Expr) -> Option<T>,
    ) -> Option<Vec<T>> {
        let list = match &self.value {
            Value::Listed(list) => list,
            Value::Bare | Value::Missing => {
                errors.at(&self.key, self.missing());
                return None;
            }
            Value::Assigned(value) => {
                errors.at(value, self.mismatch());
                return None;
            }
        };
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let elements = errors.take(parser.parse2(list.stream()))?;
        let mut read_elements = Vec::with_capacity(elements.len());
        for element in &elements {
            match read(peel(element)) {
                Some(value) => read_elements.push(value),
                None => errors.at(element, self.mismatch()),
            }
        }
        (read_elements.len() == elements.len()).then_some(read_elements)
    }

    /// The option is its key alone.
    pub(crate) fn flag(&self, errors: &mut Errors) -> Option<()> {
        match &self.value {
            Value::Bare => return Some(()),
            Value::Missing => errors.at(&self.key, self.mismatch()),
            Value::Assigned(value) => errors.at(value, self.mismatch()),
            Value::Listed(list) => errors.at(list, self.mismatch()),
        }
        None
    }

    /// The sentence for a value of the wrong kind.
    pub(crate) fn mismatch(&self) -> String {
        let Usage {
            key,
            takes,
            example,
        } = self.usage;
        format!("`{key}` takes {takes}: write `{example}`")
    }

    /// The sentence for a value that is not there.
    pub(crate) fn missing(&self) -> String {
        let Usage { key, example, .. } = self.usage;
        format!("`{key}` has no value: write `{example}`")
    }
}

impl<T> Setting<T> {
    pub(crate) fn set(&mut self, option: &Written, value: Option<T>) {
        self.key = Some(option.key.clone());
        self.value = value;
    }
}

impl<T> Default for Setting<T> {
    fn default() -> Self {
        Self {
            key: None,
            value: None,
        }
    }
}

pub(crate) fn as_text(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.clone()),
        _ => None,
    }
}

pub(crate) fn as_path(value: &Expr) -> Option<Path> {
    match value {
        Expr::Path(ExprPath {
            qself: None, path, ..
        }) => Some(path.clone()),
        _ => None,
    }
}

pub(crate) fn as_integer(value: &Expr) -> Option<LitInt> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Int(integer),
            ..
        }) => Some(integer.clone()),
        _ => None,
    }
}

/// Takes off the invisible group that a `macro_rules` variable puts round its value.
fn peel(value: &Expr) -> &Expr {
    match value {
        Expr::Group(ExprGroup { expr, .. }) => peel(expr),
        _ => value,
    }
}
