//! Messages of panics and errors: the tables find what a look at each of their rows finds, also from
//! inside a call.

#![no_main]

use std::{error::Error, fmt};

use gambeson::{Defense, Outcome, Quarantine, SkipReason, private::fuzzed};
use libfuzzer_sys::fuzz_target;

thread_local!(static DEFENSE: Defense = Defense::new("fuzzed").quarantine(Quarantine::OFF));

/// An error of a type that nobody knows.
#[derive(Debug)]
struct Said(String);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Said {}

fuzz_target!(|message: String| {
    let (of_panic, of_error) = fuzzed::scanned(&message);
    let expected = [of_panic, of_error].map(|reason| reason.unwrap_or(SkipReason::Unexpected));
    let (of_panic, of_error) = fuzzed::found(&message, &Said(message.clone()));
    assert_eq!([of_panic, of_error], expected, "{message:?}");
    // As the process would end with it, the fuzzer's own panic hook is asked, which ends it.
    if message.starts_with("panic in a ") {
        return;
    }
    let outcome = DEFENSE
        .with(|defense| defense.run(|| -> Outcome<()> { std::panic::panic_any(message.clone()) }));
    assert_eq!(outcome.reason(), Some(of_panic), "{message:?}");
});
