//! A function as it was written: its head parsed, its body left as tokens.
//!
//! The body is never parsed, so a half-typed one still expands and its errors are rustc's own.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, Error, FnArg, Receiver, Signature, Token, Visibility};

#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    pub(crate) body: Body,
}

#[derive(Clone)]
pub(crate) enum Body {
    /// A trait's method that only has a signature.
    Semicolon(Token![;]),
    Block(Block),
}

/// The braces of a body and what is between them.
#[derive(Clone)]
pub(crate) struct Block {
    pub(crate) braces: Group,
    /// `#![..]` belongs to the function, so it stays in the function's own braces.
    pub(crate) inner_attrs: Vec<Attribute>,
    pub(crate) statements: TokenStream,
}

impl Function {
    /// Fails with an error that names the item when it is no function.
    pub(crate) fn parse(item: &TokenStream, attribute: &str) -> syn::Result<Self> {
        if let Some((keyword, kind)) = other_item(item) {
            let place = match kind {
                "an impl block" => "; put it on its methods",
                "a module" => "; put it on its functions",
                _ => "",
            };
            let message =
                format!("{attribute} goes on a function or a method, not on {kind}{place}");
            return Err(Error::new_spanned(keyword, message));
        }
        syn::parse2(item.clone())
    }

    /// Takes off the `#[needs(..)]` of the parameters, a list for each.
    pub(crate) fn take_needs(&mut self) -> Vec<Vec<Attribute>> {
        self.sig.inputs.iter_mut().map(take_needs).collect()
    }

    /// Leaves a body that fits every signature.
    pub(crate) fn empty(&mut self) {
        if let Body::Block(block) = &mut self.body {
            block.braces = block.braced(quote!(#![allow(unused)] loop {}));
        }
    }

    /// The name without `r#`.
    pub(crate) fn name(&self) -> String {
        self.sig.ident.unraw().to_string()
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let defaultness = input.parse()?;
        let sig = input.parse()?;
        let body = if input.peek(Token![;]) {
            Body::Semicolon(input.parse()?)
        } else {
            Body::Block(Block::new(visible(input.parse()?))?)
        };
        Ok(Self {
            attrs,
            vis,
            defaultness,
            sig,
            body,
        })
    }
}

impl Block {
    fn new(body: TokenTree) -> syn::Result<Self> {
        let braces = match body {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => group,
            other => {
                return Err(Error::new_spanned(
                    other,
                    "expected the body of the function",
                ));
            }
        };
        let split = |input: ParseStream<'_>| {
            let inner_attrs = input.call(Attribute::parse_inner)?;
            Ok((inner_attrs, input.parse()?))
        };
        let (inner_attrs, statements) = split.parse2(braces.stream())?;
        Ok(Self {
            braces,
            inner_attrs,
            statements,
        })
    }

    /// Other content between the user's own braces.
    pub(crate) fn braced(&self, content: TokenStream) -> Group {
        let mut group = Group::new(Delimiter::Brace, content);
        group.set_span(self.braces.span());
        group
    }

    /// The user's statements between the user's own braces.
    pub(crate) fn as_written(&self) -> Group {
        if self.inner_attrs.is_empty() {
            return self.braces.clone();
        }
        self.braced(self.statements.clone())
    }
}

/// Takes off the invisible group that a `macro_rules` variable puts round its value.
fn visible(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut content = group.stream().into_iter();
            match (content.next(), content.next()) {
                (Some(only), None) => visible(only),
                _ => TokenTree::Group(group),
            }
        }
        token => token,
    }
}

fn take_needs(input: &mut FnArg) -> Vec<Attribute> {
    let attrs = match input {
        FnArg::Receiver(Receiver { attrs, .. }) => attrs,
        FnArg::Typed(typed) => &mut typed.attrs,
    };
    attrs
        .extract_if(.., |attr| attr.path().is_ident("needs"))
        .collect()
}

/// The keyword of an item that is no function, and what the item is called.
pub(crate) fn other_item(item: &TokenStream) -> Option<(TokenTree, &'static str)> {
    let head = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        Ok(input.parse::<TokenStream>()?.into_iter().collect())
    };
    let tokens: Vec<TokenTree> = head.parse2(item.clone()).ok()?;
    let mut after_qualifiers = tokens.iter().skip_while(|token| is_qualifier(token));
    let is_function = after_qualifiers
        .next()
        .is_some_and(|token| is_word(token, &["fn"]));
    let (TokenTree::Ident(word), false) = (tokens.first()?, is_function) else {
        return None;
    };
    let kind = kind_of(word)?;
    Some((tokens.into_iter().next()?, kind))
}

fn is_qualifier(token: &TokenTree) -> bool {
    let abi = matches!(token, TokenTree::Literal(_));
    abi || is_word(
        token,
        &["default", "const", "async", "unsafe", "safe", "extern"],
    )
}

fn is_word(token: &TokenTree, words: &[&str]) -> bool {
    matches!(token, TokenTree::Ident(word) if words.iter().any(|known| word == known))
}

fn kind_of(keyword: &Ident) -> Option<&'static str> {
    Some(match keyword.to_string().as_str() {
        "struct" => "a struct",
        "enum" => "an enum",
        "union" => "a union",
        "trait" => "a trait",
        "impl" => "an impl block",
        "mod" => "a module",
        "const" => "a constant",
        "static" => "a static",
        "type" => "a type alias",
        "use" => "an import",
        "extern" => "an extern block",
        "let" => "a statement",
        _ => return None,
    })
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.defaultness.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        match &self.body {
            Body::Semicolon(semicolon) => semicolon.to_tokens(tokens),
            Body::Block(block) => block.braces.to_tokens(tokens),
        }
    }
}
