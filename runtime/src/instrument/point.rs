//! A callsite of tracing that is made at run time, so that no function brings one as code.

use std::sync::{
    OnceLock,
    atomic::{AtomicU8, Ordering},
};

use tracing::{
    Level, Metadata,
    callsite::{Callsite, Identifier},
    field::FieldSet,
    level_filters::{LevelFilter, STATIC_MAX_LEVEL},
    metadata::Kind,
    subscriber::Interest,
};

use super::{site::InstrumentSite, wanted::Wanted};
use crate::contain;

const NEVER: u8 = 0;
const SOMETIMES: u8 = 1;
const ALWAYS: u8 = 2;

/// A span or an event of one function.
#[derive(Debug)]
pub(super) struct Point {
    metadata: OnceLock<Metadata<'static>>,
    interest: AtomicU8,
    told: Option<Told>,
}

/// What a function learns of the interest in one of its points.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) wanted: &'static Wanted,
    /// Set where the answer is always yes.
    pub(super) always: u32,
    /// Set where the subscribers are to be asked each time.
    pub(super) sometimes: u32,
}

/// What a point is, beside what its function says.
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) level: Level,
    pub(super) fields: &'static [&'static str],
    pub(super) kind: Kind,
    pub(super) told: Option<Told>,
}

impl Point {
    /// A point that stays; tracing keeps every callsite for the life of the process.
    pub(super) fn leak(site: &InstrumentSite, shape: Shape) -> &'static Self {
        let point: &'static Point = Box::leak(Box::new(Point {
            metadata: OnceLock::new(),
            // While it is not known the subscribers are asked, each time.
            interest: AtomicU8::new(SOMETIMES),
            told: shape.told,
        }));
        let written = &site.written;
        point.metadata.get_or_init(|| {
            Metadata::new(
                shape.name,
                written.target(),
                shape.level,
                Some(written.place.file()),
                Some(written.place.line()),
                Some(written.module),
                FieldSet::new(shape.fields, Identifier(point)),
                shape.kind,
            )
        });
        #[cfg(feature = "tracing-layer")]
        super::ours::add(point);
        point
    }

    /// Tells the subscribers of the point, who tell what they want of it now and after every
    /// change. Their code is the user's, and a panic in it is not the function's.
    pub(super) fn register(&'static self) {
        if *self.metadata().level() <= STATIC_MAX_LEVEL {
            contain::attempt(|| tracing::callsite::register(self));
        }
    }

    #[inline]
    pub(super) fn metadata(&self) -> &Metadata<'static> {
        self.metadata.get().unwrap_or(&NOTHING)
    }

    /// Whether a subscriber wants it now.
    pub(super) fn is_enabled(&self) -> bool {
        if *self.metadata().level() > LevelFilter::current() {
            return false;
        }
        match self.interest.load(Ordering::Relaxed) {
            NEVER => false,
            ALWAYS => true,
            _ => tracing::dispatcher::get_default(|current| current.enabled(self.metadata())),
        }
    }
}

impl Callsite for Point {
    fn set_interest(&self, interest: Interest) {
        let (word, set) = if interest.is_never() {
            (NEVER, [false, false])
        } else if interest.is_always() {
            (ALWAYS, [true, false])
        } else {
            (SOMETIMES, [false, true])
        };
        self.interest.store(word, Ordering::Relaxed);
        if let Some(told) = &self.told {
            // One bit may stand for both.
            told.wanted.set(told.always | told.sometimes, false);
            for (bit, is_set) in [told.always, told.sometimes].into_iter().zip(set) {
                if is_set {
                    told.wanted.set(bit, true);
                }
            }
        }
    }

    fn metadata(&self) -> &Metadata<'_> {
        Point::metadata(self)
    }
}

/// A callsite that nothing is recorded by.
pub(super) struct Nothing;

static NOWHERE: Nothing = Nothing;

/// Values can only be asked with a field of some callsite.
pub(super) static NOTHING: Metadata<'static> = tracing::metadata! {
    name: "field",
    target: "gambeson",
    level: Level::TRACE,
    fields: &["value"],
    callsite: &NOWHERE,
    kind: Kind::SPAN,
};

impl Callsite for Nothing {
    fn set_interest(&self, _: Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        &NOTHING
    }
}
