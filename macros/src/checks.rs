//! The rules that hold for every attribute on a function.

use syn::Attribute;

use crate::errors::Errors;
use crate::signature::{Body, Function};

/// How errors speak of an attribute and of what it does.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// What it does to its item.
    pub(crate) verb: &'static str,
    /// What an item with it is.
    pub(crate) participle: &'static str,
    /// What is written in one attribute rather than in two.
    pub(crate) one_takes: &'static str,
}

/// A second attribute would be one on the expansion of the first; it is taken off.
pub(crate) fn attribute_is_alone(
    attrs: &mut Vec<Attribute>,
    errors: &mut Errors,
    subject: &Subject,
) {
    let Subject {
        name, one_takes, ..
    } = subject;
    let doubled = attrs.extract_if(.., |attr| {
        let last = attr.path().segments.last();
        last.is_some_and(|segment| segment.ident == name)
    });
    for attr in doubled {
        let message = format!("`#[{name}]` is written twice: one attribute takes {one_takes}");
        errors.at(attr, message);
    }
}

pub(crate) fn has_body(function: &Function, errors: &mut Errors, subject: &Subject) {
    let Subject { name, verb, .. } = subject;
    if let Body::Semicolon(semicolon) = &function.body {
        let message = format!(
            "there is no body to {verb}: put `#[{name}]` on the method of each implementation, \
             or give this one a default body"
        );
        errors.at(semicolon, message);
    }
}

pub(crate) fn not_const(function: &Function, errors: &mut Errors, subject: &Subject) {
    let participle = subject.participle;
    if let Some(constness) = &function.sig.constness {
        let message = format!(
            "a `const fn` cannot be {participle}, because panics cannot be caught in constants: \
             remove `const` or the attribute"
        );
        errors.at(constness, message);
    }
}
