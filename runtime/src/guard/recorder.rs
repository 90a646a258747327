//! A guard around a recorder of metrics, and around the handles that it gives.

use std::{
    fmt,
    panic::Location,
    sync::{Arc, OnceLock},
};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Level, Metadata,
    Recorder, SharedString, Unit,
};

use super::Name;
use crate::{contain::Kept, defend::Defense, handler::Quarantine};

/// Guards a recorder of metrics: whatever it, or a counter, gauge or histogram of it, does by
/// panicking does not reach the code that counts, and is classified, counted and told. One that fails
/// too often is quarantined, and readmitted by itself.
///
/// Each call of one of its methods, and each of a handle that it gave, is one call of a handler. A
/// metric whose registration was skipped is registered again when it is next used.
///
/// ```
/// use gambeson::{Telemetry, guard};
/// # use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, NoopRecorder, SharedString, Unit};
/// # struct Exporter;
/// # impl metrics::Recorder for Exporter {
/// #     fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
/// #     fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
/// #     fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
/// #     fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter { panic!("full") }
/// #     fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge { Gauge::noop() }
/// #     fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram { Histogram::noop() }
/// # }
///
/// let telemetry = Telemetry::builder().start()?;
/// metrics::set_global_recorder(guard::recorder(Exporter).named("exporter"))?;
/// metrics::counter!("orders").increment(1); // whatever the exporter does
/// # assert!(telemetry.report().handler("exporter").unwrap().skipped_in_all() > 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[track_caller]
pub fn recorder<R>(recorder: R) -> GuardedRecorder<R> {
    let name = Name::of::<R>();
    let defense = Defense::of_guard(name.as_str(), Location::caller());
    GuardedRecorder {
        guarded: Guarded {
            recorder: Kept::new(recorder),
            defense,
            _name: Some(name),
        }
        .into(),
    }
}

/// A recorder under a [guard](recorder()).
#[must_use = "a recorder does nothing until it is installed"]
pub struct GuardedRecorder<R> {
    guarded: Arc<Guarded<R>>,
}

/// What the recorder's handles share with it.
struct Guarded<R> {
    recorder: Kept<R>,
    defense: Defense,
    /// Kept from other guards, unless it was given.
    _name: Option<Name>,
}

/// A counter, gauge or histogram under guard.
struct Metric<R, H> {
    guarded: Arc<Guarded<R>>,
    key: Key,
    target: Box<str>,
    level: Level,
    module: Option<Box<str>>,
    register: fn(&R, &Key, &Metadata<'_>) -> H,
    registered: OnceLock<Kept<H>>,
}

impl<R> GuardedRecorder<R> {
    /// Gives it this name in reports, health and rules.
    pub fn named(self, name: &str) -> Self {
        self.with(|guarded| Guarded {
            defense: guarded.defense.renamed(name),
            _name: None,
            ..guarded
        })
    }

    /// When it is quarantined, where that differs from the config.
    pub fn quarantine(self, quarantine: Quarantine) -> Self {
        self.with(|guarded| Guarded {
            defense: guarded.defense.quarantine(quarantine),
            ..guarded
        })
    }

    /// Nobody else has it before it is installed.
    fn with(self, change: impl FnOnce(Guarded<R>) -> Guarded<R>) -> Self {
        match Arc::try_unwrap(self.guarded) {
            Ok(guarded) => GuardedRecorder {
                guarded: change(guarded).into(),
            },
            Err(guarded) => GuardedRecorder { guarded },
        }
    }

    fn metric<H>(
        &self,
        key: &Key,
        metadata: &Metadata<'_>,
        register: fn(&R, &Key, &Metadata<'_>) -> H,
    ) -> Arc<Metric<R, H>> {
        let metric = Metric {
            guarded: Arc::clone(&self.guarded),
            key: key.clone(),
            target: metadata.target().into(),
            level: *metadata.level(),
            module: metadata.module_path().map(Into::into),
            register,
            registered: OnceLock::new(),
        };
        self.guarded.run(|recorder| {
            let _ = metric.registered(recorder);
        });
        Arc::new(metric)
    }
}

impl<R> Guarded<R> {
    fn run(&self, code: impl FnOnce(&R)) {
        if let Some(recorder) = self.recorder.get() {
            self.defense.run(|| code(recorder));
        }
    }
}

impl<R, H> Metric<R, H> {
    /// The recorder's own handle. No lock is held while that is made, so it may be made twice.
    fn registered(&self, recorder: &R) -> Option<&H> {
        if let Some(registered) = self.registered.get() {
            return registered.get();
        }
        let metadata = Metadata::new(&self.target, self.level, self.module.as_deref());
        let made = (self.register)(recorder, &self.key, &metadata);
        self.registered.get_or_init(|| Kept::new(made)).get()
    }

    fn run(&self, code: impl FnOnce(&H)) {
        self.guarded.run(|recorder| {
            self.registered(recorder).map(code);
        });
    }
}

impl<R: Recorder + Send + Sync + 'static> Recorder for GuardedRecorder<R> {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.guarded
            .run(|recorder| recorder.describe_counter(key, unit, description));
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.guarded
            .run(|recorder| recorder.describe_gauge(key, unit, description));
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.guarded
            .run(|recorder| recorder.describe_histogram(key, unit, description));
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.metric(key, metadata, R::register_counter))
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.metric(key, metadata, R::register_gauge))
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.metric(key, metadata, R::register_histogram))
    }
}

impl<R> CounterFn for Metric<R, Counter> {
    fn increment(&self, value: u64) {
        self.run(|counter| counter.increment(value));
    }

    fn absolute(&self, value: u64) {
        self.run(|counter| counter.absolute(value));
    }
}

impl<R> GaugeFn for Metric<R, Gauge> {
    fn increment(&self, value: f64) {
        self.run(|gauge| gauge.increment(value));
    }

    fn decrement(&self, value: f64) {
        self.run(|gauge| gauge.decrement(value));
    }

    fn set(&self, value: f64) {
        self.run(|gauge| gauge.set(value));
    }
}

impl<R> HistogramFn for Metric<R, Histogram> {
    fn record(&self, value: f64) {
        self.run(|histogram| histogram.record(value));
    }

    fn record_many(&self, value: f64, count: usize) {
        self.run(|histogram| histogram.record_many(value, count));
    }
}

impl<R> fmt::Debug for GuardedRecorder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GuardedRecorder({:?})", self.guarded.defense)
    }
}
