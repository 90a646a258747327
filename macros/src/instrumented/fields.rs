//! `fields(..)`: a list of `name = value`, in the forms that tracing has.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, LitStr, Token, token};

use super::model::{Field, Format, Key, Value};
use crate::errors::Errors;
use crate::options::{self, Written};

pub(super) fn parse(option: &Written, errors: &mut Errors) -> Option<Vec<Field>> {
    let list = match &option.value {
        options::Value::Listed(list) => list,
        options::Value::Bare | options::Value::Missing => {
            errors.at(&option.key, option.missing());
            return None;
        }
        options::Value::Assigned(value) => {
            errors.at(value, option.mismatch());
            return None;
        }
    };
    let parser = |input: ParseStream<'_>| {
        // With its parentheses, where a field that ends too soon is told.
        let content;
        syn::parenthesized!(content in input);
        Ok(parse_list(&content, errors))
    };
    let list = TokenTree::Group(list.clone());
    parser.parse2(list.into()).ok()
}

fn parse_list(input: ParseStream<'_>, errors: &mut Errors) -> Vec<Field> {
    let mut fields = Vec::new();
    while !input.is_empty() {
        match field(input) {
            Ok(field) if input.is_empty() || input.peek(Token![,]) => fields.push(field),
            Ok(_) => errors.push(input.error("expected `,` between two fields")),
            Err(error) => errors.push(error),
        }
        options::resume_after_comma(input);
    }
    fields
}

fn field(input: ParseStream<'_>) -> syn::Result<Field> {
    let sigil = sigil(input)?;
    let name = Name::parse(input)?;
    if input.parse::<Option<Token![=]>>()?.is_some() {
        let format = match sigil {
            Some(format) => format,
            None => self::sigil(input)?.unwrap_or(Format::AsIs),
        };
        if input.is_empty() || input.peek(Token![,]) {
            return Err(Error::new_spanned(
                name,
                "this field has no value: write `name = value`",
            ));
        }
        let expression = options::parse_value(input)?;
        let value = Some(Value { format, expression });
        return Ok(Field {
            key: name.into_key(),
            value,
            is_sensitive: false,
        });
    }
    // As in tracing: a name alone is a field whose value is recorded later.
    let value = match sigil {
        Some(format) => Some(Value {
            format,
            expression: name.as_variable()?,
        }),
        None => None,
    };
    Ok(Field {
        key: name.into_key(),
        value,
        is_sensitive: false,
    })
}

fn sigil(input: ParseStream<'_>) -> syn::Result<Option<Format>> {
    if input.parse::<Option<Token![%]>>()?.is_some() {
        return Ok(Some(Format::Display));
    }
    let debug = input.parse::<Option<Token![?]>>()?;
    Ok(debug.map(|_| Format::Debug))
}

/// A name as it was written.
enum Name {
    Words(Punctuated<Ident, Token![.]>),
    Literal(LitStr),
    Constant(Group),
}

impl Name {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Literal);
        }
        if input.peek(token::Brace) {
            return input.parse().map(Self::Constant);
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error("expected a field, such as `order_id = %order.id`"));
        }
        Punctuated::parse_separated_nonempty_with(input, Ident::parse_any).map(Self::Words)
    }

    /// The value of `%name` and `?name`: the variable or the field of a variable.
    fn as_variable(&self) -> syn::Result<Expr> {
        match self {
            Self::Words(words) => syn::parse2(words.to_token_stream()),
            name => Err(Error::new_spanned(
                name,
                "this name is no variable: write `name = value`",
            )),
        }
    }

    fn into_key(self) -> Key {
        match self {
            Self::Words(words) => {
                let span = words.first().map_or_else(Span::mixed_site, Ident::span);
                let words: Vec<String> =
                    words.iter().map(|word| word.unraw().to_string()).collect();
                Key::Text(LitStr::new(&words.join("."), span))
            }
            Self::Literal(name) => Key::Text(name),
            Self::Constant(constant) => Key::Constant(constant),
        }
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Words(words) => words.to_tokens(tokens),
            Self::Literal(name) => name.to_tokens(tokens),
            Self::Constant(constant) => constant.to_tokens(tokens),
        }
    }
}
