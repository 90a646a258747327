//! Floods: what is bounded is bounded here, and the process fails where it is not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use gambeson::{Config, Event, Handler, SkipReason, Telemetry, emit};
use tracing::{
    Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    registry,
};

use crate::{failing, process, say};

/// What may be told at once, and in a minute.
const BURST: u32 = 5;
const PER_MINUTE: u32 = 60;

/// More than any of these may need besides what it holds on purpose.
const MEMORY: u64 = 16 * 1024 * 1024;

/// A log that only counts, and takes its time.
#[derive(Clone, Default)]
struct Counting {
    lines: Arc<AtomicU64>,
    suppressed: Arc<AtomicU64>,
    takes: Duration,
}

impl<S: Subscriber> Layer<S> for Counting {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        struct Suppressed(u64, bool);
        impl Visit for Suppressed {
            fn record_u64(&mut self, field: &Field, value: u64) {
                if field.name() == "suppressed" {
                    self.0 = value;
                }
            }
            fn record_str(&mut self, field: &Field, value: &str) {
                self.1 |= field.name() == "message" && value == "handler skipped";
            }
            fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
        }
        let mut seen = Suppressed(0, false);
        event.record(&mut seen);
        self.suppressed.fetch_add(seen.0, Ordering::SeqCst);
        if seen.1 {
            self.lines.fetch_add(1, Ordering::SeqCst);
            thread::sleep(self.takes);
        }
    }
}

/// Ends the telemetry, and asserts that each of so many skips was told or counted, and as few told
/// as the rate allows since it began.
fn account(log: &Counting, telemetry: &Telemetry, began: Instant, skips: u64) {
    let report = telemetry.shutdown();
    let lines = log.lines.load(Ordering::SeqCst);
    let at_most = u64::from(BURST) + began.elapsed().as_secs() * u64::from(PER_MINUTE) / 60 + 1;
    assert!((1..=at_most).contains(&lines), "{lines} lines");
    assert_eq!(lines + log.suppressed.load(Ordering::SeqCst), skips);
    let till = report.handler("till");
    assert_eq!(till.map(|till| till.skips.len()), Some(1));
    assert_eq!(
        till.map(gambeson::HandlerReport::skipped_in_all),
        Some(skips)
    );
}

fn start(
    log: &Counting,
    handler: impl Fn(&Event<'_>) -> std::io::Result<()> + Send + Sync + 'static,
) -> Telemetry {
    start_with((BURST, PER_MINUTE), log, handler)
}

fn start_with(
    (burst, per_minute): (u32, u32),
    log: &Counting,
    handler: impl Fn(&Event<'_>) -> std::io::Result<()> + Send + Sync + 'static,
) -> Telemetry {
    let set = tracing::subscriber::set_global_default(registry().with(log.clone()));
    assert!(set.is_ok());
    let config = Config::default().with_debug(true);
    process(
        config.with_debug_log_rate(burst, per_minute),
        [Handler::new("till", "shop.opened", handler)],
    )
}

/// What the process holds in memory, in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0) * 4096
}

/// A million failures for one reason, on four threads.
pub(crate) fn million() {
    let log = Counting::default();
    let telemetry = start(&log, failing);
    let began = Instant::now();
    emit!("shop.opened");
    let before = resident();
    thread::scope(|scope| {
        for share in [250_000, 250_000, 250_000, 249_999] {
            scope.spawn(move || (0..share).for_each(|_| emit!("shop.opened")));
        }
    });
    let more = resident().saturating_sub(before);
    assert!(more < MEMORY, "{more} bytes");
    say(&telemetry, "till");
    account(&log, &telemetry, began, 1_000_000);
}

/// A hundred thousand panics, each with a message of its own.
pub(crate) fn distinct() {
    let log = Counting::default();
    let number = AtomicU64::new(0);
    let telemetry = start(&log, move |_| {
        panic!("no {} of its kind", number.fetch_add(1, Ordering::Relaxed))
    });
    let began = Instant::now();
    (0..1_000).for_each(|_| emit!("shop.opened"));
    let before = resident();
    (0..99_000).for_each(|_| emit!("shop.opened"));
    let more = resident().saturating_sub(before);
    assert!(more < MEMORY, "{more} bytes");
    say(&telemetry, "till");
    account(&log, &telemetry, began, 100_000);
}

/// How long a slow log takes for a line.
const LINE: Duration = Duration::from_millis(50);

fn slow_log() -> Counting {
    Counting {
        takes: LINE,
        ..Counting::default()
    }
}

/// How long each of so many emissions takes, the fastest first.
fn timed(emissions: usize) -> Vec<Duration> {
    let timed = || {
        let began = Instant::now();
        emit!("shop.opened");
        began.elapsed()
    };
    let mut took: Vec<Duration> = std::iter::repeat_with(timed).take(emissions).collect();
    took.sort_unstable();
    took
}

/// A slow log without a limit, and a few skips: what the limit is for.
pub(crate) fn unlimited() {
    let log = slow_log();
    let telemetry = start_with((u32::MAX, u32::MAX), &log, failing);
    let took = timed(20);
    assert!(took[0] >= LINE, "{took:?}");
    assert_eq!(log.lines.load(Ordering::SeqCst), 20);
    say(&telemetry, "till");
}

/// A slow log, and a hundred thousand skips.
pub(crate) fn slow() {
    let log = slow_log();
    let telemetry = start(&log, failing);
    let began = Instant::now();
    let took = timed(100_000);
    let p99 = took[took.len() * 99 / 100];
    assert!(p99 < Duration::from_millis(1), "{p99:?}");
    let report = telemetry.report();
    let timed_out = report
        .handler("till")
        .map(|till| till.skipped(SkipReason::TimedOut));
    assert_eq!(timed_out, Some(100_000));
    say(&telemetry, "till");
    account(&log, &telemetry, began, 100_000);
}
