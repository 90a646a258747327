//! An OpenTelemetry counter of the SDK, exported to nowhere and not during a run.

use std::{hint::black_box, time::Duration};

use opentelemetry::{
    KeyValue,
    metrics::{Counter, MeterProvider},
};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    metrics::{
        PeriodicReader, SdkMeterProvider, Temporality, data::ResourceMetrics,
        exporter::PushMetricExporter,
    },
};

const NEVER: Duration = Duration::from_secs(86_400);

struct Nowhere;

impl PushMetricExporter for Nowhere {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
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

/// A counter, and the provider that it is of.
pub(super) struct Counting {
    counter: Counter<u64>,
    _provider: SdkMeterProvider,
}

pub(super) fn counter() -> Counting {
    let reader = PeriodicReader::builder(Nowhere)
        .with_interval(NEVER)
        .build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    Counting {
        counter: provider.meter("peers").u64_counter("read").build(),
        _provider: provider,
    }
}

pub(super) fn count(counting: &Counting) {
    let attributes = [KeyValue::new("order", "A-1"), KeyValue::new("city", "Lyon")];
    counting.counter.add(black_box(9), &attributes);
}
