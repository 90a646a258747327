//! What was written in `#[defensive_handler(..)]`, each option by itself.

use proc_macro2::TokenStream;
use syn::{Expr, ExprClosure, ExprLit, ExprParen, Lit, LitInt, LitStr, Path};

use super::model::{Fallback, Quarantine, Reference};
use crate::errors::Errors;
use crate::options::{
    self, Commas, Grammar, Setting, Usage, Value, Written, as_integer, as_path, as_text,
};

/// Every option, written or not.
#[derive(Default)]
pub(super) struct Args {
    pub(super) on: Setting<Vec<LitStr>>,
    pub(super) name: Setting<LitStr>,
    pub(super) needs: Setting<Vec<Path>>,
    pub(super) available: Setting<Expr>,
    pub(super) before: Setting<Vec<Reference>>,
    pub(super) after: Setting<Vec<Reference>>,
    pub(super) classify: Setting<Path>,
    pub(super) quarantine: Setting<Quarantine>,
    pub(super) budget: Setting<LitStr>,
    pub(super) queue: Setting<LitInt>,
    pub(super) fallback: Setting<Fallback>,
    pub(super) krate: Setting<Path>,
}

static OPTIONS: Grammar = Grammar {
    owner: "`#[defensive_handler]`",
    usages: USAGES,
    reserved: &["flag"],
    literal: None,
    commas: Commas::One,
};

const USAGES: &[Usage] = &[
    Usage {
        key: "on",
        takes: "patterns in string literals",
        example: "on = \"shop.order.*\"",
    },
    Usage {
        key: "name",
        takes: "a string literal",
        example: "name = \"audit\"",
    },
    Usage {
        key: "needs",
        takes: "paths of resources",
        example: "needs(LEDGER)",
    },
    Usage {
        key: "available",
        takes: "a path or a closure that returns `bool`",
        example: "available = path::to::function",
    },
    Usage {
        key: "before",
        takes: "names in string literals or paths of functions",
        example: "before(record_sale)",
    },
    Usage {
        key: "after",
        takes: "names in string literals or paths of functions",
        example: "after(audit_order)",
    },
    Usage {
        key: "classify",
        takes: "the path of a function from `&E` to `SkipReason`",
        example: "classify = path::to::function",
    },
    Usage {
        key: "quarantine",
        takes: "limits or `false`",
        example: "quarantine(failures = 5, within = \"10s\", cooldown = \"1s\")",
    },
    Usage {
        key: "budget",
        takes: "a duration in a string literal",
        example: "budget = \"5ms\"",
    },
    Usage {
        key: "queue",
        takes: "how many events may wait, 1 or more",
        example: "queue = 64",
    },
    Usage {
        key: "fallback",
        takes: "an expression or a closure of one parameter, the skip",
        example: "fallback = |skip| expression",
    },
    Usage {
        key: "crate",
        takes: "the path of the gambeson crate",
        example: "crate = ::gambeson",
    },
];

static LIMITS: Grammar = Grammar {
    owner: "`quarantine`",
    usages: LIMIT_USAGES,
    reserved: &[],
    literal: None,
    commas: Commas::One,
};

const LIMIT_USAGES: &[Usage] = &[
    Usage {
        key: "failures",
        takes: "a number of failures",
        example: "failures = 5",
    },
    Usage {
        key: "within",
        takes: "a duration in a string literal",
        example: "within = \"10s\"",
    },
    Usage {
        key: "cooldown",
        takes: "a duration in a string literal",
        example: "cooldown = \"1s\"",
    },
];

impl Args {
    pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        for option in options::parse(tokens, &OPTIONS, errors) {
            args.set(&option, errors);
        }
        args
    }

    fn set(&mut self, option: &Written, errors: &mut Errors) {
        match option.usage.key {
            "on" => self.on.set(option, patterns(option, errors)),
            "name" => self.name.set(option, name(option, errors)),
            "needs" => self.needs.set(option, option.elements(errors, as_path)),
            "available" => self
                .available
                .set(option, option.value(errors, as_condition)),
            "before" => self
                .before
                .set(option, option.elements(errors, as_reference)),
            "after" => self
                .after
                .set(option, option.elements(errors, as_reference)),
            "classify" => self.classify.set(option, option.value(errors, as_path)),
            "quarantine" => self.quarantine.set(option, quarantine(option, errors)),
            "budget" => self.budget.set(option, option.value(errors, as_text)),
            "queue" => self.queue.set(option, option.value(errors, as_room)),
            "fallback" => self.fallback.set(option, fallback(option, errors)),
            _ => self.krate.set(option, option.value(errors, as_path)),
        }
    }
}

fn patterns(option: &Written, errors: &mut Errors) -> Option<Vec<LitStr>> {
    match option.value {
        Value::Assigned(_) => option.value(errors, as_text).map(|pattern| vec![pattern]),
        _ => option.elements(errors, as_text),
    }
}

fn name(option: &Written, errors: &mut Errors) -> Option<LitStr> {
    let name = option.value(errors, as_text)?;
    if name.value().trim().is_empty() {
        errors.at(
            &name,
            "a handler's name is not empty: write `name = \"audit\"` or leave it out",
        );
    }
    Some(name)
}

fn as_condition(value: &Expr) -> Option<Expr> {
    matches!(value, Expr::Path(_) | Expr::Closure(_)).then(|| value.clone())
}

fn as_reference(value: &Expr) -> Option<Reference> {
    let name = as_text(value).map(Reference::Name);
    name.or_else(|| as_path(value).map(Reference::Function))
}

fn quarantine(option: &Written, errors: &mut Errors) -> Option<Quarantine> {
    let Value::Listed(list) = &option.value else {
        return match option.assigned(errors)? {
            Expr::Lit(ExprLit {
                lit: Lit::Bool(on), ..
            }) if !on.value => Some(Quarantine::Off),
            value => {
                errors.at(value, option.mismatch());
                None
            }
        };
    };
    let limits = options::parse(list.stream(), &LIMITS, errors);
    if list.stream().is_empty() {
        errors.at(list, option.missing());
    }
    let (mut failures, mut within, mut cooldown) = (None, None, None);
    for limit in limits {
        match limit.usage.key {
            "failures" => failures = limit.value(errors, as_integer),
            "within" => within = limit.value(errors, as_text),
            _ => cooldown = limit.value(errors, as_text),
        }
    }
    Some(Quarantine::Limits {
        failures,
        within,
        cooldown,
    })
}

/// A `usize` that is not none. Of another type it would be told where nobody wrote anything.
fn as_room(value: &Expr) -> Option<LitInt> {
    as_integer(value).filter(|room| {
        matches!(room.suffix(), "" | "usize")
            && room.base10_parse::<u64>().is_ok_and(|room| room > 0)
    })
}

fn fallback(option: &Written, errors: &mut Errors) -> Option<Fallback> {
    let value = option.assigned(errors)?;
    let Some(closure) = as_closure(value) else {
        return Some(Fallback::Value(value.clone()));
    };
    if closure.inputs.len() != 1 {
        errors.at(closure, option.mismatch());
    }
    Some(Fallback::Closure(value.clone()))
}

fn as_closure(value: &Expr) -> Option<&ExprClosure> {
    match value {
        Expr::Closure(closure) => Some(closure),
        Expr::Paren(ExprParen { expr, .. }) => as_closure(expr),
        _ => None,
    }
}
