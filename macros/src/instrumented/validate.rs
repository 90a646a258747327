//! From what was written to what is generated: one `check_*` for each rule, every error told.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::{Attribute, FnArg, LitStr, Pat};

use super::args::{self, Args};
use super::model::{self, Argument, Defend, Field, Form, Format, Key, Level, Model, Record};
use crate::body::{Lent, Returns, is_cfg, is_copied, is_plain};
use crate::checks::{self, Subject};
use crate::errors::Errors;
use crate::nearest;
use crate::options::Setting;
use crate::signature::Function;

const SUBJECT: Subject = Subject {
    name: "instrumented",
    verb: "instrument",
    participle: "instrumented",
    one_takes: "every option",
};

/// The model, which is generated when there were no errors.
pub(super) fn model(args: Args, function: &mut Function, errors: &mut Errors) -> Model {
    checks::attribute_is_alone(&mut function.attrs, errors, &SUBJECT);
    checks::has_body(function, errors, &SUBJECT);
    checks::not_const(function, errors, &SUBJECT);
    let returns = Returns::of(&function.sig.output);
    let mut arguments = arguments(function);
    check_event_has_a_name(&args.event, errors);
    check_skips_are_arguments(&args.skip, &arguments, function, errors);
    check_skips_once(&args.skip, args.skip_all.key.as_ref(), errors);
    check_err_has_an_error(&args.err, &returns, errors);
    check_ret_has_a_value(&args.ret, &returns, errors);
    check_fallback_is_of_a_defended_call(&args, errors);
    let form = form(&args, function, &returns);
    let skips = args.skip.value.unwrap_or_default();
    let mut fields = args.fields.value.unwrap_or_default();
    let skip_all = args.skip_all.key.is_some();
    let sensitive = args.sensitive.value.unwrap_or_default();
    check_sensitives_are_shown(&sensitive, &arguments, &fields, function, errors);
    check_sensitives_once(&sensitive, &skips, &fields, errors);
    arguments.retain(|argument| {
        let name = argument.name.unraw();
        !(skip_all || skips.contains(&argument.name) || is_overridden(&name, &fields))
    });
    for argument in &mut arguments {
        argument.is_sensitive = sensitive.contains(&argument.name);
    }
    for field in &mut fields {
        field.is_sensitive = sensitive.iter().any(|name| is_named(field, name));
    }
    let level = args.level.value.unwrap_or(Level::Named("INFO"));
    let error = Level::Named("ERROR");
    let fallback = args.fallback.value;
    Model {
        krate: args.krate.value,
        event: args.event.value,
        err: args
            .err
            .value
            .map(|err| record(err, Format::Display, &error)),
        ret: args.ret.value.map(|ret| record(ret, Format::Debug, &level)),
        span: model::Span {
            name: args.name.value,
            target: args.target.value,
            level,
            arguments,
            fields,
            parent: args.parent.value,
            follows_from: args.follows_from.value,
        },
        returns,
        form,
        defend: args.defend.key.map(|_| Defend { fallback }),
    }
}

/// A closure cannot carry `#[track_caller]`: there the body stays as it is, unless an option asks
/// for its value.
fn form(args: &Args, function: &Function, returns: &Returns) -> Form {
    let is_asked_for = args.err.key.is_some() || args.ret.key.is_some();
    let is_tracked = function
        .attrs
        .iter()
        .any(|attr| attr.path().is_ident("track_caller"));
    let has_no_value = matches!(returns, Returns::Unit | Returns::Never);
    if function.sig.asyncness.is_some() {
        Form::Future
    } else if (has_no_value || is_tracked) && !is_asked_for {
        Form::Flat
    } else {
        Form::Closure
    }
}

fn record(written: args::Record, format: Format, level: &Level) -> Record {
    Record {
        key: written.key,
        format: written.format.unwrap_or(format),
        level: written.level.unwrap_or_else(|| level.clone()),
    }
}

/// What the parameters bind, in order.
fn arguments(function: &Function) -> Vec<Argument> {
    let mut arguments = Vec::new();
    for input in &function.sig.inputs {
        let (names, attrs, is_in_pattern, is_copied) = match input {
            FnArg::Receiver(receiver) => {
                let name = Ident::new("self", receiver.self_token.span);
                (vec![name], &receiver.attrs, false, false)
            }
            FnArg::Typed(typed) => (
                Lent::of(&typed.pat).names,
                &typed.attrs,
                !is_name(&typed.pat),
                is_plain(&typed.pat) && is_copied(&typed.ty),
            ),
        };
        let cfgs: Vec<Attribute> = attrs.iter().filter(|attr| is_cfg(attr)).cloned().collect();
        for name in names {
            let is_new = |argument: &Argument| argument.name != name;
            if cfgs.is_empty() && !arguments.iter().all(is_new) {
                // A macro wrote two alike: the first is known by the name.
                continue;
            }
            arguments.push(Argument {
                name,
                cfgs: cfgs.clone(),
                is_sensitive: false,
                is_in_pattern,
                is_copied,
            });
        }
    }
    arguments
}

/// Whether a pattern binds the whole of its value, or what that refers to.
fn is_name(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => name.subpat.is_none(),
        Pat::Reference(reference) => is_name(&reference.pat),
        Pat::Paren(paren) => is_name(&paren.pat),
        _ => false,
    }
}

/// As in tracing, a field takes the place of the argument of its name.
fn is_overridden(name: &Ident, fields: &[Field]) -> bool {
    fields.iter().any(|field| is_named(field, name))
}

fn is_named(field: &Field, name: &Ident) -> bool {
    matches!(&field.key, Key::Text(key) if *name == key.value())
}

fn check_sensitives_are_shown(
    sensitive: &[Ident],
    arguments: &[Argument],
    fields: &[Field],
    function: &Function,
    errors: &mut Errors,
) {
    for name in sensitive {
        let is_argument = arguments.iter().any(|argument| argument.name == *name);
        if !is_argument && !is_overridden(name, fields) {
            let function = function.name();
            let known: Vec<String> = arguments
                .iter()
                .map(|argument| argument.name.to_string())
                .collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let suggestion = match known.as_slice() {
                [] => "leave it out".to_owned(),
                known => nearest::suggestion(&name.to_string(), known),
            };
            let message = format!("`{function}` has no argument or field `{name}`: {suggestion}");
            errors.at(name, message);
        }
    }
}

fn check_sensitives_once(
    sensitive: &[Ident],
    skips: &[Ident],
    fields: &[Field],
    errors: &mut Errors,
) {
    for (index, name) in sensitive.iter().enumerate() {
        if sensitive[..index].contains(name) {
            let message = format!("`{name}` is sensitive twice: keep one of them");
            errors.at(name, message);
        }
        if skips.contains(name) && !is_overridden(name, fields) {
            let message = format!("`{name}` is skipped, and so not shown: leave it out here");
            errors.at(name, message);
        }
    }
}

fn check_fallback_is_of_a_defended_call(args: &Args, errors: &mut Errors) {
    if let (Some(fallback), None) = (&args.fallback.key, &args.defend.key) {
        let message = "`fallback` is what a skipped call yields, and only a defended one is \
                       skipped: write `defend` too, or leave out `fallback`";
        errors.at(fallback, message);
    }
}

fn check_event_has_a_name(event: &Setting<LitStr>, errors: &mut Errors) {
    if let Some(event) = event
        .value
        .as_ref()
        .filter(|event| event.value().is_empty())
    {
        errors.at(
            event,
            "an event's name is not empty: write `event = \"shop.order\"` or leave it out",
        );
    }
}

fn check_skips_are_arguments(
    skip: &Setting<Vec<Ident>>,
    arguments: &[Argument],
    function: &Function,
    errors: &mut Errors,
) {
    let known: Vec<String> = arguments
        .iter()
        .map(|argument| argument.name.to_string())
        .collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let function = function.name();
    for name in skip.value.iter().flatten() {
        let written = name.to_string();
        if known.contains(&written.as_str()) {
            continue;
        }
        let message = match known.as_slice() {
            [] => format!("`{function}` has no argument to skip: leave out `skip`"),
            known => {
                let suggestion = nearest::suggestion(&written, known);
                format!("`{function}` has no argument `{written}`: {suggestion}")
            }
        };
        errors.at(name, message);
    }
}

fn check_skips_once(skip: &Setting<Vec<Ident>>, skip_all: Option<&Ident>, errors: &mut Errors) {
    if let (Some(key), Some(_)) = (&skip.key, skip_all) {
        errors.at(key, "`skip_all` skips every argument: leave out `skip`");
    }
    let mut seen: Vec<&Ident> = Vec::new();
    for name in skip.value.iter().flatten() {
        if seen.contains(&name) {
            errors.at(name, format!("`{name}` is skipped twice: keep one of them"));
        }
        seen.push(name);
    }
}

/// Any other type may be an alias of a `Result`, which the compiler knows.
fn check_err_has_an_error(err: &Setting<args::Record>, returns: &Returns, errors: &mut Errors) {
    if let (Some(key), Returns::Unit | Returns::Never) = (&err.key, returns) {
        let message = "`err` records the `Err` of a `Result`, and this function returns none: \
                       leave out `err`, or return a `Result`";
        errors.at(key, message);
    }
}

fn check_ret_has_a_value(ret: &Setting<args::Record>, returns: &Returns, errors: &mut Errors) {
    if let (Some(key), Returns::Never) = (&ret.key, returns) {
        let message = "`ret` records what a function returns, and this one never does: \
                       leave out `ret`";
        errors.at(key, message);
    }
}
