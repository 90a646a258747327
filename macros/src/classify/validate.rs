//! From the type to its arms: one `check_*` for each rule, every error told.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Data, DataEnum, DataStruct, DataUnion, DeriveInput, Field, Fields, Member};
use syn::{Path, Variant};

use super::args::Skip;
use super::model::{Arm, CODES, Model, Reason};
use crate::errors::Errors;
use crate::nearest;
use crate::tokens::contains_word;

/// What is wrong is left unknown, so that the type still has the trait; a union has no model.
pub(super) fn model<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<Model<'a>> {
    let DeriveInput {
        attrs,
        ident,
        generics,
        data,
        ..
    } = input;
    let mut skip = Skip::parse(attrs, errors);
    let krate = one_krate(std::mem::take(&mut skip.krates), errors);
    let arms = match data {
        Data::Struct(DataStruct { fields, .. }) => {
            vec![Arm {
                variant: None,
                reason: reason(&skip, attrs, fields, errors),
            }]
        }
        Data::Enum(DataEnum { variants, .. }) => {
            check_reasons_are_on_variants(&skip, errors);
            variants
                .iter()
                .map(|variant| arm(variant, errors))
                .collect()
        }
        Data::Union(DataUnion { union_token, .. }) => {
            let message = "`Classify` is for enums and structs: a union does not know its field";
            errors.at(union_token, message);
            return None;
        }
    };
    Some(Model {
        krate,
        name: ident,
        generics,
        arms,
    })
}

fn arm<'a>(variant: &'a Variant, errors: &mut Errors) -> Arm<'a> {
    let Variant {
        attrs,
        ident,
        fields,
        ..
    } = variant;
    let skip = Skip::parse(attrs, errors);
    check_crate_is_on_the_type(&skip, errors);
    Arm {
        variant: Some(ident),
        reason: reason(&skip, attrs, fields, errors),
    }
}

/// The stated reason first, then the field that holds the cause.
fn reason(skip: &Skip, attrs: &[Attribute], fields: &Fields, errors: &mut Errors) -> Reason {
    for field in fields {
        check_not_on_a_field(field, errors);
    }
    check_one_reason(skip, errors);
    match skip.reasons.first() {
        Some(word) => stated(word, errors),
        None => cause(attrs, fields).map_or(Reason::Unknown, Reason::Asked),
    }
}

fn stated(word: &Ident, errors: &mut Errors) -> Reason {
    let code = word.to_string();
    if let Some((_, variant)) = CODES.iter().find(|(known, _)| *known == code) {
        return Reason::Stated(Ident::new(
            variant,
            Span::mixed_site().located_at(word.span()),
        ));
    }
    let codes: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
    let suggestion = nearest::suggestion(&code, &codes);
    errors.at(
        word,
        format!("there is no skip reason `{code}`: {suggestion}"),
    );
    Reason::Unknown
}

/// A `#[from]` or `#[source]` field, one named `source`, or the only one of a transparent error.
fn cause(attrs: &[Attribute], fields: &Fields) -> Option<Member> {
    let marked = |field: &Field| {
        let mut attrs = field.attrs.iter();
        attrs.any(|attr| attr.path().is_ident("from") || attr.path().is_ident("source"))
    };
    let named = |field: &Field| field.ident.as_ref().is_some_and(|name| name == "source");
    let transparent = fields.len() == 1 && attrs.iter().any(is_transparent);
    let index = fields
        .iter()
        .position(marked)
        .or_else(|| fields.iter().position(named))
        .or_else(|| transparent.then_some(0))?;
    fields.members().nth(index)
}

fn is_transparent(attr: &Attribute) -> bool {
    let list = attr
        .path()
        .is_ident("error")
        .then(|| attr.meta.require_list());
    matches!(list, Some(Ok(list)) if contains_word(list.tokens.clone(), "transparent"))
}

fn one_krate(krates: Vec<(Span, Path)>, errors: &mut Errors) -> Option<Path> {
    for (span, _) in krates.iter().skip(1) {
        errors.push(syn::Error::new(
            *span,
            "`crate` is written twice: keep one of them",
        ));
    }
    krates.into_iter().next().map(|(_, path)| path)
}

fn check_one_reason(skip: &Skip, errors: &mut Errors) {
    for word in skip.reasons.iter().skip(1) {
        errors.at(word, "an error is skipped for one reason: keep one of them");
    }
}

fn check_reasons_are_on_variants(skip: &Skip, errors: &mut Errors) {
    for word in &skip.reasons {
        let message = format!(
            "an enum's reasons belong on its variants: \
                               write `#[skip({word})]` before each variant that it is true of"
        );
        errors.at(word, message);
    }
}

fn check_crate_is_on_the_type(skip: &Skip, errors: &mut Errors) {
    for (span, _) in &skip.krates {
        let message = "`crate` is said once, for the whole type: \
                       write `#[skip(crate = ..)]` before the enum";
        errors.push(syn::Error::new(*span, message));
    }
}

fn check_not_on_a_field(field: &Field, errors: &mut Errors) {
    for attr in Skip::attrs(&field.attrs) {
        let message = "`#[skip]` belongs on a variant or on a struct: \
                       a field that holds the cause is marked with `#[source]` or `#[from]`";
        errors.at(attr, message);
    }
}
