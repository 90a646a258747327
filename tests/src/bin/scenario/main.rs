//! Programs that need a process of their own: `scenario NAME`. What each shall do is told by
//! `tests/scenarios.rs`.

mod cycles;
mod ends;
mod exits;
mod hooks;
mod last_words;
mod limits;
mod logs;

use gambeson::{Event, Handler, Telemetry};
use gambeson_tests::{say, start_without_quarantine};

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    match name.as_str() {
        "contained" => hooks::contained(),
        "others" => hooks::others(),
        "caught_inside" => hooks::caught_inside(),
        "own_hook_before" => hooks::own_hook_before(),
        "own_hook_after" => hooks::own_hook_after(),
        "emitting_hook_before" => hooks::emitting_hook_before(),
        "emitting_hook_after" => hooks::emitting_hook_after(),
        "context_in_hook" => hooks::context_in_hook(),
        "hostile_hook" => hooks::hostile_hook(),
        "unwinding" => hooks::unwinding(),
        "start_in_hook" => hooks::start_in_hook(),
        "start_while_panicking" => hooks::start_while_panicking(),
        "eight_starts" => hooks::eight_starts(),
        "payload_chain" => hooks::payload_chain(),
        "words_of_an_abort" => hooks::words_of_an_abort(),
        "two_destructors" => hooks::two_destructors(),
        "log_in_destructor" => logs::in_destructor(),
        "log_to_closed_pipe" => logs::to_closed_pipe(),
        "log_with_broken_debug" => logs::with_broken_debug(),
        "cycles" => cycles::cycles(),
        "exit_while_dispatching" => exits::exit(),
        "return_while_dispatching" => exits::come_back(),
        "exit" => ends::exit(),
        "exit_inside_handler" => ends::exit_inside_handler(),
        "exit_while_another_shuts_down" => ends::exit_while_another_shuts_down(),
        "panic_in_main" => ends::panic_in_main(),
        "sigterm" => ends::signal("-TERM"),
        "sigint" => ends::signal("-INT"),
        "sigterm_twice" => ends::second_signal(),
        "signal_for_host" => ends::signal_for_host(),
        "signal_for_async_host" => ends::signal_for_async_host(),
        "exit_in_hook" => last_words::exit_in_hook(),
        "exit_while_unwinding" => last_words::exit_while_unwinding(),
        "exit_in_thread_local" => last_words::exit_in_thread_local(),
        "exit_at_once" => last_words::exit_at_once(),
        "sigterm_and_a_drop_that_hangs" => last_words::signal_and_a_drop_that_hangs(),
        "sigterm_after_a_start_that_failed" => last_words::signal_after_a_start_that_failed(),
        "abort" => exits::abort(),
        "stack" => limits::stack(),
        "memory" => limits::memory(),
        "panicking_hook" => limits::hook(),
        unknown => panic!("no scenario is called `{unknown}`"),
    }
}

/// A telemetry of the process with the handlers given, and no others.
fn process(handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    start_without_quarantine(Telemetry::builder(), handlers)
}

/// The handler that panics.
fn boom(_: &Event<'_>) {
    panic!("boom");
}
