//! A callback of an observable instrument of OpenTelemetry that fails at the first collection.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use gambeson::Defense;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    metrics::{
        PeriodicReader, SdkMeterProvider, Temporality,
        data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics},
        exporter::PushMetricExporter,
    },
};

use crate::{Way, say, telemetry};

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn observable(way: Way) {
    let telemetry = telemetry();
    let reader = PeriodicReader::builder(Printer)
        .with_interval(Duration::from_secs(3600))
        .build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    let meter = provider.meter("shop");
    let orders = meter.u64_observable_gauge("orders");
    let _orders = orders.with_callback(|gauge| gauge.observe(3, &[])).build();
    let disk = meter.u64_observable_gauge("disk_free");
    let _disk = match way {
        Way::Bare => disk.with_callback(|gauge| gauge.observe(free_bytes(), &[])),
        Way::Defended => {
            let defense = Defense::new("disk_free");
            disk.with_callback(move |gauge| defense.run(|| gauge.observe(free_bytes(), &[])))
        }
    }
    .build();

    for _ in 0..3 {
        println!("flush: {}", well(&provider.force_flush()));
    }
    println!("shutdown: {}", well(&provider.shutdown()));
    if way == Way::Defended {
        say(&telemetry, "disk_free");
    }
}

/// Fails once.
fn free_bytes() -> u64 {
    static FAILED: AtomicBool = AtomicBool::new(false);
    assert!(
        FAILED.swap(true, Ordering::Relaxed),
        "the disk does not answer"
    );
    42
}

fn well(result: &OTelSdkResult) -> &'static str {
    if result.is_ok() { "ok" } else { "failed" }
}

/// An exporter that prints the gauges that it gets.
struct Printer;

#[expect(clippy::print_stdout, reason = "the test reads it")]
impl PushMetricExporter for Printer {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let scopes = metrics.scope_metrics();
        let mut gauges: Vec<_> = scopes.flat_map(|scope| scope.metrics()).map(told).collect();
        gauges.sort();
        println!("exported: {}", gauges.join(" "));
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

fn told(metric: &Metric) -> String {
    let values: Vec<_> = match metric.data() {
        AggregatedMetrics::U64(MetricData::Gauge(gauge)) => {
            gauge.data_points().map(|point| point.value()).collect()
        }
        _ => Vec::new(),
    };
    format!("{}={values:?}", metric.name())
}
