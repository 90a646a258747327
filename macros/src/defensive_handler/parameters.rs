//! The parameters of a registered handler: the event, then what resources fill.

use quote::ToTokens as _;
use syn::{Attribute, FnArg, PatType, Path, Type, TypeGroup, TypeParen, TypeReference};

use super::model::Leased;
use crate::errors::Errors;
use crate::signature::Function;

/// Tells how the whole is written once, and then what is wrong with each parameter.
pub(super) fn check(
    function: &Function,
    needs: &[Vec<Attribute>],
    errors: &mut Errors,
) -> Option<(Type, Vec<Leased>)> {
    let mut wrong = Errors::default();
    let mut event = None;
    let mut leased = Vec::new();
    for (input, needs) in function.sig.inputs.iter().zip(needs) {
        match input {
            FnArg::Receiver(receiver) => {
                let message = "a registered handler is a free function: \
                               move it out of the impl block, or leave out `on`";
                wrong.at(receiver, message);
            }
            FnArg::Typed(PatType { ty, .. }) if event.is_none() => {
                check_event(ty, needs, &mut wrong);
                event = Some((**ty).clone());
            }
            FnArg::Typed(PatType { ty, .. }) => {
                check_is_lent(ty, &mut wrong);
                let resource = check_resource(ty, needs, &mut wrong);
                leased.extend(resource.map(|resource| Leased {
                    resource,
                    ty: (**ty).clone(),
                }));
            }
        }
    }
    let sound = wrong.is_empty() && event.is_some();
    if !sound {
        errors.at(&function.sig.ident, usage(function));
    }
    errors.append(wrong);
    event.filter(|_| sound).map(|event| (event, leased))
}

fn usage(function: &Function) -> String {
    let asyncness = function.sig.asyncness.to_token_stream();
    let space = if function.sig.asyncness.is_some() {
        " "
    } else {
        ""
    };
    let name = &function.sig.ident;
    format!(
        "a registered handler is written `{asyncness}{space}fn {name}(event: &Event<'_>, \
         #[needs(RESOURCE)] name: &Type, ..)` and returns `()`, `Result<(), E>` or `Outcome<()>`"
    )
}

fn check_event(ty: &Type, needs: &[Attribute], errors: &mut Errors) {
    for attr in needs {
        errors.at(
            attr,
            "the first parameter is the event, which is no resource: remove `#[needs]`",
        );
    }
    match reference(ty) {
        Some(TypeReference {
            mutability: Some(_),
            ..
        }) => {
            errors.at(
                ty,
                "handlers share the event: write `&Event<'_>` without `mut`",
            );
        }
        Some(_) => {}
        None => errors.at(ty, "the event is lent to the handler: write `&Event<'_>`"),
    }
}

fn check_is_lent(ty: &Type, errors: &mut Errors) {
    match reference(ty) {
        Some(TypeReference {
            mutability: Some(_),
            ..
        }) => {
            let message = "a resource is shared by its leases: write `&T`, \
                           and put what changes behind a lock or a cell in the resource";
            errors.at(ty, message);
        }
        Some(_) => {}
        None => errors.at(
            ty,
            "a resource is lent to the handler, not given: write `&T`",
        ),
    }
}

fn check_resource(ty: &Type, needs: &[Attribute], errors: &mut Errors) -> Option<Path> {
    let Some((attr, others)) = needs.split_first() else {
        errors.at(
            ty,
            "no resource fills this parameter: write `#[needs(RESOURCE)]` before it",
        );
        return None;
    };
    for other in others {
        errors.at(
            other,
            "one resource fills one parameter: keep one `#[needs]`",
        );
    }
    let resource = attr.parse_args_with(Path::parse_mod_style).ok();
    if resource.is_none() {
        errors.at(
            attr,
            "`#[needs]` takes the path of one resource: write `#[needs(LEDGER)]`",
        );
    }
    resource
}

/// Looks through the parentheses, and through the invisible group of a `macro_rules` variable.
fn reference(ty: &Type) -> Option<&TypeReference> {
    match ty {
        Type::Reference(reference) => Some(reference),
        Type::Group(TypeGroup { elem, .. }) | Type::Paren(TypeParen { elem, .. }) => {
            reference(elem)
        }
        _ => None,
    }
}
