//! The sources: functions of two numbers, a quarter of which may fail, each under the attribute as
//! it is written by default.

use std::fmt::Write as _;

use crate::{subject::Subject, workshop::Build};

/// One function in so many returns a `Result`.
const FALLIBLE: usize = 4;

/// Functions of a kind, under the attribute of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) attribute: Attribute,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Sync,
    Async,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Attribute {
    None,
    Instrumented,
    Tracing,
    Fastrace,
    Autometrics,
}

impl Attribute {
    /// As it is written.
    fn source(self) -> &'static str {
        match self {
            Attribute::None => "",
            Attribute::Instrumented => "#[gambeson::instrumented]\n",
            Attribute::Tracing => "#[tracing::instrument]\n",
            Attribute::Fastrace => "#[fastrace::trace]\n",
            Attribute::Autometrics => "#[autometrics::autometrics]\n",
        }
    }
}

impl Subject for Case {
    const FOLDER: &'static str = "instrumented";
    const DEPENDENCIES: &'static str = r#"
autometrics = { version = "3", features = ["prometheus-client-0_22"] }
fastrace = { version = "0.7", features = ["enable"] }
tracing = { version = "0.1", default-features = false, features = ["attributes", "std"] }
"#;
    const BUILDS: &'static [Build] = &[Build::Debug, Build::Release];
    const ROUNDS: usize = 3;
    const ALL: &'static [Case] = &[
        Case::new(Kind::Sync, Attribute::None),
        Case::new(Kind::Sync, Attribute::Instrumented),
        Case::new(Kind::Sync, Attribute::Tracing),
        Case::new(Kind::Sync, Attribute::Fastrace),
        Case::new(Kind::Sync, Attribute::Autometrics),
        Case::new(Kind::Async, Attribute::None),
        Case::new(Kind::Async, Attribute::Instrumented),
        Case::new(Kind::Async, Attribute::Tracing),
        Case::new(Kind::Async, Attribute::Fastrace),
        Case::new(Kind::Async, Attribute::Autometrics),
    ];

    fn name(self) -> String {
        let attribute = match self.attribute {
            Attribute::None => "plain",
            Attribute::Instrumented => "by_gambeson",
            Attribute::Tracing => "by_tracing",
            Attribute::Fastrace => "by_fastrace",
            Attribute::Autometrics => "by_autometrics",
        };
        match self.kind {
            Kind::Sync => format!("{attribute}_sync"),
            Kind::Async => format!("{attribute}_async"),
        }
    }

    fn title(self) -> String {
        let functions = match self.kind {
            Kind::Sync => "functions",
            Kind::Async => "async functions",
        };
        match self.attribute {
            Attribute::None => format!("plain {functions}"),
            Attribute::Instrumented => format!("instrumented {functions}"),
            Attribute::Tracing => format!("tracing's {functions}"),
            Attribute::Fastrace => format!("fastrace's {functions}"),
            Attribute::Autometrics => format!("autometrics' {functions}"),
        }
    }

    fn plain(self) -> Self {
        Case::new(self.kind, Attribute::None)
    }

    fn functions(self) -> usize {
        match self.kind {
            Kind::Sync => 1_000,
            Kind::Async => 300,
        }
    }

    fn source(self, functions: usize) -> String {
        let mut source = PRELUDE.to_owned();
        for index in 0..functions {
            let function = match self.kind {
                Kind::Sync => sync_function(index),
                Kind::Async => async_function(index),
            };
            source.push_str(self.attribute.source());
            source.push_str(&function);
            if let Kind::Async = self.kind {
                source.push_str(&boxed(index));
            }
        }
        if let Kind::Sync = self.kind {
            source.push_str(&kept("VALUES", functions, false));
            source.push_str(&kept("RESULTS", functions, true));
        }
        source
    }
}

impl Case {
    pub(crate) const fn new(kind: Kind, attribute: Attribute) -> Self {
        Case { kind, attribute }
    }
}

fn is_fallible(index: usize) -> bool {
    index % FALLIBLE == FALLIBLE - 1
}

fn output(is_fallible: bool) -> &'static str {
    if is_fallible {
        "Result<u64, Refused>"
    } else {
        "u64"
    }
}

/// What a function returns, of what was there `before`.
fn answer(is_fallible: bool) -> &'static str {
    if is_fallible {
        "before.checked_mul(b).ok_or(Refused)"
    } else {
        "before.wrapping_mul(b)"
    }
}

fn sync_function(index: usize) -> String {
    let (output, answer) = (output(is_fallible(index)), answer(is_fallible(index)));
    format!(
        "pub fn f{index}(a: u64, b: u64) -> {output} {{
    let before = TOTAL.fetch_add(a ^ {index}, Ordering::Relaxed);
    {answer}
}}
"
    )
}

fn async_function(index: usize) -> String {
    let (output, answer) = (output(is_fallible(index)), answer(is_fallible(index)));
    format!(
        "pub async fn f{index}(a: u64, b: u64) -> {output} {{
    let before = Step(a ^ {index}).await;
    {answer}
}}
"
    )
}

/// Keeps the future, as a runtime that it is given to would.
fn boxed(index: usize) -> String {
    let output = output(is_fallible(index));
    format!(
        "pub fn b{index}(a: u64, b: u64) -> Pin<Box<dyn Future<Output = {output}> + Send>> {{
    Box::pin(f{index}(a, b))
}}
"
    )
}

/// Keeps the functions, as calls from elsewhere would.
fn kept(name: &str, functions: usize, fallible: bool) -> String {
    let kept = (0..functions).filter(|index| is_fallible(*index) == fallible);
    let names: Vec<String> = kept.map(|index| format!("f{index}")).collect();
    let mut kept = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        kept,
        "pub static {name}: [fn(u64, u64) -> {}; {}] = [{}];",
        output(fallible),
        names.len(),
        names.join(", ")
    );
    kept
}

const PRELUDE: &str = r#"
#![allow(unused_imports)]
use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll},
};

pub static TOTAL: AtomicU64 = AtomicU64::new(0);

#[derive(Debug)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl Error for Refused {}

pub struct Step(pub u64);

impl Future for Step {
    type Output = u64;

    #[inline(never)]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        match TOTAL.fetch_add(self.0, Ordering::Relaxed) {
            0 => Poll::Pending,
            before => Poll::Ready(before),
        }
    }
}
"#;
