//! Attaching and detaching while nothing is in flight (goal 14).

use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use gambeson::{Handler, Telemetry, emit};

use crate::harness::{Options, Row, median};

const NAME: &str = "cycled";
const DEADLINE: Duration = Duration::from_secs(5);
const IDLE_THREADS: usize = 64;

/// Whether the handler is detached, as far as its detacher knows.
static IS_OUT: AtomicBool = AtomicBool::new(true);

/// Calls of a handler whose detach had returned.
static LATE: AtomicU64 = AtomicU64::new(0);

/// The nanoseconds that the attaches and the detaches took.
#[derive(Default)]
struct Cycles {
    attach: Vec<f64>,
    detach: Vec<f64>,
}

/// Times both beside idle threads and beside a busy one.
pub(crate) fn rows(telemetry: &Telemetry, options: &Options) -> Vec<Row> {
    let idle = beside_idle_threads(telemetry, options.samples(2_000));
    let busy = beside_a_busy_core(telemetry, options.samples(20_000));
    vec![
        Row::micros(14, "detach beside 64 idle threads", median(idle.detach)).at_most(1.0),
        Row::micros(14, "attach beside 64 idle threads", median(idle.attach)),
        Row::micros(
            14,
            "detach beside a busy core, p99",
            percentile_99(busy.detach),
        )
        .at_most(50.0),
        Row::micros(
            14,
            "attach beside a busy core, p99",
            percentile_99(busy.attach),
        ),
        Row::count(
            14,
            "late calls in these cycles",
            LATE.load(Ordering::Relaxed) as f64,
        )
        .at_most(0.0),
    ]
}

fn beside_idle_threads(telemetry: &Telemetry, count: usize) -> Cycles {
    let (begun, over) = (
        Barrier::new(IDLE_THREADS + 1),
        Barrier::new(IDLE_THREADS + 1),
    );
    thread::scope(|scope| {
        for _ in 0..IDLE_THREADS {
            scope.spawn(|| {
                emit_cycled();
                begun.wait();
                over.wait();
            });
        }
        begun.wait();
        let cycles = cycle(telemetry, count);
        over.wait();
        cycles
    })
}

fn beside_a_busy_core(telemetry: &Telemetry, count: usize) -> Cycles {
    let (begun, is_over) = (Barrier::new(2), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            begun.wait();
            while !is_over.load(Ordering::Relaxed) {
                emit_cycled();
            }
        });
        begun.wait();
        let cycles = cycle(telemetry, count);
        is_over.store(true, Ordering::Relaxed);
        cycles
    })
}

fn emit_cycled() {
    emit!("bench.cycled");
}

/// Attaches and detaches so often. A detach that does not succeed is not timed.
fn cycle(telemetry: &Telemetry, count: usize) -> Cycles {
    let mut cycles = Cycles::default();
    for _ in 0..count {
        let handler = Handler::new(NAME, "bench.cycled", |_| {
            if IS_OUT.load(Ordering::SeqCst) {
                LATE.fetch_add(1, Ordering::Relaxed);
            }
        });
        IS_OUT.store(false, Ordering::SeqCst);
        let started = Instant::now();
        let attached = telemetry.attach(handler);
        cycles.attach.push(nanos_since(started));
        let started = Instant::now();
        let detached = telemetry.detach(NAME, DEADLINE);
        let took = nanos_since(started);
        if attached.is_ok() && detached.is_ok() {
            IS_OUT.store(true, Ordering::SeqCst);
            cycles.detach.push(took);
        }
    }
    cycles
}

fn nanos_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e9
}

fn percentile_99(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures
        .get(figures.len() * 99 / 100)
        .copied()
        .unwrap_or(f64::NAN)
}
