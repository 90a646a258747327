//! A flush that does not come to its end leaves room for events.

use std::time::Duration;

use gambeson::{Event, SkipReason, defensive_handler, emit, handler};
use gambeson_tests::PATIENCE;
use tokio::sync::Semaphore;

use crate::alone;

static GATE: Semaphore = Semaphore::const_new(0);

#[defensive_handler(on = "others.queued")]
async fn stuck(_event: &Event<'_>) {
    GATE.acquire().await.unwrap().forget();
}

#[test]
fn a_flush_in_vain_takes_no_room_in_the_queue() {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).build().unwrap();
    let builder = alone().runtime(runtime.handle().clone());
    let telemetry = builder.handler(handler!(stuck)).start().unwrap();
    telemetry.enter(|| emit!("others.queued"));
    for _ in 0..2000 {
        assert!(telemetry.flush(Duration::ZERO).is_err());
    }
    telemetry.enter(|| emit!("others.queued"));
    GATE.add_permits(2);
    telemetry.flush(PATIENCE).unwrap();
    let report = telemetry.shutdown();
    let stuck = report.handler("stuck").unwrap();
    assert_eq!(stuck.skipped(SkipReason::Overloaded), 0, "{report}");
    assert_eq!(stuck.handled, 2, "{report}");
}
