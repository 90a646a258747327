//! A call that somebody wants to know of, from its start event to its stop or exception.

use std::{
    panic::{RefUnwindSafe, UnwindSafe},
    time::{Duration, Instant},
};

use tracing::Span;

use super::{
    account::Accounted,
    ending::{Ending, Failure},
    known::Known,
    logged,
    seen::Seen,
    thread::{self, Measuring},
    told,
    values::Values,
    wanted::{ACCOUNT, ERR, EVENTS, EXCEPTION, RET, START, TIMED, VALUES},
};
use crate::{
    contain::{self, Watching, Witnessed},
    dispatch,
    emit::{EmitSite, text_of},
    event::{Event, Number, ToNumber, Value},
};

/// A call that has begun. Its memory is used again by later calls of its thread.
#[derive(Debug)]
pub struct Open {
    pub(super) known: &'static Known,
    wanted: u32,
    values: Values,
    pub(super) span: Span,
    /// Read only where somebody wants the duration.
    started: Option<Instant>,
    measured: Vec<(&'static str, Number)>,
    /// Whether the start was told; then the end is, too.
    has_started: bool,
    /// The code on this thread's stack, while it runs.
    running: Option<Running>,
    /// Whether code that returns leaves a value; where there is none, a panic left it.
    awaits_value: bool,
    accounted: Option<Accounted>,
}

#[derive(Debug)]
struct Running {
    watching: Watching,
    measuring: Measuring,
}

// What a span refers to is a subscriber's, and is no less whole after a panic than before.
impl UnwindSafe for Open {}
impl RefUnwindSafe for Open {}

impl Open {
    /// Begins a call, if one that begins now is wanted.
    pub(super) fn begin(known: &'static Known, wanted: u32) -> Option<Box<Self>> {
        // Nothing can be told from a panic hook: a panic in it would end the process.
        if std::thread::panicking() && contain::in_panic_hook() {
            return None;
        }
        let has_span = known.opens_span(wanted);
        if !has_span && wanted & (EVENTS | ERR | RET | VALUES | ACCOUNT) == 0 {
            return None;
        }
        let (kept, accounted) = thread::begin(known.account());
        let mut open = kept.unwrap_or_else(|| Box::new(Open::of(known)));
        open.accounted = accounted;
        open.known = known;
        open.wanted = wanted;
        open.has_started = false;
        open.awaits_value = false;
        open.values
            .reset(has_span || wanted & VALUES != 0, has_span);
        open.started = (wanted & (TIMED | VALUES) != 0).then(Instant::now);
        Some(open)
    }

    fn of(known: &'static Known) -> Self {
        Open {
            known,
            wanted: 0,
            values: Values::default(),
            span: Span::none(),
            started: None,
            measured: Vec::new(),
            has_started: false,
            running: None,
            awaits_value: false,
            accounted: None,
        }
    }

    /// Where the call's values go, if anybody wants them.
    pub(super) fn values(&mut self) -> Option<&mut Values> {
        let are_wanted = self.values.has_span() || self.wanted & (EVENTS | VALUES) != 0;
        are_wanted.then_some(&mut self.values)
    }

    /// Makes the span, of the values that there are now.
    pub(super) fn open_span(&mut self) {
        if self.values.has_span() {
            self.span = told::span(self.known, &mut self.values);
        }
    }

    /// Goes into the call's code: into its span, and past its start event the first time.
    pub(super) fn enter(&mut self) {
        self.enter_span();
        if !self.has_started {
            self.has_started = true;
            if self.wanted & START != 0 {
                self.emit(&self.known.start, &[], &[]);
            }
            if self.wanted & VALUES != 0 {
                logged::start(self.known, self.known.site.written.fields, &self.values);
            }
        }
        self.running = Some(Running {
            watching: Watching::begin(),
            measuring: Measuring::begin(),
        });
    }

    /// Comes out of the call's code, and stays in its span.
    pub(super) fn leave(&mut self) {
        if let Some(running) = self.running.take() {
            running.watching.end();
            running.measuring.end(&mut self.measured);
        }
    }

    /// From now on, code that leaves no value panicked.
    pub(super) fn await_value(&mut self) {
        self.awaits_value = true;
    }

    /// What is known of the panic that left the code, if one did.
    pub(super) fn witness_panic(&self) -> Option<Witnessed> {
        let watching = self.running.as_ref()?.watching;
        (self.awaits_value || watching.is_panicking()).then(|| watching.witnessed())
    }

    pub(super) fn enter_span(&self) {
        guarded(|| {
            self.span
                .with_subscriber(|(id, dispatch)| dispatch.enter(id));
        });
    }

    pub(super) fn exit_span(&self) {
        guarded(|| {
            self.span
                .with_subscriber(|(id, dispatch)| dispatch.exit(id));
        });
    }

    /// What the returned value says, and what `err` and `ret` record of it. The value is the
    /// user's, and so is what it says: a panic in that is nobody's failure.
    pub(super) fn look_at<'v>(&self, seen: &mut dyn FnMut() -> Seen<'v>) -> Ending {
        contain::attempt(|| {
            let seen = seen();
            if let (Some(point), Some(error)) = (self.known.err, &seen.error) {
                told::shown(point, error);
            }
            if let (Some(point), Some(value)) = (self.known.ret, &seen.value) {
                told::shown(point, value);
            }
            let is_asked_for = self.wanted & (EXCEPTION | VALUES) != 0 || self.values.has_span();
            match seen.failed {
                Some(failed) if is_asked_for => Ending::Failed(Failure::error(&failed)),
                Some(_) => Ending::Unwanted,
                None => Ending::Returned(self.shown(&seen)),
            }
        })
        .unwrap_or(Ending::Returned(None))
    }

    fn shown(&self, seen: &Seen<'_>) -> Option<String> {
        let value = seen.logged.filter(|_| self.wanted & VALUES != 0)?;
        Some(text_of(format_args!("{value:?}")))
    }

    /// Tells how the call ended, from inside its span, and leaves that.
    pub(super) fn end(mut self: Box<Self>, ending: &Ending) {
        if self.has_started {
            guarded(|| self.tell(ending));
            self.exit_span();
        }
        let span = std::mem::replace(&mut self.span, Span::none());
        guarded(|| drop(span));
        self.measured.clear();
        self.accounted = None;
        thread::keep(self);
    }

    fn tell(&self, ending: &Ending) {
        let known = self.known;
        if self.wanted & VALUES != 0 {
            logged::end(known, ending, self.duration());
        }
        match ending {
            Ending::Unwanted => {}
            Ending::Returned(_) => {
                if self.wanted & TIMED != 0 {
                    self.emit(&known.stop, &self.measurements(), &[]);
                }
            }
            Ending::Failed(failure) => {
                if self.values.has_span() {
                    told::failure(known, &self.span, failure);
                }
                if self.wanted & EXCEPTION != 0 {
                    self.emit(&known.exception, &self.measurements(), &failure.metadata());
                }
            }
        }
    }

    fn measurements(&self) -> Vec<(&'static str, Number)> {
        let mut measurements = Vec::with_capacity(1 + self.measured.len());
        measurements.push(("duration", self.duration().to_number()));
        measurements.extend_from_slice(&self.measured);
        measurements
    }

    fn duration(&self) -> Duration {
        self.started
            .map(|started| started.elapsed())
            .unwrap_or_default()
    }

    fn emit(
        &self,
        site: &'static EmitSite,
        measurements: &[(&str, Number)],
        failure: &[(&str, Value<'_>)],
    ) {
        if !site.is_observed() {
            return;
        }
        let written = &self.known.site.written;
        let fields = written.fields.iter().zip(self.values.captured());
        let mut metadata: Vec<(&str, Value<'_>)> = Vec::new();
        for (key, value) in fields.skip(written.arguments) {
            if !value.is_nothing() {
                metadata.push((key, value.lend()));
            }
        }
        metadata.extend_from_slice(failure);
        dispatch::emit(site, &Event::new(site.name(), measurements, &metadata));
    }
}

/// Runs what may come to a subscriber of the user's. While the thread unwinds, a panic in that
/// would end the process.
pub(super) fn guarded(code: impl FnOnce()) {
    if std::thread::panicking() {
        contain::attempt(code);
    } else {
        code();
    }
}
