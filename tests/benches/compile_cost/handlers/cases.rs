//! The sources that are compiled: the same functions, plain and defended in several ways.

use std::fmt::Write as _;

use crate::{subject::Subject, workshop::Build};

/// What the functions of a crate are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Case {
    Plain(Returns),
    Handlers(Returns),
    Batch(Returns),
    /// Each handler has a guard of its own, made of generic code and closures.
    Naive(Returns),
    /// Defended where they are called.
    InPlace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Returns {
    Nothing,
    Result,
}

impl Subject for Case {
    const FOLDER: &'static str = "handlers";
    const DEPENDENCIES: &'static str = "inventory = \"0.3\"\n";
    const BUILDS: &'static [Build] = &[Build::Check, Build::Debug, Build::Release];
    const ROUNDS: usize = 5;
    const ALL: &'static [Case] = &[
        Case::Plain(Returns::Nothing),
        Case::Handlers(Returns::Nothing),
        Case::Batch(Returns::Nothing),
        Case::Naive(Returns::Nothing),
        Case::InPlace,
        Case::Plain(Returns::Result),
        Case::Handlers(Returns::Result),
        Case::Batch(Returns::Result),
        Case::Naive(Returns::Result),
    ];

    fn name(self) -> String {
        let kind = match self {
            Case::Plain(_) => "plain",
            Case::Handlers(_) => "handlers",
            Case::Batch(_) => "batch",
            Case::Naive(_) => "naive",
            Case::InPlace => "in_place",
        };
        match self.returns() {
            Returns::Nothing => format!("{kind}_nothing"),
            Returns::Result => format!("{kind}_result"),
        }
    }

    fn title(self) -> String {
        let kind = match self {
            Case::Plain(_) => "plain functions",
            Case::Handlers(_) => "handlers",
            Case::Batch(_) => "handlers of a `#[defensive_handlers]` module",
            Case::Naive(_) => "handlers of a naive design",
            Case::InPlace => "functions defended in place",
        };
        match self.returns() {
            Returns::Nothing => format!("{kind} that return nothing"),
            Returns::Result => format!("{kind} that return a `Result`"),
        }
    }

    fn plain(self) -> Self {
        Case::Plain(self.returns())
    }

    fn functions(self) -> usize {
        400
    }

    fn source(self, functions: usize) -> String {
        let returns = self.returns();
        let mut source = PRELUDE.to_owned();
        match self {
            Case::Batch(_) => source.push_str("#[gambeson::defensive_handlers]\n"),
            Case::Naive(_) => source.push_str(NAIVE),
            _ => {}
        }
        source.push_str("pub mod all {\nuse super::*;\n");
        for index in 0..functions {
            match self {
                Case::Handlers(_) | Case::Batch(_) => push(
                    &mut source,
                    format_args!("#[defensive_handler(on = \"shop.order.e{index}\")]"),
                ),
                Case::InPlace => source.push_str("#[defensive_handler]\n"),
                Case::Plain(_) | Case::Naive(_) => {}
            }
            push(&mut source, format_args!("{}", function(index, returns)));
            if let Case::Naive(_) = self {
                push(&mut source, format_args!("{}", naive(index)));
            }
        }
        push(
            &mut source,
            format_args!("}}\n{}", kept(functions, returns)),
        );
        source
    }
}

impl Case {
    fn returns(self) -> Returns {
        match self {
            Case::Plain(returns)
            | Case::Handlers(returns)
            | Case::Batch(returns)
            | Case::Naive(returns) => returns,
            Case::InPlace => Returns::Nothing,
        }
    }
}

fn push(source: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(source, "{text}");
}

const PRELUDE: &str = "\
#![allow(unused_imports)]
use gambeson::{Event, FieldError, defensive_handler};
use std::sync::atomic::{AtomicU64, Ordering};
pub static TOTAL: AtomicU64 = AtomicU64::new(0);
";

/// What a handler might do: two fields of its event, and a count.
fn function(index: usize, returns: Returns) -> String {
    let (output, amount, city, end) = match returns {
        Returns::Nothing => ("", ".unwrap_or(0.0)", ".unwrap_or(\"\")", ""),
        Returns::Result => ("-> Result<(), FieldError> ", "?", "?", "Ok(())\n"),
    };
    format!(
        "pub fn h{index}(event: &Event<'_>) {output}{{
    let amount = event.number(\"amount\"){amount};
    let city = event.text(\"city\"){city};
    TOTAL.fetch_add(amount as u64 + city.len() as u64 + {index}, Ordering::Relaxed);
{end}}}"
    )
}

/// Keeps every function, as calls from elsewhere would.
fn kept(functions: usize, returns: Returns) -> String {
    let output = match returns {
        Returns::Nothing => "",
        Returns::Result => " -> Result<(), FieldError>",
    };
    let names: Vec<String> = (0..functions)
        .map(|index| format!("all::h{index}"))
        .collect();
    format!(
        "pub static ALL: [fn(&Event<'_>){output}; {functions}] = [{}];",
        names.join(", ")
    )
}

fn naive(index: usize) -> String {
    format!(
        "naive::inventory::submit!(naive::Handler {{
    name: concat!(module_path!(), \"::h{index}\"),
    pattern: \"shop.order.e{index}\",
    tally: &{{ static TALLY: naive::Tally = naive::Tally::new(); &TALLY }},
    run: |handler, event| naive::defend(handler, event, || true, |event| h{index}(event)),
}});"
    )
}

const NAIVE: &str = r#"
pub mod naive {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    pub use inventory;

    pub struct Handler {
        pub name: &'static str,
        pub pattern: &'static str,
        pub tally: &'static &'static Tally,
        pub run: fn(&Handler, &Event<'_>),
    }
    inventory::collect!(Handler);

    pub struct Tally { pub matched: AtomicU64, pub handled: AtomicU64, pub skips: [AtomicU64; 4] }
    impl Tally {
        pub const fn new() -> Self {
            Tally { matched: AtomicU64::new(0), handled: AtomicU64::new(0), skips: [const { AtomicU64::new(0) }; 4] }
        }
    }

    pub trait Answer { fn error(&self) -> Option<String>; }
    impl Answer for () { fn error(&self) -> Option<String> { None } }
    impl<E: std::fmt::Display> Answer for Result<(), E> {
        fn error(&self) -> Option<String> { self.as_ref().err().map(|error| error.to_string()) }
    }

    #[inline]
    pub fn defend<R: Answer>(
        handler: &Handler,
        event: &Event<'_>,
        available: impl Fn() -> bool,
        body: impl FnOnce(&Event<'_>) -> R,
    ) {
        handler.tally.matched.fetch_add(1, Ordering::Relaxed);
        if !available() {
            skip(handler, event, 0, || "unavailable".to_owned());
            return;
        }
        match catch_unwind(AssertUnwindSafe(|| body(event))) {
            Ok(answer) => match answer.error() {
                None => { handler.tally.handled.fetch_add(1, Ordering::Relaxed); }
                Some(error) => skip(handler, event, 1, move || error),
            },
            Err(payload) => {
                let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
                    (Some(text), _) => Some((*text).to_owned()),
                    (_, Some(text)) => Some(text.clone()),
                    _ => None,
                };
                let reason = match &message {
                    Some(text) if text.contains("not yet implemented") => 2,
                    _ => 3,
                };
                skip(handler, event, reason, move || message.unwrap_or_default());
            }
        }
    }

    #[inline]
    fn skip(handler: &Handler, event: &Event<'_>, reason: usize, text: impl FnOnce() -> String) {
        handler.tally.skips[reason].fetch_add(1, Ordering::Relaxed);
        eprintln!("{} skipped {event}: {}", handler.name, text());
    }
}
"#;
