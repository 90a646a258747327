//! From what was written to what is generated: one `check_*` for each rule, every error told.

use super::args::Args;
use super::model::{Body, Content, Model, Module};
use crate::checks;
use crate::errors::Errors;

const SUBJECT: checks::Subject = checks::Subject {
    name: "defensive_handlers",
    verb: "register",
    participle: "registered",
    one_takes: "every handler of the module",
};

/// Gives the model when nothing was wrong with the module.
pub(super) fn model(args: Args, module: &mut Module, errors: &mut Errors) -> Option<Model> {
    checks::attribute_is_alone(&mut module.attrs, errors, &SUBJECT);
    let contents = check_is_inline(module, errors)?;
    check_has_handler(module, &contents, errors);
    Some(Model {
        krate: args.krate.value,
        contents,
    })
}

fn check_is_inline(module: &Module, errors: &mut Errors) -> Option<Vec<Content>> {
    match &module.body {
        Body::Semicolon(semicolon) => {
            let message = "the handlers of a module in another file cannot be seen from here: \
                           write `mod name { .. }`, or remove the attribute";
            errors.at(semicolon, message);
            None
        }
        Body::Braces(braces) => errors.take(Content::all(braces.stream())),
    }
}

fn check_has_handler(module: &Module, contents: &[Content], errors: &mut Errors) {
    let has_handler = contents.iter().any(|content| match content {
        Content::Handler(handler) => handler.is_registered(),
        Content::Other(_) => false,
    });
    if !has_handler {
        let message = "no function of this module itself is a handler: \
                       put `#[defensive_handler(on = \"..\")]` on one, or remove the attribute";
        errors.at(&module.name, message);
    }
}
