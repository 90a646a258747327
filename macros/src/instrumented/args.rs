//! What was written in `#[instrumented(..)]`, each option by itself.

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitInt, LitStr, Path};

use super::fields;
use super::model::{Field, Format, Level};
use crate::errors::Errors;
use crate::nearest;
use crate::options::{
    self, Commas, Grammar, Setting, Usage, Value, Written, as_integer, as_path, as_text,
};

/// Every option, written or not.
#[derive(Default)]
pub(super) struct Args {
    pub(super) event: Setting<LitStr>,
    pub(super) name: Setting<Expr>,
    pub(super) target: Setting<Expr>,
    pub(super) level: Setting<Level>,
    pub(super) skip: Setting<Vec<Ident>>,
    pub(super) skip_all: Setting<()>,
    pub(super) sensitive: Setting<Vec<Ident>>,
    pub(super) fields: Setting<Vec<Field>>,
    pub(super) err: Setting<Record>,
    pub(super) ret: Setting<Record>,
    pub(super) parent: Setting<Expr>,
    pub(super) follows_from: Setting<Expr>,
    pub(super) defend: Setting<()>,
    pub(super) fallback: Setting<Expr>,
    pub(super) krate: Setting<Path>,
}

/// `err` or `ret`.
pub(super) struct Record {
    pub(super) key: Ident,
    pub(super) format: Option<Format>,
    pub(super) level: Option<Level>,
}

static OPTIONS: Grammar = Grammar {
    owner: "`#[instrumented]`",
    usages: USAGES,
    reserved: &[],
    literal: Some("name"),
    commas: Commas::Any,
};

const USAGES: &[Usage] = &[
    Usage {
        key: "event",
        takes: "the first segments of an event's name in a string literal",
        example: "event = \"shop.order\"",
    },
    Usage {
        key: "name",
        takes: "a string literal or the path of a constant",
        example: "name = \"place_order\"",
    },
    Usage {
        key: "target",
        takes: "a string literal or the path of a constant",
        example: "target = \"shop\"",
    },
    LEVEL,
    Usage {
        key: "skip",
        takes: "names of arguments",
        example: "skip(self, card)",
    },
    Usage {
        key: "skip_all",
        takes: "no value",
        example: "skip_all",
    },
    Usage {
        key: "sensitive",
        takes: "names of arguments or fields",
        example: "sensitive(card)",
    },
    Usage {
        key: "fields",
        takes: "fields in parentheses",
        example: "fields(order_id = %order.id)",
    },
    Usage {
        key: "err",
        takes: "nothing, or a format and a level in parentheses",
        example: "err(Debug, level = \"warn\")",
    },
    Usage {
        key: "ret",
        takes: "nothing, or a format and a level in parentheses",
        example: "ret(Display, level = \"debug\")",
    },
    Usage {
        key: "parent",
        takes: "a span, the id of one, or `None`",
        example: "parent = &span",
    },
    Usage {
        key: "follows_from",
        takes: "spans, or the ids of spans",
        example: "follows_from = [&span]",
    },
    Usage {
        key: "defend",
        takes: "no value",
        example: "defend",
    },
    Usage {
        key: "fallback",
        takes: "a value or a closure",
        example: "fallback = 0",
    },
    Usage {
        key: "crate",
        takes: "the path of the gambeson crate",
        example: "crate = ::gambeson",
    },
];

const LEVEL: Usage = Usage {
    key: "level",
    takes: "a level's name, a number from 1 to 5 or the path of a constant",
    example: "level = \"debug\"",
};

static RECORD: Grammar = Grammar {
    owner: "a record of `err` or `ret`",
    usages: &[
        Usage {
            key: "Debug",
            takes: "no value",
            example: "Debug",
        },
        Usage {
            key: "Display",
            takes: "no value",
            example: "Display",
        },
        LEVEL,
    ],
    reserved: &[],
    literal: None,
    commas: Commas::Any,
};

/// The names of the levels, and the constants of `tracing::Level`.
const LEVELS: [(&str, &str); 5] = [
    ("trace", "TRACE"),
    ("debug", "DEBUG"),
    ("info", "INFO"),
    ("warn", "WARN"),
    ("error", "ERROR"),
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
            "event" => self.event.set(option, option.value(errors, as_text)),
            "name" => self.name.set(option, option.value(errors, as_constant)),
            "target" => self.target.set(option, option.value(errors, as_constant)),
            "level" => self.level.set(option, level(option, errors)),
            "skip" => self
                .skip
                .set(option, option.elements_if_any(errors, as_name)),
            "skip_all" => self.skip_all.set(option, option.flag(errors)),
            "sensitive" => self.sensitive.set(option, option.elements(errors, as_name)),
            "parent" => self.parent.set(option, option.value(errors, as_any)),
            "follows_from" => self.follows_from.set(option, option.value(errors, as_any)),
            "defend" => self.defend.set(option, option.flag(errors)),
            "fallback" => self.fallback.set(option, option.value(errors, as_any)),
            "fields" => self.fields.set(option, fields::parse(option, errors)),
            "err" => self.err.set(option, Some(record(option, errors))),
            "ret" => self.ret.set(option, Some(record(option, errors))),
            _ => self.krate.set(option, option.value(errors, as_path)),
        }
    }
}

fn as_constant(value: &Expr) -> Option<Expr> {
    let constant = as_text(value).is_some() || as_path(value).is_some();
    constant.then(|| value.clone())
}

#[expect(clippy::unnecessary_wraps, reason = "one of those that read a value")]
fn as_any(value: &Expr) -> Option<Expr> {
    Some(value.clone())
}

fn as_name(value: &Expr) -> Option<Ident> {
    as_path(value)?.get_ident().cloned()
}

fn level(option: &Written, errors: &mut Errors) -> Option<Level> {
    let value = option.assigned(errors)?;
    let level = if let Some(name) = as_text(value) {
        return named(&name, errors);
    } else if let Some(number) = as_integer(value) {
        numbered(&number)
    } else {
        as_path(value).map(Level::Path)
    };
    if level.is_none() {
        errors.at(value, option.mismatch());
    }
    level
}

fn named(written: &LitStr, errors: &mut Errors) -> Option<Level> {
    let name = written.value();
    let found = LEVELS
        .iter()
        .find(|(level, _)| name.eq_ignore_ascii_case(level));
    if found.is_none() {
        let suggestion = nearest::suggestion(&name, &LEVELS.map(|(level, _)| level));
        errors.at(written, format!("there is no level `{name}`: {suggestion}"));
    }
    found.map(|(_, constant)| Level::Named(constant))
}

fn numbered(written: &LitInt) -> Option<Level> {
    let number: usize = written.base10_parse().ok()?;
    let (_, constant) = LEVELS.get(number.checked_sub(1)?)?;
    Some(Level::Named(constant))
}

fn record(option: &Written, errors: &mut Errors) -> Record {
    let mut record = Record {
        key: option.key.clone(),
        format: None,
        level: None,
    };
    match &option.value {
        Value::Bare => {}
        Value::Listed(list) => {
            for part in options::parse(list.stream(), &RECORD, errors) {
                match part.usage.key {
                    "level" => record.level = level(&part, errors),
                    key => set_format(&mut record, key, &part, errors),
                }
            }
        }
        Value::Missing => errors.at(&option.key, option.mismatch()),
        Value::Assigned(value) => errors.at(value, option.mismatch()),
    }
    record
}

fn set_format(record: &mut Record, key: &str, written: &Written, errors: &mut Errors) {
    written.flag(errors);
    if record.format.is_some() {
        let message = "a value is recorded in one format: keep `Debug` or `Display`";
        errors.at(&written.key, message);
    }
    record.format = Some(match key {
        "Debug" => Format::Debug,
        _ => Format::Display,
    });
}
