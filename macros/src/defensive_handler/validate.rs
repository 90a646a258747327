//! From what was written to what is generated: one `check_*` for each rule, every error told.

use syn::{Attribute, GenericParam, LitInt, ReturnType, Safety, Type};

use super::args::Args;
use super::model::{Fallback, Form, Model, Plain, Registered, Site, Submission};
use super::parameters;
use crate::body::Returns;
use crate::checks;
use crate::errors::Errors;
use crate::options::Setting;
use crate::signature::Function;

const SUBJECT: checks::Subject = checks::Subject {
    name: "defensive_handler",
    verb: "defend",
    participle: "defended",
    one_takes: "every option, and several patterns as `on(\"a\", \"b\")`",
};

/// Gives the model when nothing was wrong with the function.
pub(super) fn model(
    args: Args,
    function: &mut Function,
    submission: Submission,
    errors: &mut Errors,
) -> Option<Model> {
    checks::attribute_is_alone(&mut function.attrs, errors, &SUBJECT);
    checks::has_body(function, errors, &SUBJECT);
    checks::not_const(function, errors, &SUBJECT);
    let needs = function.take_needs();
    if args.on.key.is_some() {
        registered(args, function, &needs, submission, errors)
    } else {
        Some(plain(args, function, &needs, errors))
    }
}

fn registered(
    args: Args,
    function: &Function,
    needs: &[Vec<Attribute>],
    submission: Submission,
    errors: &mut Errors,
) -> Option<Model> {
    let parameters = parameters::check(function, needs, errors);
    check_not_generic(function, errors);
    check_callable_by_the_registry(function, errors);
    check_no_fallback(&args.fallback, errors);
    let (event, leased) = parameters?;
    let held = args.needs.value.unwrap_or_default();
    let mut needs = held.clone();
    needs.extend(leased.iter().map(|leased| leased.resource.clone()));
    Some(Model {
        krate: args.krate.value,
        site: Site {
            name: args.name.value,
            patterns: args.on.value.unwrap_or_default(),
            needs,
            after: args.after.value.unwrap_or_default(),
            before: args.before.value.unwrap_or_default(),
            available: args.available.value,
            quarantine: args.quarantine.value,
            budget: args.budget.value,
            queue: args.queue.value,
        },
        classify: args.classify.value,
        form: Form::Registered(Registered {
            submission,
            event,
            leased,
            held,
            returns: match &function.sig.output {
                ReturnType::Default => None,
                ReturnType::Type(_, ty) => Some((**ty).clone()).filter(|ty| !is_unit(ty)),
            },
        }),
    })
}

fn plain(args: Args, function: &Function, needs: &[Vec<Attribute>], errors: &mut Errors) -> Model {
    check_no_order("after", &args.after, errors);
    check_no_order("before", &args.before, errors);
    check_no_queue(&args.queue, errors);
    check_no_needs_on_parameters(needs, errors);
    check_skip_has_a_value(function, &args.fallback, errors);
    Model {
        krate: args.krate.value,
        site: Site {
            name: args.name.value,
            patterns: Vec::new(),
            needs: args.needs.value.unwrap_or_default(),
            after: Vec::new(),
            before: Vec::new(),
            available: args.available.value,
            quarantine: args.quarantine.value,
            budget: args.budget.value,
            queue: None,
        },
        classify: args.classify.value,
        form: Form::Plain(Plain {
            returns: Returns::of(&function.sig.output),
            fallback: args.fallback.value.unwrap_or(Fallback::ByType),
        }),
    }
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn check_no_fallback(fallback: &Setting<Fallback>, errors: &mut Errors) {
    if let Some(key) = &fallback.key {
        let message = "`fallback` has no use together with `on`: \
                       an attached handler has no caller that takes a value";
        errors.at(key, message);
    }
}

fn check_not_generic(function: &Function, errors: &mut Errors) {
    for param in &function.sig.generics.params {
        let what = match param {
            GenericParam::Lifetime(_) => continue,
            GenericParam::Type(_) => "types",
            GenericParam::Const(_) => "constants",
        };
        let message = format!(
            "a registered handler is attached by itself, so it cannot be generic over {what}: \
             attach one function for each, or leave out `on`"
        );
        errors.at(param, message);
    }
}

fn check_callable_by_the_registry(function: &Function, errors: &mut Errors) {
    let sig = &function.sig;
    if let Safety::Unsafe(unsafety) = &sig.safety {
        let message = "a registered handler is called by the telemetry, which can promise \
                       nothing: remove `unsafe`, or leave out `on`";
        errors.at(unsafety, message);
    }
    if let Some(abi) = &sig.abi {
        errors.at(
            abi,
            "a registered handler is a Rust function: remove the ABI, or leave out `on`",
        );
    }
    if let Some(variadic) = &sig.variadic {
        errors.at(
            variadic,
            "a registered handler takes the event and its resources only",
        );
    }
}

fn check_no_order<T>(key: &str, order: &Setting<T>, errors: &mut Errors) {
    if let Some(written) = &order.key {
        let message = format!(
            "`{key}` orders the handlers of an event: add `on = \"..\"`, or leave out `{key}`"
        );
        errors.at(written, message);
    }
}

fn check_no_queue(queue: &Setting<LitInt>, errors: &mut Errors) {
    if let Some(key) = &queue.key {
        let message = "`queue` holds the events of a handler, and a defended function is called in \
                       place: add `on = \"..\"`, or leave out `queue`";
        errors.at(key, message);
    }
}

fn check_no_needs_on_parameters(needs: &[Vec<Attribute>], errors: &mut Errors) {
    for attr in needs.iter().flatten() {
        let message = "`#[needs]` on a parameter works only with `on`, where nobody else fills it: \
                       write `#[defensive_handler(needs(..))]`, or add `on = \"..\"`";
        errors.at(attr, message);
    }
}

/// Every other type answers by itself whether it can tell a skip; these two cannot be asked.
fn check_skip_has_a_value(function: &Function, fallback: &Setting<Fallback>, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &function.sig.output else {
        return;
    };
    if fallback.key.is_none() && matches!(**ty, Type::ImplTrait(_) | Type::Never(_)) {
        let message = "a skip has no value of this type: add `fallback = expression` or \
                       `fallback = |skip| expression`, or return `()`, `Outcome<T>`, or \
                       `Result<T, E>` where `E: From<Skip>`";
        errors.at(ty, message);
    }
}
