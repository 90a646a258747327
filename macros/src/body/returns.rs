//! What a function returns, as far as its tokens tell.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{ReturnType, Type, spanned::Spanned as _};

use crate::signature::Function;
use crate::span::ours_at;
use crate::tokens::contains_word;

pub(crate) enum Returns {
    Unit,
    Never,
    /// A type that can be written in the body too.
    Type(Type),
    /// A type with `impl Trait` in it, which can not.
    Opaque(Type),
}

impl Returns {
    pub(crate) fn of(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Unit,
            ReturnType::Type(_, ty) => match &**ty {
                Type::Never(_) => Self::Never,
                ty if contains_word(ty.to_token_stream(), "impl") => Self::Opaque(ty.clone()),
                ty => Self::Type(ty.clone()),
            },
        }
    }

    /// The return type of a closure, where it can be written.
    pub(super) fn written(&self, function: &Function) -> TokenStream {
        match self {
            Self::Unit => {
                // Where a body that yields a value is told.
                quote_spanned!(ours_at(function.sig.ident.span())=> -> ())
            }
            Self::Never => quote_spanned!(Span::mixed_site()=> -> !),
            Self::Type(ty) => quote_spanned!(Span::mixed_site()=> -> #ty),
            Self::Opaque(_) => TokenStream::new(),
        }
    }

    /// A statement that is never run: only a `return` of the declared type makes the body of a
    /// future coerce to it.
    pub(super) fn hint(&self, function: &Function) -> Option<TokenStream> {
        let ours = Span::mixed_site();
        let (ty, at) = match self {
            Self::Unit => (quote_spanned!(ours=> ()), function.sig.ident.span()),
            Self::Type(ty) => (ty.to_token_stream(), ty.span()),
            Self::Never | Self::Opaque(_) => return None,
        };
        // Where a body of another type is told.
        let leave = quote_spanned!(ours_at(at)=> return returned;);
        Some(quote_spanned! {ours=>
            if let ::core::option::Option::Some(returned) = ::core::option::Option::None::<#ty> {
                #leave
            }
        })
    }
}
