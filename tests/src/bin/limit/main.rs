//! Values and limits that a process may not survive: `limit NAME`. What each shall do is told by
//! `tests/limits.rs`.

mod foreign;
mod frames;
mod payloads;
mod recursion;

use gambeson::{Handler, Telemetry};
use gambeson_tests::{say, start_without_quarantine};

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    match name.as_str() {
        "debug_emits_itself" => recursion::debug_emits_itself(),
        "display_emits_itself" => recursion::display_emits_itself(),
        "debug_calls_instrumented" => recursion::debug_calls_instrumented(),
        "error_emits_itself" => recursion::error_emits_itself(),
        "thrown_error_emits_itself" => recursion::thrown_error_emits_itself(),
        "debug_logs_itself" => recursion::debug_logs_itself(),
        "bare_log" => recursion::bare_log(),
        "bare_recursion" => recursion::bare(),
        "payload_chain_1" => payloads::chain(1),
        "payload_chain_3" => payloads::chain(3),
        "payload_chain_100" => payloads::chain(100),
        "bare_payload_chain" => payloads::bare_chain(),
        "passing" => payloads::passing(),
        "child" => payloads::child(),
        "nasty" => payloads::nasty(),
        "nasty_caught" => payloads::nasty_caught(),
        "secret" => payloads::secret(),
        "extern_c" => frames::extern_c(),
        "extern_c_unwind" => frames::extern_c_unwind(),
        "foreign_exception" => frames::foreign_exception(),
        "deep_debug" => frames::deep_debug(),
        "thread_local_outside" => frames::thread_local_outside(),
        "rayon" => frames::rayon(),
        unknown => panic!("no limit is called `{unknown}`"),
    }
}

/// A telemetry of the process with the handlers given, and no others.
fn process(handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    start_without_quarantine(Telemetry::builder(), handlers)
}
