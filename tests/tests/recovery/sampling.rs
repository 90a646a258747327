//! Sampling and spans go on while what the handlers need is gone.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use gambeson::{
    Config, Event, Handler, NamePattern, Resource, Restart, Rule, SkipReason, defensive_handler,
    emit, handler, instrumented,
};
use gambeson_tests::{PATIENCE, crowd, stores::Table, tally};

use crate::{AT_ONCE, annotated, started, started_with};

/// One of ten is in the sample, whatever becomes of it.
#[test]
fn a_sample_stays_exact_while_the_store_dies() {
    static TABLE: Resource<Table> =
        Resource::with_opener("sampled", Table::open).restart(Restart::never());

    #[defensive_handler(on = "sampling.sold")]
    fn sampled(_: &Event<'_>, #[needs(TABLE)] table: &Table) {
        table.add(1, 1);
    }

    let pattern = NamePattern::parse("sampled").unwrap();
    let rule = Rule::new().with_handler(pattern).with_sample(0.1);
    let config = Config::default().with_rule(rule);
    let telemetry = Arc::new(started_with(config, [annotated(handler!(sampled))]));
    let sell = |telemetry: &Arc<gambeson::Telemetry>| {
        let seller = Arc::clone(telemetry);
        crowd(4, move |_| {
            seller.enter(|| (0..250).for_each(|_| emit!("sampling.sold")));
        })
        .join();
    };
    sell(&telemetry);
    assert_eq!(TABLE.lease().unwrap().sum(), 100);
    assert!(Table::delete(&TABLE));
    sell(&telemetry);
    TABLE.ensure_started_within(PATIENCE).unwrap();
    sell(&telemetry);
    assert_eq!(TABLE.lease().unwrap().sum(), 100);
    assert_eq!(
        tally(&telemetry.report(), "sampled"),
        "3000 = 200 handled + 100 state_unavailable + 2700 disabled"
    );
}

/// In the ancestor a restart of what kept the spans lost every stop; here nothing keeps them.
#[test]
fn every_span_that_starts_ends_while_the_stores_die() {
    const THREADS: usize = 4;
    const CALLS: u64 = 100;
    static TABLE: Resource<Table> = Resource::with_opener("of spans", Table::open).restart(AT_ONCE);
    static FAILED: AtomicU64 = AtomicU64::new(0);

    #[instrumented(event = "spans.order", err)]
    fn order(number: u64) -> Result<(), gambeson::Unavailable> {
        if number.is_multiple_of(10) {
            Table::delete(&TABLE);
        }
        TABLE.lease()?.add(1, 1);
        Ok(())
    }

    #[defensive_handler(on = "spans.order.*")]
    fn stored(_: &Event<'_>, #[needs(TABLE)] table: &Table) {
        table.add(2, 1);
    }

    let starts = Handler::new("starts", "spans.order.start", |_| ());
    let ends = Handler::new("stops", "spans.order.stop", |_| ());
    let fails = Handler::new("fails", "spans.order.exception", |event: &Event<'_>| {
        assert_eq!(event.text("reason")?, "state_unavailable");
        Ok::<_, gambeson::FieldError>(())
    });
    let stored = annotated(handler!(stored));
    let telemetry = Arc::new(started([starts, ends, fails, stored]));
    let caller = Arc::clone(&telemetry);
    let calls = crowd(THREADS, move |_| {
        caller.enter(|| {
            for number in 0..CALLS {
                let failed = order(number).is_err();
                FAILED.fetch_add(failed.into(), Ordering::SeqCst);
            }
        });
    });
    calls.join();
    assert!(telemetry.active_spans().is_empty());
    let report = telemetry.report();
    let all = THREADS as u64 * CALLS;
    let failed = FAILED.load(Ordering::SeqCst);
    assert_eq!(tally(&report, "starts"), format!("{all} = {all} handled"));
    let stops = all - failed;
    assert_eq!(
        tally(&report, "stops"),
        format!("{stops} = {stops} handled")
    );
    assert_eq!(
        tally(&report, "fails"),
        format!("{failed} = {failed} handled")
    );
    let stored = report.handler("stored").unwrap();
    assert_eq!(stored.matched, 2 * all, "a start and an end for each");
    let skipped = stored.skipped(SkipReason::StateUnavailable);
    assert_eq!(stored.handled + skipped, 2 * all, "{report}");
}
