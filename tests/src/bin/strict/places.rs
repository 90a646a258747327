//! Where a handler panics, and who is there to go on with it.

use gambeson::{Event, Telemetry, defensive_handler, emit, instrumented};
use gambeson_tests::{PATIENCE, pause, wait_until};

use crate::Counts;

#[defensive_handler(on = "strict.sent", name = "till", quarantine = false)]
pub(crate) async fn till(_: &Event<'_>) {
    tokio::task::yield_now().await;
    panic!("boom");
}

#[defensive_handler(name = "plain")]
pub(crate) fn plain() {
    panic!("boom");
}

#[defensive_handler(name = "plain_async")]
pub(crate) async fn plain_async() {
    pause().await;
    panic!("boom");
}

#[instrumented(defend)]
pub(crate) fn instrumented() {
    panic!("boom");
}

#[instrumented(defend)]
pub(crate) async fn instrumented_async() {
    pause().await;
    panic!("boom");
}

pub(crate) fn emitting(telemetry: &Telemetry) {
    let _counts = Counts(telemetry, "till");
    emit!("strict.sent");
}

pub(crate) fn calling(telemetry: &Telemetry, handler: &'static str, call: impl FnOnce()) {
    let _counts = Counts(telemetry, handler);
    call();
}

/// The emission itself goes well.
pub(crate) fn flushing(telemetry: &Telemetry) {
    let _counts = Counts(telemetry, "till");
    emit!("strict.sent");
    if let Err(error) = telemetry.flush(PATIENCE) {
        panic!("{error}");
    }
}

pub(crate) fn shutting_down(telemetry: &Telemetry) {
    let _counts = Counts(telemetry, "till");
    emit!("strict.sent");
    telemetry.shutdown();
}

pub(crate) fn dropping(telemetry: Telemetry) {
    count(&telemetry);
    drop(telemetry);
}

/// No panic goes on here: the process ends, and its code has to say it.
pub(crate) fn exiting(telemetry: &Telemetry) {
    count(telemetry);
    crate::done();
    gambeson::exit_with_flush(0);
}

/// Emits, and says the counts once the panic is among them.
fn count(telemetry: &Telemetry) {
    let _counts = Counts(telemetry, "till");
    emit!("strict.sent");
    wait_until("it is counted", PATIENCE, || {
        let report = telemetry.report();
        let till = report.handler("till");
        till.is_some_and(|till| till.is_conserved() && till.in_flight == 0)
    });
}
