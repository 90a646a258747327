//! Layers of tracing beside the stock formatter: one that fails whatever it is told, one that fails
//! with a span's data locked, and the formatter itself where it cannot work.

use std::{
    cell::Cell,
    io,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use gambeson::{Quarantine, Report, SkipReason, guard};
use tracing::{
    Event, Metadata, Subscriber, info, info_span,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{Layer, Registry, fmt, layer::Context, prelude::*, registry::LookupSpan};

use crate::{Way, telemetry};

/// How often a layer was called.
static CALLS: AtomicU64 = AtomicU64::new(0);

fn fail() -> ! {
    CALLS.fetch_add(1, Ordering::Relaxed);
    panic!("the audit log is gone")
}

/// Fails whatever it is told or asked.
struct Audit;

impl<S: Subscriber> Layer<S> for Audit {
    fn on_register_dispatch(&self, _: &tracing::Dispatch) {
        fail();
    }

    fn on_layer(&mut self, _: &mut S) {
        fail();
    }

    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        fail()
    }

    fn enabled(&self, _: &Metadata<'_>, _: Context<'_, S>) -> bool {
        fail()
    }

    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        fail();
    }

    fn on_record(&self, _: &Id, _: &Record<'_>, _: Context<'_, S>) {
        fail();
    }

    fn on_follows_from(&self, _: &Id, _: &Id, _: Context<'_, S>) {
        fail();
    }

    fn event_enabled(&self, _: &Event<'_>, _: Context<'_, S>) -> bool {
        fail()
    }

    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        fail();
    }

    fn on_enter(&self, _: &Id, _: Context<'_, S>) {
        fail();
    }

    fn on_exit(&self, _: &Id, _: Context<'_, S>) {
        fail();
    }

    fn on_close(&self, _: Id, _: Context<'_, S>) {
        fail();
    }
}

/// The stock formatter, whose lines the test reads.
fn formatter<S>() -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fmt::layer()
        .with_writer(io::stdout)
        .with_ansi(false)
        .with_target(false)
        .without_time()
}

/// A host that logs.
fn work() {
    let order = info_span!("order", id = 7, paid = tracing::field::Empty);
    let _inside = order.enter();
    order.record("paid", 250);
    order.follows_from(info_span!("cart").id());
    info!(tills = 3, "ordered");
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn layer(way: Way) {
    let telemetry = telemetry();
    match way {
        Way::Bare => Registry::default().with(formatter()).with(Audit).init(),
        Way::Defended => {
            let audit = guard::layer(Audit)
                .named("audit")
                .quarantine(Quarantine::OFF);
            Registry::default().with(formatter()).with(audit).init();
        }
    }
    work();
    info!("closed");
    let all_failed = |report: &Report| {
        let audit = report.handler("audit");
        audit.is_some_and(|audit| {
            let calls = CALLS.load(Ordering::Relaxed);
            (audit.matched, audit.skipped(SkipReason::Unexpected)) == (calls, calls)
        })
    };
    println!("contained: {}", all_failed(&telemetry.report()));
    drop(telemetry);
    let before = CALLS.load(Ordering::Relaxed);
    info!("after the shutdown");
    let after = CALLS.load(Ordering::Relaxed);
    assert!(after > before, "it is called all along");
}

/// Fails with the data of each new span locked.
struct Greedy;

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Greedy {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id);
        let _locked = span.as_ref().map(|span| span.extensions_mut());
        fail();
    }
}

pub(crate) fn extensions(way: Way) {
    let _telemetry = telemetry();
    match way {
        Way::Bare => Registry::default().with(Greedy).with(formatter()).init(),
        Way::Defended => {
            let greedy = guard::layer(Greedy);
            Registry::default().with(greedy).with(formatter()).init();
        }
    }
    // The second span has the first one's place.
    for _ in 0..2 {
        work();
    }
}

/// Logs at the end of its thread.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        let _span = info_span!("ending").entered();
        info!("ended");
    }
}

thread_local!(static LAST: Cell<Option<Last>> = const { Cell::new(None) });

#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn formatter_in_destructor(way: Way) {
    let telemetry = telemetry();
    match way {
        Way::Bare => Registry::default().with(formatter()).init(),
        Way::Defended => {
            let formatter = guard::layer(formatter()).named("formatter");
            Registry::default().with(formatter).init();
        }
    }
    let ended = thread::spawn(|| {
        LAST.set(Some(Last));
        // The formatter's own thread-local is younger, and so is gone first.
        info!("begun");
    })
    .join();
    info!(
        "the thread has {}",
        if ended.is_ok() { "ended" } else { "died" }
    );
    let report = telemetry.report();
    let lost = report
        .handler("formatter")
        .map(|counts| counts.skips.clone());
    println!("skipped: {lost:?}");
}
