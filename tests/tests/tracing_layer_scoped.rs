//! The layer in a subscriber that is set for a thread only, and beside layers without a filter.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use gambeson::{Event, Handler, Telemetry, tracing_layer};
use tracing::{Level, Subscriber, enabled, info, subscriber::with_default, trace};
use tracing_subscriber::{Layer, filter::LevelFilter, layer::Context, prelude::*, registry};

/// Counts what it sees.
#[derive(Clone, Default)]
struct Counts(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Counts {
    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counts {
    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// One test at a time: what tracing does depends on how many subscribers there are.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn handled(telemetry: &Telemetry, name: &str) -> u64 {
    telemetry.report().handler(name).unwrap().handled
}

/// While there is one subscriber, tracing asks the one of the thread that changed something, which
/// on this other thread is none.
#[test]
fn another_thread_attaches_and_detaches() {
    let _alone = alone();
    let beside = Counts::default();
    let telemetry = Telemetry::isolated();
    let log = || telemetry.enter(|| info!(target: "scoped::elsewhere", "event"));
    let elsewhere = |change: &(dyn Fn() + Sync)| {
        thread::scope(|scope| scope.spawn(change).join().unwrap());
    };
    let layers = registry()
        .with(beside.clone().with_filter(LevelFilter::INFO))
        .with(tracing_layer());
    with_default(layers, || {
        log();
        elsewhere(&|| {
            let handler = Handler::new("first", "scoped.elsewhere.event", |_: &_| {});
            telemetry.attach(handler).unwrap();
        });
        log();
        assert_eq!((beside.get(), handled(&telemetry, "first")), (2, 1));
        elsewhere(&|| {
            telemetry.detach("first", Duration::from_secs(1)).unwrap();
        });
        log();
        assert_eq!((beside.get(), handled(&telemetry, "first")), (3, 1));
    });
}

/// From inside a subscriber tracing sees none.
#[test]
fn a_handler_attaches_another() {
    let _alone = alone();
    let beside = Counts::default();
    let telemetry = Arc::new(Telemetry::isolated());
    let attach = {
        let telemetry = telemetry.clone();
        move |_: &Event<'_>| {
            let second = Handler::new("second", "scoped.inside.b.event", |_: &_| {});
            telemetry.attach(second).unwrap();
        }
    };
    let first = Handler::new("first", "scoped.inside.a.event", attach);
    telemetry.attach(first).unwrap();
    let b = || info!(target: "scoped::inside::b", "event");
    let layers = registry().with(tracing_layer()).with(beside.clone());
    with_default(layers, || {
        telemetry.enter(|| {
            b();
            info!(target: "scoped::inside::a", "event");
            b();
        });
    });
    assert_eq!(handled(&telemetry, "first"), 1);
    assert_eq!(handled(&telemetry, "second"), 1);
    assert_eq!(beside.get(), 3);
}

/// Whatever the order of the layers, and whether or not each has a filter of its own.
#[test]
fn layers_beside_it_see_what_they_would_see_without_it() {
    let _alone = alone();
    let [all, some, others] = [(); 3].map(|()| Counts::default());
    let layers = registry()
        .with(some.clone().with_filter(LevelFilter::INFO))
        .with(tracing_layer())
        .with(all.clone())
        .with(others.clone().with_filter(LevelFilter::TRACE));
    let telemetry = Telemetry::isolated();
    let log = || {
        telemetry.enter(|| {
            info!(target: "scoped::beside", "info");
            trace!(target: "scoped::beside", "trace");
        });
    };
    with_default(layers, || {
        log();
        let handler = Handler::new("ear", "scoped.beside.event", |_: &_| {});
        telemetry.attach(handler).unwrap();
        log();
        telemetry.shutdown();
        log();
    });
    assert_eq!((all.get(), some.get(), others.get()), (6, 3, 6));
    assert_eq!(handled(&telemetry, "ear"), 2);
}

/// Neither tells the layers in it which subscriber they are in.
#[test]
fn layers_in_options_and_vectors_follow_changes() {
    let _alone = alone();
    let follow = |name, log: fn(), attach: &dyn Fn(&Telemetry)| {
        let telemetry = Telemetry::isolated();
        telemetry.enter(log);
        attach(&telemetry);
        telemetry.enter(log);
        assert_eq!(handled(&telemetry, name), 1);
    };
    with_default(registry().with(Some(tracing_layer())), || {
        let log = || info!(target: "scoped::option", "event");
        follow("option", log, &|telemetry| {
            let handler = Handler::new("option", "scoped.option.event", |_: &_| {});
            telemetry.attach(handler).unwrap();
        });
    });
    with_default(registry().with(vec![tracing_layer().boxed()]), || {
        let log = || info!(target: "scoped::vector", "event");
        follow("vector", log, &|telemetry| {
            let handler = Handler::new("vector", "scoped.vector.event", |_: &_| {});
            telemetry.attach(handler).unwrap();
        });
    });
}

/// A filter of the whole subscriber decides for all its layers, and so for ours.
#[test]
fn a_filter_of_the_whole_subscriber_decides_for_us_too() {
    let _alone = alone();
    let telemetry = Telemetry::isolated();
    let handler = Handler::new("ear", "scoped.filtered.event", |_: &_| {});
    telemetry.attach(handler).unwrap();
    let layers = registry().with(tracing_layer()).with(LevelFilter::INFO);
    with_default(layers, || {
        telemetry.enter(|| {
            info!(target: "scoped::filtered", "info");
            trace!(target: "scoped::filtered", "trace");
        });
        assert!(!enabled!(target: "scoped::filtered", Level::TRACE));
    });
    assert_eq!(handled(&telemetry, "ear"), 1);
}
