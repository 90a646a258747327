//! One call of an instrumented function, from its start event to its stop or exception.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use tracing::Span;

use super::Field;
use crate::{
    classify,
    contain::{self, PanicDetail, Payload},
    dispatch,
    emit::EmitSite,
    event::{Event, Number, ToNumber, Value},
    reason::SkipReason,
    verdict::Failed,
};

/// How much of an error's text an event carries.
const TEXT_CAP: usize = 1024;

/// The static of an instrumented function.
#[derive(Debug)]
pub struct InstrumentSite {
    start: EmitSite,
    stop: EmitSite,
    exception: EmitSite,
}

impl InstrumentSite {
    /// The site of these event names.
    ///
    /// # Panics
    ///
    /// If no event can have one of the names; in a `static`, at compile time.
    #[track_caller]
    pub const fn new(start: &'static str, stop: &'static str, exception: &'static str) -> Self {
        InstrumentSite {
            start: EmitSite::new(start),
            stop: EmitSite::new(stop),
            exception: EmitSite::new(exception),
        }
    }
}

/// A call that has begun. It ends once: dropped before, it was cancelled.
#[derive(Debug)]
pub struct Opened {
    site: &'static InstrumentSite,
    pub(super) span: Span,
    fields: Vec<Field>,
    /// Read only where somebody wants the duration.
    started: Option<Instant>,
    ended: bool,
}

/// Begins a call: emits its start event. `fields` are asked for only where somebody listens.
pub fn open(
    site: &'static InstrumentSite,
    span: Span,
    fields: impl FnOnce() -> Vec<Field>,
) -> Opened {
    let timed = site.stop.is_observed() | site.exception.is_observed();
    let starts = site.start.is_observed();
    let opened = Opened {
        site,
        span,
        fields: if starts || timed {
            fields()
        } else {
            Vec::new()
        },
        started: timed.then(Instant::now),
        ended: !timed,
    };
    if starts {
        opened.span.in_scope(|| opened.emit(&site.start, &[], &[]));
    }
    opened
}

/// Runs the body of an instrumented function in its span. A panic is told, and goes on.
#[inline]
pub fn instrument<R>(
    opened: Opened,
    body: impl FnOnce() -> R,
    failed: impl for<'v> FnOnce(&'v R) -> Option<Failed<'v>>,
    told: impl FnOnce(&R),
) -> R {
    match opened
        .span
        .in_scope(|| catch_unwind(AssertUnwindSafe(body)))
    {
        Ok(value) => {
            opened.returned(&value, failed, told);
            value
        }
        Err(payload) => opened.panicked(payload),
    }
}

impl Opened {
    /// Tells what the body returned.
    pub(super) fn returned<R>(
        self,
        value: &R,
        failed: impl for<'v> FnOnce(&'v R) -> Option<Failed<'v>>,
        told: impl FnOnce(&R),
    ) {
        self.span.clone().in_scope(|| {
            told(value);
            if !self.ended {
                self.end(failed(value));
            }
        });
    }

    /// Tells the panic and goes on with it.
    pub(super) fn panicked(mut self, payload: Payload) -> ! {
        if !self.ended {
            self.ended = true;
            let reason = classify::panic_reason(&*payload);
            let detail = PanicDetail::of(&*payload, None);
            self.span
                .in_scope(|| self.exception("panic", reason, &detail.message));
        }
        drop(self);
        contain::raise(payload)
    }

    fn end(mut self, failed: Option<Failed<'_>>) {
        self.ended = true;
        let Some(failed) = failed else {
            return self.emit(&self.site.stop, &[("duration", self.duration())], &[]);
        };
        if self.site.exception.is_observed() {
            self.exception("error", failed.reason(), &failed.text(TEXT_CAP));
        }
    }

    fn exception(&self, kind: &str, reason: SkipReason, error: &str) {
        let failure = [
            ("kind", Value::Text(kind)),
            ("reason", Value::Text(reason.code())),
            ("error", Value::Text(error)),
        ];
        self.emit(
            &self.site.exception,
            &[("duration", self.duration())],
            &failure,
        );
    }

    fn duration(&self) -> Number {
        self.started
            .map(|started| started.elapsed())
            .unwrap_or_default()
            .to_number()
    }

    fn emit(
        &self,
        site: &'static EmitSite,
        measurements: &[(&str, Number)],
        failure: &[(&str, Value<'_>)],
    ) {
        if site.is_observed() {
            let fields = self.fields.iter().map(Field::pair);
            let metadata: Vec<_> = fields.chain(failure.iter().copied()).collect();
            dispatch::emit(site, &Event::new(site.name(), measurements, &metadata));
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if !self.ended {
            let reason = SkipReason::Cancelled;
            self.span
                .in_scope(|| self.exception("cancelled", reason, "dropped before its end"));
        }
    }
}
