//! What a running process keeps of a function that was called: its events and its points.

use std::sync::{
    Arc, Once, OnceLock,
    atomic::{AtomicU8, Ordering},
};

use tracing::{Level, metadata::Kind};

use super::{
    account,
    name::dotted,
    point::{Point, Shape, Told},
    site::InstrumentSite,
    wanted::{ACCOUNT, ERR, EXCEPTION, RET, SPAN, SPAN_IF_ENABLED, SPANS, START, STOP, VALUES},
};
use crate::{
    contain,
    emit::{EmitSite, Watch},
    instance::{Core, scope},
    limiter::Limiters,
};

const UNREGISTERED: u8 = 0;
const REGISTERING: u8 = 1;
const REGISTERED: u8 = 2;

/// The fields of every span beside its own, for how a call failed; unset until one does.
pub(super) const FAILURE_FIELDS: [&str; 4] = [
    "error.type",
    "exception.type",
    "exception.message",
    "otel.status_code",
];

#[derive(Debug)]
pub(crate) struct Known {
    pub(super) site: &'static InstrumentSite,
    /// The path of the function, by which rules name it.
    pub(super) path: String,
    pub(super) start: EmitSite,
    pub(super) stop: EmitSite,
    pub(super) exception: EmitSite,
    pub(super) span: &'static Point,
    pub(super) err: Option<&'static Point>,
    pub(super) ret: Option<&'static Point>,
    /// The record of a panic.
    panic: OnceLock<&'static Point>,
    /// The record of a cancelled call.
    cancelled: OnceLock<&'static Point>,
    pub(super) limiters: Limiters,
    /// Whether it is among those of which values were told.
    pub(super) tells_values: Once,
    /// The function's number in the account of open calls.
    account: OnceLock<u32>,
    /// Whether tracing was told of the points.
    registration: AtomicU8,
}

impl Known {
    pub(super) fn leak(site: &'static InstrumentSite) -> &'static Self {
        let written = &site.written;
        let path = format!("{}::{}", written.module, written.function);
        let prefix = written.event.map_or_else(|| dotted(&path), str::to_owned);
        let event = |ending| EmitSite::of(format!("{prefix}.{ending}").leak());
        let record = |level: Option<Level>, field, wanted: u32| {
            let told = Told {
                wanted: &site.wanted,
                always: wanted,
                sometimes: wanted,
            };
            level.map(|level| event_point(site, level, field, Some(told)))
        };
        Box::leak(Box::new(Known {
            site,
            path,
            start: event("start"),
            stop: event("stop"),
            exception: event("exception"),
            span: span(site),
            err: record(written.err, &["error"], ERR),
            ret: record(written.ret, &["return"], RET),
            panic: OnceLock::new(),
            cancelled: OnceLock::new(),
            limiters: Limiters::new(),
            tells_values: Once::new(),
            account: OnceLock::new(),
            registration: AtomicU8::new(UNREGISTERED),
        }))
    }

    /// Joins the lists of those who tell what is wanted of the function, and says what that is.
    ///
    /// Where somebody else is just doing so, or has the list locked, this one call finds the
    /// answers without it.
    #[cold]
    pub(super) fn join(&'static self) -> u32 {
        // The subscribers are asked, and a panic of theirs in a panic hook would end the process.
        if std::thread::panicking() && contain::in_panic_hook() {
            return 0;
        }
        let mut settled = self.register();
        let mut found = if settled {
            0
        } else {
            SPAN_IF_ENABLED | ERR | RET
        };
        for (site, bit) in self.events() {
            let (is_observed, has_joined) = site.is_observed_by(self);
            settled &= has_joined;
            found |= if is_observed { bit } else { 0 };
        }
        if settled {
            self.site.wanted.settle();
        } else {
            found |= self.wanted_here();
        }
        self.site.wanted.get() | found
    }

    /// What the telemetry of this thread wants beside events.
    fn wanted_here(&self) -> u32 {
        let wanted = scope::with_current(|core| {
            let values = if self.is_logged_by(core) { VALUES } else { 0 };
            let account = if core.conduct.tracks_spans {
                ACCOUNT
            } else {
                0
            };
            values | account
        });
        wanted.unwrap_or_default()
    }

    /// Whether the config of this thread's telemetry has values of a call logged.
    pub(super) fn is_logged_here(&self) -> bool {
        scope::with_current(|core| self.is_logged_by(core)).unwrap_or_default()
    }

    /// Whether somebody listens to one of the function's events.
    #[inline]
    pub(super) fn is_observed(&'static self, event: &'static EmitSite) -> bool {
        event.is_observed_by(self).0
    }

    /// Whether the points are registered. A subscriber that comes back here from the registration
    /// is not waited for.
    fn register(&'static self) -> bool {
        let claimed = self.registration.compare_exchange(
            UNREGISTERED,
            REGISTERING,
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        match claimed {
            Ok(_) => {
                let points = [Some(self.span), self.err, self.ret];
                points.into_iter().flatten().for_each(Point::register);
                self.registration.store(REGISTERED, Ordering::Release);
                true
            }
            Err(state) => state == REGISTERED,
        }
    }

    fn events(&'static self) -> [(&'static EmitSite, u32); 3] {
        [
            (&self.start, START),
            (&self.stop, STOP),
            (&self.exception, EXCEPTION),
        ]
    }

    pub(super) fn account(&'static self) -> u32 {
        *self.account.get_or_init(|| account::register(self))
    }

    pub(super) fn panic(&self) -> &'static Point {
        self.panic.get_or_init(|| {
            let fields = &[
                "message",
                "error.type",
                "exception.type",
                "exception.message",
                "location",
            ];
            let point = event_point(self.site, Level::ERROR, fields, None);
            point.register();
            point
        })
    }

    pub(super) fn cancelled(&self) -> &'static Point {
        self.cancelled.get_or_init(|| {
            let fields = &["message", "error.type"];
            let point = event_point(self.site, self.site.written.level, fields, None);
            point.register();
            point
        })
    }
}

fn span(site: &'static InstrumentSite) -> &'static Point {
    let mut fields = site.written.fields.to_vec();
    fields.extend(
        FAILURE_FIELDS
            .iter()
            .filter(|name| !site.written.fields.contains(name)),
    );
    Point::leak(
        site,
        Shape {
            name: site.written.name(),
            level: site.written.level,
            fields: fields.leak(),
            kind: Kind::SPAN,
            told: Some(Told {
                wanted: &site.wanted,
                always: SPAN,
                sometimes: SPAN_IF_ENABLED,
            }),
        },
    )
}

fn event_point(
    site: &InstrumentSite,
    level: Level,
    fields: &'static [&'static str],
    told: Option<Told>,
) -> &'static Point {
    let place = &site.written.place;
    let shape = Shape {
        name: format!("event {}:{}", place.file(), place.line()).leak(),
        level,
        fields,
        kind: Kind::EVENT,
        told,
    };
    Point::leak(site, shape)
}

impl Watch for Known {
    fn observed(&self, site: &'static EmitSite, is_observed: bool, live: &[Arc<Core>]) {
        let wanted = &self.site.wanted;
        let bits = [
            (&self.start, START),
            (&self.stop, STOP),
            (&self.exception, EXCEPTION),
        ];
        let bit = bits.iter().find(|(event, _)| std::ptr::eq(*event, site));
        if let Some((_, bit)) = bit {
            wanted.set(*bit, is_observed);
        }
        wanted.set(VALUES, live.iter().any(|core| self.is_logged_by(core)));
        wanted.set(ACCOUNT, live.iter().any(|core| core.conduct.tracks_spans));
    }
}

impl Known {
    /// Whether a telemetry's config has the values of a call logged, at its start or at its end.
    pub(super) fn is_logged_by(&self, core: &Core) -> bool {
        self.events_by_name()
            .iter()
            .any(|event| self.is_logged(core, event))
    }

    /// Whether the config has this one of the function's events logged with its values.
    pub(super) fn is_logged(&self, core: &Core, event: &str) -> bool {
        core.conduct.config.settings(&self.path, event).debug
    }

    fn events_by_name(&self) -> [&'static str; 3] {
        [self.start.name(), self.stop.name(), self.exception.name()]
    }

    /// Whether a subscriber wants the span of a call that begins now.
    pub(super) fn opens_span(&self, wanted: u32) -> bool {
        wanted & SPANS != 0 && self.span.is_enabled()
    }
}
