//! Usage metrics: counts and latencies in memory, in the text format that Prometheus reads.
//!
//! Labels come from closed sets only: outcomes, handlers, skip reasons. No text of an order or of
//! a panic can get into one.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use gambeson::{Event, FieldError, Report, defensive_handler};

use super::fraud;

/// The upper bounds of the latency buckets, in microseconds; the last bucket has none.
const BOUNDS_US: [u64; 7] = [250, 500, 1_000, 2_500, 10_000, 50_000, 250_000];

/// The shop's orders so far.
pub(crate) static ORDERS: OrderMetrics = OrderMetrics::new();

/// Counts every order event.
#[defensive_handler(on = "shop.order.*", after(super::audit::audit_order))]
pub(crate) fn measure_order(event: &Event<'_>) -> Result<(), FieldError> {
    ORDERS.measure(event)
}

/// Counts by outcome, and how long orders took.
#[derive(Debug)]
pub(crate) struct OrderMetrics {
    started: AtomicU64,
    completed: AtomicU64,
    refused: AtomicU64,
    buckets: [AtomicU64; BOUNDS_US.len() + 1],
    total_us: AtomicU64,
}

impl OrderMetrics {
    const fn new() -> Self {
        OrderMetrics {
            started: AtomicU64::new(0),
            completed: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            buckets: [const { AtomicU64::new(0) }; BOUNDS_US.len() + 1],
            total_us: AtomicU64::new(0),
        }
    }

    /// Nothing is counted before the event has been read, so that a skip leaves no trace here.
    fn measure(&self, event: &Event<'_>) -> Result<(), FieldError> {
        match event.name() {
            "shop.order.start" => add(&self.started, 1),
            "shop.order.stop" => {
                let duration = event.number("duration")?;
                add(&self.completed, 1);
                self.time(duration);
            }
            _ => {
                let duration = event.number("duration")?;
                add(&self.refused, 1);
                self.time(duration);
            }
        }
        Ok(())
    }

    /// How many events were counted.
    pub(crate) fn events(&self) -> u64 {
        get(&self.started) + get(&self.completed) + get(&self.refused)
    }

    /// How many latencies were measured, in all buckets together.
    pub(crate) fn timed(&self) -> u64 {
        self.buckets.iter().map(get).sum()
    }

    fn time(&self, seconds: f64) {
        let took = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS_US.partition_point(|bound| *bound < micros);
        add(&self.buckets[bucket], 1);
        add(&self.total_us, micros);
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "# TYPE shop_orders_total counter")?;
        for (outcome, count) in [
            ("started", &self.started),
            ("completed", &self.completed),
            ("refused", &self.refused),
        ] {
            let count = get(count);
            writeln!(text, "shop_orders_total{{outcome=\"{outcome}\"}} {count}")?;
        }
        writeln!(text, "# TYPE shop_order_duration_microseconds histogram")?;
        let mut below = 0;
        for (index, bucket) in self.buckets.iter().enumerate() {
            below += get(bucket);
            let bound = BOUNDS_US
                .get(index)
                .map_or_else(|| "+Inf".to_owned(), u64::to_string);
            writeln!(
                text,
                "shop_order_duration_microseconds_bucket{{le=\"{bound}\"}} {below}"
            )?;
        }
        let total = get(&self.total_us);
        writeln!(text, "shop_order_duration_microseconds_sum {total}")?;
        writeln!(text, "shop_order_duration_microseconds_count {below}")
    }
}

/// All metrics as text: the orders', and what became of each handler's events.
pub(crate) fn exposition(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = ORDERS.write(&mut text);
    let _ = write_fraud(&mut text);
    let _ = write_handlers(&mut text, report);
    text
}

fn write_fraud(text: &mut String) -> std::fmt::Result {
    writeln!(text, "# TYPE shop_fraud_points_total counter")?;
    writeln!(text, "shop_fraud_points_total {}", fraud::risk())
}

fn write_handlers(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(text, "# TYPE gambeson_handled_total counter")?;
    for handler in &report.handlers {
        let (name, handled) = (&handler.name, handler.handled);
        writeln!(
            text,
            "gambeson_handled_total{{handler=\"{name}\"}} {handled}"
        )?;
    }
    writeln!(text, "# TYPE gambeson_skipped_total counter")?;
    for handler in &report.handlers {
        for (reason, count) in &handler.skips {
            let name = &handler.name;
            writeln!(
                text,
                "gambeson_skipped_total{{handler=\"{name}\",reason=\"{reason}\"}} {count}"
            )?;
        }
    }
    Ok(())
}

fn add(counter: &AtomicU64, amount: u64) {
    counter.fetch_add(amount, Ordering::Relaxed);
}

fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use gambeson::Number;

    use super::*;

    #[test]
    fn each_event_is_counted_once_and_timed_in_its_bucket() {
        let metrics = OrderMetrics::new();
        let after = |seconds| [("duration", Number::Float(seconds))];
        let measure = |name, measurements: &[(&str, Number)]| {
            metrics.measure(&Event::new(name, measurements, &[]))
        };
        measure("shop.order.start", &[]).unwrap();
        measure("shop.order.stop", &after(0.000_2)).unwrap();
        measure("shop.order.stop", &after(0.000_25)).unwrap();
        measure("shop.order.exception", &after(9.0)).unwrap();
        measure("shop.order.stop", &[]).unwrap_err();

        assert_eq!((metrics.events(), metrics.timed()), (4, 3));
        let mut text = String::new();
        metrics.write(&mut text).unwrap();
        for line in [
            "shop_orders_total{outcome=\"completed\"} 2",
            "shop_order_duration_microseconds_bucket{le=\"250\"} 2",
            "shop_order_duration_microseconds_bucket{le=\"250000\"} 2",
            "shop_order_duration_microseconds_bucket{le=\"+Inf\"} 3",
            "shop_order_duration_microseconds_sum 9000450",
        ] {
            assert!(
                text.lines().any(|written| written == line),
                "{line}\n{text}"
            );
        }
    }
}
