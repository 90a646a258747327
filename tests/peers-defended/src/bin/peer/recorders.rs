//! A recorder of metrics that fails when a counter is registered, and when it counts.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use gambeson::guard;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use crate::{Way, say, telemetry};

/// What arrived.
static ORDERS: AtomicU64 = AtomicU64::new(0);

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn recorder(way: Way) {
    let telemetry = telemetry();
    let installed = match way {
        Way::Bare => metrics::set_global_recorder(Exporter::default()).is_ok(),
        Way::Defended => {
            let recorder = guard::recorder(Exporter::default()).named("exporter");
            metrics::set_global_recorder(recorder).is_ok()
        }
    };
    assert!(installed, "no other recorder is installed");

    // As a library counts that keeps its counter.
    let orders = metrics::counter!("orders");
    for _ in 0..5 {
        orders.increment(1);
    }
    println!("host: done, {} arrived", ORDERS.load(Ordering::Relaxed));
    say(&telemetry, "exporter");
    drop(telemetry);
    orders.increment(1);
    let all = ORDERS.load(Ordering::Relaxed);
    println!("after the shutdown: {all} arrived");
}

/// Fails at the first registration.
#[derive(Default)]
struct Exporter {
    registrations: AtomicU64,
}

impl Recorder for Exporter {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        let earlier = self.registrations.fetch_add(1, Ordering::Relaxed);
        assert!(earlier > 0, "the table is full");
        Counter::from_arc(Arc::new(Faulty))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// A counter that loses its third increment.
struct Faulty;

impl CounterFn for Faulty {
    fn increment(&self, value: u64) {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let call = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
        assert!(call != 3, "the cell is gone");
        ORDERS.fetch_add(value, Ordering::Relaxed);
    }

    fn absolute(&self, _: u64) {}
}
