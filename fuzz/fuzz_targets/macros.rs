//! Whatever is written under the macros: none of them panics, and what is sound before stays sound.

#![no_main]
#![allow(
    dead_code,
    reason = "the modules are those of the macros' crate, which has other doors"
)]

#[path = "../../macros/src/body/mod.rs"]
mod body;
#[path = "../../macros/src/checks.rs"]
mod checks;
#[path = "../../macros/src/classify/mod.rs"]
mod classify;
#[path = "../../macros/src/defensive_handler/mod.rs"]
mod defensive_handler;
#[path = "../../macros/src/defensive_handlers/mod.rs"]
mod defensive_handlers;
#[path = "../../macros/src/errors.rs"]
mod errors;
#[path = "../../macros/src/handler_path.rs"]
mod handler_path;
#[path = "../../macros/src/instrumented/mod.rs"]
mod instrumented;
#[path = "../../macros/src/nearest.rs"]
mod nearest;
#[path = "../../macros/src/options.rs"]
mod options;
#[path = "../../macros/src/private.rs"]
mod private;
#[path = "../../macros/src/signature.rs"]
mod signature;
#[path = "../../macros/src/span.rs"]
mod span;
#[path = "../../macros/src/tokens.rs"]
mod tokens;

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

/// As deep as a parser of tokens goes that calls itself.
const LONGEST: usize = 1000;

// A byte that says which macro, and how the rest is to be read: as text, the options on the first
// line, or as numbers of words.
fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    let written = if first & 8 == 0 {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        rest.iter()
            .map(|&index| WORDS[usize::from(index) % WORDS.len()])
            .collect()
    };
    if written.len() > LONGEST {
        return;
    }
    let (options, item) = written.split_once('\n').unwrap_or(("", &written));
    let (Ok(options), Ok(item)) = (options.parse::<TokenStream>(), item.parse::<TokenStream>())
    else {
        return;
    };
    let expanded = match first & 7 {
        0 | 1 => defensive_handler::expand(options, &item),
        2 => defensive_handlers::expand(options, &item),
        3 => classify::expand(item.clone()),
        4 => handler_path::expand(item.clone()),
        _ => instrumented::expand(options, &item),
    };
    let is_refused = expanded.to_string().contains("compile_error");
    let is_item = |tokens: &TokenStream| syn::parse2::<syn::File>(tokens.clone()).is_ok();
    if !is_refused && first & 7 != 4 && is_item(&item) {
        assert!(is_item(&expanded), "{written}\n{expanded}");
    }
});

/// What is written under macros, and what is not.
const WORDS: &[&str] = &[
    "\n",
    " ",
    ", ",
    "(",
    ")",
    "{ ",
    " }",
    "[",
    "]",
    "< ",
    "> ",
    " = ",
    "= |skip| ",
    ": ",
    " -> ",
    "; ",
    "#[",
    "&",
    "&mut ",
    "'a ",
    "_ ",
    "..",
    "::",
    "?",
    "!",
    "*",
    "%",
    "|",
    "||",
    "-> ",
    "fn f",
    "fn g() {}",
    "async ",
    "unsafe ",
    "const ",
    "extern \"C\" ",
    "pub(crate) ",
    "impl ",
    "dyn ",
    "where T: Copy ",
    "self",
    "&self",
    "mut x: u32",
    "event: &Event<'_>",
    "#[needs(A)] a: &A",
    "Result<(), E>",
    "Outcome<()>",
    "impl Future<Output = u8>",
    "T",
    "Self",
    "u32",
    "String",
    "mod m ",
    "struct S",
    "enum E ",
    "E::A",
    "trait T ",
    "on",
    "name",
    "needs",
    "after",
    "before",
    "available",
    "classify",
    "quarantine",
    "failures",
    "within",
    "cooldown",
    "budget",
    "queue",
    "flag",
    "crate",
    "fallback",
    "event",
    "fields",
    "skip",
    "skip_all",
    "err",
    "ret",
    "level",
    "target",
    "parent",
    "follows_from",
    "sensitive",
    "defend",
    "Debug",
    "Display",
    "\"a.b\"",
    "\"a.**.b\"",
    "\"10s\"",
    "\"\"",
    "5",
    "0",
    "1.5",
    "true",
    "false",
    "move ",
    "await",
    "return ",
    "x",
    "y",
    "r#type",
    "#[cfg(any())]",
    "#[track_caller]",
    "#[source] ",
    "#[from] ",
    "#[skip(timed_out)]",
    "#[skip(nonsense)]",
    "#[defensive_handler(on = \"a\")]",
];
