//! Programs with a peer in them, one of whose parts fails: `peer NAME bare` without the defence, and
//! `peer NAME defended` with it. What each shall do is told by `tests/peers.rs`.

mod breaker;
mod destructors;
mod emitters;
mod layers;
mod observables;
mod recorders;
mod reports;

use gambeson::Telemetry;
use gambeson_tests::say;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, way] = &arguments[..] else {
        panic!("peer NAME bare|defended");
    };
    let way = match way.as_str() {
        "bare" => Way::Bare,
        "defended" => Way::Defended,
        unknown => panic!("`{unknown}` is neither bare nor defended"),
    };
    match name.as_str() {
        "observable" => observables::observable(way),
        "layer" => layers::layer(way),
        "layer_and_extensions" => layers::extensions(way),
        "formatter_in_destructor" => layers::formatter_in_destructor(way),
        "recorder" => recorders::recorder(way),
        "before_send" => reports::before_send(way),
        "capture_in_destructor" => destructors::capture_in_destructor(way),
        "emit_in_destructor" => destructors::emit_in_destructor(way),
        "context_in_destructor" => destructors::context_in_destructor(way),
        "emitter" => emitters::emitter(way),
        "reporter" => emitters::reporter(way),
        "breaker" => breaker::breaker(way),
        unknown => panic!("no program is called `{unknown}`"),
    }
}

/// Whether the part that fails is defended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Bare,
    Defended,
}

/// The process's telemetry.
fn telemetry() -> Telemetry {
    match Telemetry::builder().start() {
        Ok(telemetry) => telemetry,
        Err(error) => panic!("{error}"),
    }
}
