//! A call that somebody wants to know of, from its start event to its stop or exception.

use std::{
    fmt::Debug,
    panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use tracing::Span;

use super::{
    account::Accounted,
    ending::{Ending, Failure},
    known::Known,
    logged,
    seen::Seen,
    site::Written,
    thread::{self, Measuring},
    told,
    values::{Extent, Values},
    wanted::{ACCOUNT, ERR, EVENTS, EXCEPTION, RET, START, STOP, TIMED, VALUES},
};
use crate::{
    contain::{self, Payload, Watching, Witnessed},
    diagnostics,
    emit::text_of,
    event::Number,
};

/// A call that has begun. Its memory is used again by later calls of its thread.
#[derive(Debug)]
pub struct Open {
    pub(super) known: &'static Known,
    pub(super) wanted: u32,
    pub(super) values: Values,
    pub(super) measured: Vec<(&'static str, Number)>,
    span: Span,
    /// Read only where somebody wants the duration.
    started: Option<Instant>,
    /// The code on this thread's stack, while it runs.
    running: Option<Running>,
    /// Whether code that returns leaves a value; where there is none, a panic left it.
    awaits_value: bool,
    has_started: bool,
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
    #[inline]
    pub(super) fn begin(known: &'static Known, wanted: u32) -> Option<Box<Self>> {
        // Nothing can be told from a panic hook: a panic in it would end the process.
        if std::thread::panicking() && contain::in_panic_hook() {
            return None;
        }
        // Some telemetry has them logged, but it may be another thread's.
        let has_values = wanted & VALUES != 0 && known.is_logged_here();
        let wanted = if has_values { wanted } else { wanted & !VALUES };
        let has_span = known.opens_span(wanted);
        if !has_span && wanted & (EVENTS | ERR | RET | VALUES | ACCOUNT) == 0 {
            return None;
        }
        let (kept, accounted) = thread::begin(known.account());
        let mut open = kept.unwrap_or_else(|| Box::new(Open::of(known)));
        open.known = known;
        open.wanted = wanted;
        open.accounted = accounted;
        open.has_started = false;
        open.awaits_value = false;
        let extent = extent(&known.site.written, wanted, has_span);
        open.values.expect(extent, has_span);
        open.started = None;
        open.measure_duration();
        Some(open)
    }

    fn of(known: &'static Known) -> Self {
        Open {
            known,
            wanted: 0,
            values: Values::default(),
            measured: Vec::new(),
            span: Span::none(),
            started: None,
            running: None,
            awaits_value: false,
            has_started: false,
            accounted: None,
        }
    }

    /// Measures from now on, where somebody wants the duration and it is not measured yet.
    #[inline]
    pub(super) fn measure_duration(&mut self) {
        if self.started.is_none() && self.wanted & (TIMED | VALUES) != 0 {
            self.started = Some(Instant::now());
        }
    }

    /// Where the call's values go, if anybody wants them.
    #[inline]
    pub(super) fn values(&mut self) -> Option<&mut Values> {
        self.values.are_expected().then_some(&mut self.values)
    }

    /// Makes the span, of the values that there are now.
    #[inline]
    pub(super) fn open_span(&mut self) {
        if self.values.has_span() {
            self.span = told::span(self.known, &mut self.values);
        }
    }

    /// Goes into the call's code: into its span, and past its start event the first time.
    #[inline]
    pub(super) fn enter(&mut self) {
        self.enter_span();
        if !self.has_started {
            self.has_started = true;
            if self.wanted & START != 0 {
                self.emit_start();
            }
            if self.wanted & VALUES != 0 {
                logged::start(self.known, &self.values);
            }
        }
        self.running = Some(Running {
            watching: Watching::begin(),
            measuring: Measuring::begin(),
        });
    }

    /// Comes out of the call's code, and stays in its span.
    #[inline]
    pub(super) fn leave(&mut self) {
        if let Some(running) = self.running.take() {
            running.watching.end();
            running.measuring.end(&mut self.measured);
        }
    }

    /// From now on, code that leaves no value panicked.
    #[inline]
    pub(super) fn await_value(&mut self) {
        self.awaits_value = true;
    }

    /// What is told of the call, without the secrets that it was given, and those of its context.
    pub(super) fn without_secrets(&self, text: String) -> String {
        diagnostics::without_secrets(text, &self.values.pairs(self.known.site.written.fields))
    }

    /// What is known of the panic that left the code, if one did.
    pub(super) fn witness_panic(&self) -> Option<Witnessed> {
        let watching = self.running.as_ref()?.watching;
        (self.awaits_value || watching.is_panicking()).then(|| watching.witnessed())
    }

    #[inline]
    fn enter_span(&self) {
        if !self.span.is_none() {
            guarded(|| {
                self.span
                    .with_subscriber(|(id, dispatch)| dispatch.enter(id));
            });
        }
    }

    #[inline]
    pub(super) fn exit_span(&self) {
        if !self.span.is_none() {
            guarded(|| {
                self.span
                    .with_subscriber(|(id, dispatch)| dispatch.exit(id));
            });
        }
    }

    /// What the returned value says. What it is asked is the user's code only in an error, so that a
    /// panic in it is that of an error which cannot be told from others. With it comes a panic of a
    /// subscriber at `err` or `ret`, which goes on once the call has ended.
    #[inline]
    pub(super) fn look_at<'v>(
        &self,
        seen: &mut dyn FnMut() -> Seen<'v>,
    ) -> (Ending, Option<Payload>) {
        match catch_unwind(AssertUnwindSafe(seen)) {
            Ok(seen) if seen.failed.is_none() && self.wanted & (RET | VALUES) == 0 => {
                (Ending::Returned(None), None)
            }
            Ok(seen) => (self.ending_of(&seen), self.show(&seen).err()),
            Err(payload) => {
                contain::dispose(payload);
                (Ending::Failed(Failure::unclassified()), None)
            }
        }
    }

    /// The ending of a call whose value can be no failure.
    #[inline]
    pub(super) fn returned(&self, value: &dyn Debug) -> Ending {
        let is_logged = self.wanted & VALUES != 0;
        let shown = || self.without_secrets(text_of(format_args!("{value:?}")));
        Ending::Returned(is_logged.then(shown))
    }

    /// What `err` and `ret` record of a value.
    fn show(&self, seen: &Seen<'_>) -> Result<(), Payload> {
        let clean = |text| self.without_secrets(text);
        catch_unwind(AssertUnwindSafe(|| {
            if let (Some(point), Some(error)) = (self.known.err, &seen.error) {
                told::shown(point, error, clean);
            }
            if let (Some(point), Some(value)) = (self.known.ret, &seen.value) {
                told::shown(point, value, clean);
            }
        }))
    }

    fn ending_of(&self, seen: &Seen<'_>) -> Ending {
        let is_asked_for = self.wanted & (EXCEPTION | VALUES) != 0 || self.values.has_span();
        match &seen.failed {
            Some(failed) if is_asked_for => {
                Ending::Failed(Failure::error(failed, |text| self.without_secrets(text)))
            }
            Some(_) => Ending::Unwanted,
            None => seen
                .logged
                .map_or(Ending::Returned(None), |value| self.returned(value)),
        }
    }

    /// Tells how the call ended, from inside its span, and leaves that.
    #[inline]
    pub(super) fn end(mut self: Box<Self>, ending: &Ending) {
        if std::thread::panicking() {
            contain::attempt(|| self.tell(ending));
        } else {
            self.tell(ending);
        }
        self.exit_span();
        if !self.span.is_none() {
            let span = std::mem::replace(&mut self.span, Span::none());
            guarded(|| drop(span));
        }
        self.values.forget();
        self.measured.clear();
        self.accounted = None;
        thread::keep(self);
    }

    #[inline]
    fn tell(&self, ending: &Ending) {
        if self.wanted & VALUES != 0 {
            logged::end(self.known, ending, self.duration());
        }
        match ending {
            Ending::Unwanted => {}
            Ending::Returned(_) => self.emit_end(STOP, &self.known.stop, &[]),
            Ending::Failed(failure) => {
                if self.values.has_span() {
                    // No attribute of tracing's would make these records.
                    contain::attempt(|| told::failure(self.known, &self.span, failure));
                }
                self.emit_end(EXCEPTION, &self.known.exception, &failure.metadata());
            }
        }
    }

    #[inline]
    pub(super) fn duration(&self) -> Duration {
        self.started
            .map(|started| started.elapsed())
            .unwrap_or_default()
    }
}

/// How much of the values of a call is wanted.
#[inline]
fn extent(written: &Written, wanted: u32, has_span: bool) -> Extent {
    if has_span || wanted & VALUES != 0 {
        Extent::All
    } else if wanted & EVENTS != 0 && written.has_own_fields() {
        Extent::Fields
    } else if wanted & (EXCEPTION | ERR | RET) != 0 && written.arguments > 0 {
        Extent::Secrets
    } else {
        Extent::Nothing
    }
}

/// Runs what may come to a subscriber of the user's. While the thread unwinds, a panic in that
/// would end the process.
#[inline]
fn guarded(code: impl FnOnce()) {
    if std::thread::panicking() {
        contain::attempt(code);
    } else {
        code();
    }
}
