//! An emitter of emit and a reporter of fastrace that fail once.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use gambeson::Defense;
use gambeson_tests::{PATIENCE, wait_until};

use crate::{Way, say, telemetry};

/// Counts a call, of which the first fails.
fn arrive(count: &AtomicU64) {
    let earlier = count.fetch_add(1, Ordering::Relaxed);
    assert!(earlier > 0, "the collector does not answer");
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn emitter(way: Way) {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    fn send(text: &str) {
        arrive(&CALLS);
        println!("sent: {text}");
    }
    let telemetry = telemetry();
    match way {
        Way::Bare => {
            let emitter = emit::emitter::from_fn(|event| send(&event.msg().to_string()));
            drop(emit::setup().emit_to(emitter).init());
        }
        Way::Defended => {
            let defense = Defense::new("emitter");
            let emitter = emit::emitter::from_fn(move |event| {
                defense.run(|| send(&event.msg().to_string()));
            });
            drop(emit::setup().emit_to(emitter).init());
        }
    }
    for order in 1..=3 {
        emit::info!("order {order}");
    }
    println!("host: done");
    say(&telemetry, "emitter");
}

/// Counts the spans of each batch that arrives.
struct Collector(Option<Defense>);

/// How many batches were sent, and how many spans arrived.
static BATCHES: AtomicU64 = AtomicU64::new(0);
static SPANS: AtomicU64 = AtomicU64::new(0);

impl Reporter for Collector {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        if spans.is_empty() {
            return;
        }
        let collect = || {
            arrive(&BATCHES);
            SPANS.fetch_add(spans.len() as u64, Ordering::Relaxed);
        };
        match &self.0 {
            Some(defense) => defense.run(collect),
            None => collect(),
        }
    }
}

/// Whether the thread of fastrace that reports is there; the system keeps 15 bytes of its name.
fn is_collecting() -> bool {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    threads.flatten().any(|thread| {
        let name = std::fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
        name.starts_with("fastrace-global")
    })
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn reporter(way: Way) {
    let telemetry = telemetry();
    let defense = (way == Way::Defended).then(|| Defense::new("reporter"));
    let config = Config::default().report_interval(Duration::from_millis(1));
    fastrace::set_reporter(Collector(defense), config);
    let root = || drop(fastrace::Span::root("order", SpanContext::random()));
    let arrived = || SPANS.load(Ordering::Relaxed);

    root();
    wait_until("the first batch is sent", PATIENCE, || {
        BATCHES.load(Ordering::Relaxed) == 1
    });
    if way == Way::Bare {
        wait_until("the collector is gone", PATIENCE, || !is_collecting());
        root();
        println!("host: done, {} of 2 arrived, nor will they", arrived());
        return;
    }
    for expected in 1..=2 {
        root();
        wait_until("the span arrives", PATIENCE, || arrived() == expected);
    }
    println!("host: done, {} of 3 arrived", arrived());
    println!(
        "collector: {}",
        if is_collecting() { "runs" } else { "gone" }
    );
    say(&telemetry, "reporter");
}
