//! What a function returns, as far as its tokens tell.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{GenericArgument, PathArguments, PathSegment, ReturnType, Type, parse_quote};

use crate::signature::Function;
use crate::span::ours_at;
use crate::tokens::contains_word;

pub(crate) enum Returns {
    Unit,
    Never,
    /// A type that can be written in the body too.
    Type(Type),
    /// A type with `impl Trait` in it, each of them `_` here: it cannot be written in the body.
    Opaque(Type),
    /// `impl Trait` alone.
    Impl,
}

impl Returns {
    pub(crate) fn of(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Unit,
            ReturnType::Type(_, ty) => match &**ty {
                Type::Never(_) => Self::Never,
                Type::ImplTrait(_) => Self::Impl,
                ty if contains_word(ty.to_token_stream(), "impl") => {
                    let mut erased = ty.clone();
                    erase_impl_trait(&mut erased);
                    Self::Opaque(erased)
                }
                ty => Self::Type(ty.clone()),
            },
        }
    }

    /// Whether the type is one of the language's own, whose values are no failures and can be shown.
    pub(crate) fn is_primitive(&self) -> bool {
        matches!(self, Self::Type(ty) if is_primitive(ty))
    }

    /// The return type of a closure, where it can be written.
    pub(super) fn written(&self, function: &Function) -> TokenStream {
        match self {
            Self::Unit => {
                // Where a body that yields a value is told.
                quote_spanned!(ours_at(function.sig.ident.span())=> -> ())
            }
            Self::Never => quote_spanned!(Span::mixed_site()=> -> !),
            Self::Type(ty) | Self::Opaque(ty) => quote_spanned!(Span::mixed_site()=> -> #ty),
            Self::Impl => TokenStream::new(),
        }
    }

    /// A statement that is never run: only a `return` of the declared type makes the body of a
    /// future coerce to it.
    pub(super) fn hint(&self, function: &Function) -> Option<TokenStream> {
        let ours = Span::mixed_site();
        let (ty, at) = match self {
            Self::Unit => (quote_spanned!(ours=> ()), function.sig.ident.span()),
            Self::Type(ty) | Self::Opaque(ty) => (ty.to_token_stream(), ty.span()),
            Self::Never | Self::Impl => return None,
        };
        // Where a body of another type is told.
        let leave = quote_spanned!(ours_at(at)=> return __returned;);
        Some(quote_spanned! {ours=>
            if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<#ty> {
                #leave
            }
        })
    }
}

/// The language's own types of one word.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "str", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Whether the tokens show that values of the type are copied.
pub(crate) fn is_copied(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => reference.mutability.is_none(),
        ty => is_primitive(ty),
    }
}

fn is_primitive(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_primitive(&reference.elem),
        Type::Path(path) => {
            let name = path.path.get_ident();
            name.is_some_and(|name| PRIMITIVES.iter().any(|known| name == known))
        }
        _ => false,
    }
}

/// Puts `_` in the place of each `impl Trait`, where the compiler then finds the type by itself.
fn erase_impl_trait(ty: &mut Type) {
    match ty {
        Type::ImplTrait(_) => *ty = parse_quote!(_),
        Type::Array(array) => erase_impl_trait(&mut array.elem),
        Type::Group(group) => erase_impl_trait(&mut group.elem),
        Type::Paren(paren) => erase_impl_trait(&mut paren.elem),
        Type::Ptr(pointer) => erase_impl_trait(&mut pointer.elem),
        Type::Reference(reference) => erase_impl_trait(&mut reference.elem),
        Type::Slice(slice) => erase_impl_trait(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(erase_impl_trait),
        Type::Path(path) => path.path.segments.iter_mut().for_each(erase_in_arguments),
        _ => {}
    }
}

fn erase_in_arguments(segment: &mut PathSegment) {
    let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else {
        return;
    };
    for argument in &mut arguments.args {
        match argument {
            GenericArgument::Type(ty) => erase_impl_trait(ty),
            GenericArgument::AssocType(assoc) => erase_impl_trait(&mut assoc.ty),
            _ => {}
        }
    }
}
