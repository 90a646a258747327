//! A module as it was written: its functions with `#[defensive_handler(..)]`, and the rest as
//! tokens.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, Error, Meta, MetaList, Path, Token, Visibility};

use crate::signature::{Function, other_item};

/// What is generated: valid by construction.
pub(super) struct Model {
    pub(super) krate: Option<Path>,
    pub(super) contents: Vec<Content>,
}

pub(super) struct Module {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) keyword: Token![mod],
    pub(super) name: Ident,
    pub(super) body: Body,
}

pub(super) enum Body {
    /// The module is in a file of its own.
    Semicolon(Token![;]),
    Braces(Group),
}

/// A part of a module's body.
pub(super) enum Content {
    Handler(Box<Handler>),
    Other(TokenStream),
}

/// A function with `#[defensive_handler(..)]`, which has been taken off it.
pub(super) struct Handler {
    /// The attribute's path, by which it may have been imported.
    pub(super) path: Path,
    pub(super) options: TokenStream,
    pub(super) function: Function,
}

impl Model {
    pub(super) fn handlers(&self) -> impl Iterator<Item = &Handler> {
        self.contents.iter().filter_map(|content| match content {
            Content::Handler(handler) => Some(&**handler),
            Content::Other(_) => None,
        })
    }
}

impl Module {
    /// Fails with an error that names the item when it is no module.
    pub(super) fn parse(item: &TokenStream) -> syn::Result<Self> {
        match other_item(item) {
            Some((_, "a module")) => syn::parse2(item.clone()),
            Some((keyword, kind)) => {
                let message = format!("`#[defensive_handlers]` goes on a module, not on {kind}");
                Err(Error::new_spanned(keyword, message))
            }
            None => {
                let message = "`#[defensive_handlers]` goes on a module; \
                               on a function write `#[defensive_handler]`";
                let keyword = item.clone().into_iter().find(is_fn);
                Err(Error::new_spanned(keyword, message))
            }
        }
    }
}

fn is_fn(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word == "fn")
}

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            keyword: input.parse()?,
            name: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![;]) {
            return Ok(Self::Semicolon(input.parse()?));
        }
        match input.parse()? {
            TokenTree::Group(braces) if braces.delimiter() == Delimiter::Brace => {
                Ok(Self::Braces(braces))
            }
            other => Err(Error::new_spanned(other, "expected the body of the module")),
        }
    }
}

impl Content {
    /// The parts of a module's body. What is no handler is not looked into.
    pub(super) fn all(body: TokenStream) -> syn::Result<Vec<Self>> {
        let contents = |input: ParseStream<'_>| {
            let mut contents = Vec::new();
            while !input.is_empty() {
                contents.push(match Handler::parse_ahead(input) {
                    Some(handler) => Self::Handler(Box::new(handler)),
                    None => Self::Other(other_content(input)?),
                });
            }
            Ok(contents)
        };
        contents.parse2(body)
    }
}

impl Handler {
    /// Whether the function has the registered form.
    pub(super) fn is_registered(&self) -> bool {
        let mut options = self.options.clone().into_iter();
        options.any(|token| matches!(&token, TokenTree::Ident(word) if word == "on"))
    }

    /// Takes the next item if it is a function with the attribute.
    fn parse_ahead(input: ParseStream<'_>) -> Option<Self> {
        let attrs = Attribute::parse_outer(&input.fork()).ok()?;
        let own = attrs.iter().position(is_own)?;
        let ahead = input.fork();
        let mut function: Function = ahead.parse().ok()?;
        let Meta::List(MetaList { path, tokens, .. }) = function.attrs.remove(own).meta else {
            return None;
        };
        input.advance_to(&ahead);
        Some(Self {
            path,
            options: tokens,
            function,
        })
    }
}

/// Whether it is a `#[defensive_handler(..)]`.
fn is_own(attr: &Attribute) -> bool {
    let name = attr.path().segments.last();
    let is_list = matches!(attr.meta, Meta::List(_));
    is_list && name.is_some_and(|name| name.ident == "defensive_handler")
}

/// The tokens up to the end of an item, which is a semicolon or a pair of braces.
fn other_content(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut content = TokenStream::new();
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        content.append(token);
        if ends {
            break;
        }
    }
    Ok(content)
}

impl Module {
    /// The module with other content between the user's own braces.
    pub(super) fn with_content(&self, content: TokenStream) -> TokenStream {
        let mut module = self.head();
        match &self.body {
            Body::Semicolon(semicolon) => semicolon.to_tokens(&mut module),
            Body::Braces(braces) => {
                let mut body = Group::new(Delimiter::Brace, content);
                body.set_span(braces.span());
                module.append(body);
            }
        }
        module
    }

    fn head(&self) -> TokenStream {
        let Module {
            attrs,
            vis,
            keyword,
            name,
            ..
        } = self;
        quote!(#(#attrs)* #vis #keyword #name)
    }
}

impl ToTokens for Module {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let content = match &self.body {
            Body::Semicolon(_) => TokenStream::new(),
            Body::Braces(braces) => braces.stream(),
        };
        tokens.extend(self.with_content(content));
    }
}
