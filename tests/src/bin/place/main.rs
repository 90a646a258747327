//! One hostile body in the places where code of others ends the process: `place NAME` runs it
//! defended, and `place NAME bare` without the defence. How each shall end is told by
//! `tests/places`.

mod body;
mod ends;
mod foreign;
mod fork;
mod recursion;
mod tasks;
mod telling;
mod threads;
mod twin;

use crate::twin::log_to;

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    if name.starts_with("forked_child") {
        // What other threads write while the process forks stays locked in the child for ever.
        log_to(std::io::sink);
    } else {
        log_to(std::io::stderr);
    }
    match name.as_str() {
        "older_thread_local" => threads::older_thread_local(),
        "younger_thread_local" => threads::younger_thread_local(),
        "unwinding" => threads::unwinding(),
        "hook_before" => threads::hook_before(),
        "hook_after" => threads::hook_after(),
        "crowd_of_64" => threads::crowd_of_64(),
        "small_stack" => threads::small_stack(),
        "after_shutdown" => ends::after_shutdown(),
        "after_main" => ends::after_main(),
        "at_exit" => ends::at_exit(),
        "static_destructor" => ends::static_destructor(),
        "library_destructor" => ends::library_destructor(),
        "signal" => ends::signal(),
        "exit" => ends::exit(),
        "return" => ends::come_back(),
        "forked_child" => fork::forked_child(),
        "forked_child_of_queues" => fork::forked_child_of_queues(),
        "forked_child_of_changes" => fork::forked_child_of_changes(),
        "runtime_dropped" => tasks::runtime_dropped(),
        "runtime_gone" => tasks::runtime_gone(),
        "chain_of_40" => recursion::chain_of_40(),
        "mutual_1000" => recursion::mutual_1000(),
        "own_hook" => telling::own_hook(),
        "closed_stderr" => telling::closed_stderr(),
        "broken_debug" => telling::broken_debug(),
        "payload" => telling::payload(1),
        "payload_chain_3" => telling::payload(3),
        "payload_chain_100" => telling::payload(100),
        unknown => panic!("no place is called `{unknown}`"),
    }
}
