//! What a defended call costs, beside the same call undefended.
//!
//! `cargo bench -p gambeson --bench calls`. Compare within one run: absolute times do not travel.

use std::{
    hint::black_box,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use gambeson::{
    Config, Event, Handler, Number, Outcome, Resource, Telemetry, Value, defensive_handler, emit,
};

static STORE: Resource<AtomicU64> = Resource::new("store");

fn main() {
    let config =
        Config::default().with_quarantine_after(u32::MAX, std::time::Duration::from_secs(1));
    let telemetry = Telemetry::builder()
        .config(config)
        .handler(Handler::new("fails", "bench.fails", |_| {
            Err(std::fmt::Error)
        }))
        .handler(Handler::new("panics", "bench.panics", |_| -> () {
            panic!("on purpose")
        }))
        .start();
    let Ok(_telemetry) = telemetry else { return };
    let _store = STORE.provide(AtomicU64::new(0));
    divan::main();
}

#[inline(never)]
fn handle(event: &Event<'_>) {
    static SUM: OnceLock<AtomicU64> = OnceLock::new();
    let count = event.measurements().len() as u64;
    SUM.get_or_init(AtomicU64::default)
        .store(count, Ordering::Relaxed);
}

#[defensive_handler(on = "bench.plain")]
fn registered(event: &Event<'_>) {
    handle(event);
}

#[defensive_handler(on = "bench.leased")]
fn leasing(event: &Event<'_>, #[needs(STORE)] store: &AtomicU64) {
    store.store(event.measurements().len() as u64, Ordering::Relaxed);
}

#[defensive_handler]
fn in_place(event: &Event<'_>) {
    handle(event);
}

#[defensive_handler]
fn with_outcome(event: &Event<'_>) -> Outcome<()> {
    handle(event);
    Outcome::Handled(())
}

fn with_event(code: impl FnOnce(&Event<'_>)) {
    let amount = black_box(9.5);
    code(&Event::new(
        "bench.plain",
        &[("amount", Number::Float(amount))],
        &[("order", Value::Text("A-1")), ("city", Value::Text("Lyon"))],
    ));
}

#[divan::bench(sample_size = 1000)]
fn a_bare_call() {
    let call: fn(&Event<'_>) = black_box(handle);
    with_event(call);
}

#[divan::bench(sample_size = 1000)]
fn b_defended_in_place() {
    with_event(in_place);
}

#[divan::bench(sample_size = 1000)]
fn b_defended_in_place_with_outcome() {
    with_event(|event| drop(with_outcome(event)));
}

#[divan::bench(sample_size = 1000)]
fn c_emit_unobserved() {
    emit!("bench.unobserved", { amount = black_box(9.5) }, { order = "A-1", city = "Lyon" });
}

#[divan::bench(sample_size = 1000)]
fn d_emit_to_one_handler() {
    emit!("bench.plain", { amount = black_box(9.5) }, { order = "A-1", city = "Lyon" });
}

#[divan::bench(sample_size = 1000)]
fn d_emit_to_one_handler_that_leases() {
    emit!("bench.leased", { amount = black_box(9.5) }, { order = "A-1", city = "Lyon" });
}

#[divan::bench(sample_size = 1000)]
fn e_error_to_skip() {
    emit!("bench.fails");
}

#[divan::bench(sample_size = 1000)]
fn f_panic_to_skip() {
    emit!("bench.panics");
}
