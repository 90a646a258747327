//! A callsite of tracing that is made at run time, so that no function brings one as code.

use std::sync::OnceLock;

use tracing::{
    Level, Metadata,
    callsite::{Callsite, DefaultCallsite, Identifier},
    field::FieldSet,
    level_filters::{LevelFilter, STATIC_MAX_LEVEL},
    metadata::Kind,
    subscriber::Interest,
};

use super::{answers, site::InstrumentSite, wanted::Wanted};
use crate::contain;

/// A span or an event of one function.
#[derive(Debug)]
pub(super) struct Point {
    metadata: OnceLock<Metadata<'static>>,
    /// What the subscribers are asked about, and their answer. The point itself is its identity.
    asked: OnceLock<DefaultCallsite>,
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

impl Told {
    fn learn(&self, interest: &Interest) {
        let bits = if interest.is_never() {
            0
        } else if interest.is_always() {
            self.always
        } else {
            self.sometimes
        };
        self.wanted.replace(self.always | self.sometimes, bits);
    }
}

/// Whether tracing was compiled with this level.
fn is_compiled_in(level: Level) -> bool {
    level <= STATIC_MAX_LEVEL
}

impl Point {
    /// A point that stays; tracing keeps every callsite for the life of the process.
    pub(super) fn leak(site: &InstrumentSite, shape: Shape) -> &'static Self {
        let point: &'static Point = Box::leak(Box::new(Point {
            metadata: OnceLock::new(),
            asked: OnceLock::new(),
            told: shape.told,
        }));
        let written = &site.written;
        let metadata = point.metadata.get_or_init(|| {
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
        point.asked.get_or_init(|| DefaultCallsite::new(metadata));
        #[cfg(feature = "tracing-layer")]
        super::ours::add(point);
        point
    }

    /// Tells the subscribers of the point, who tell what they want of it now and after every
    /// change. Their code is the user's, and a panic in it is not the function's.
    pub(super) fn register(&'static self) {
        let Some(asked) = self.asked.get() else {
            return;
        };
        if is_compiled_in(*self.metadata().level()) {
            contain::attempt(|| asked.register());
            if self.told.is_some() {
                answers::follow(self);
            }
        }
    }

    /// Tells the function the answer that there is now.
    pub(super) fn learn(&'static self) {
        if let Some(told) = &self.told {
            told.learn(&self.interest());
        }
    }

    fn interest(&'static self) -> Interest {
        let asked = self.asked.get();
        asked.map_or_else(Interest::never, DefaultCallsite::interest)
    }

    #[inline]
    pub(super) fn metadata(&self) -> &Metadata<'static> {
        self.metadata.get().unwrap_or(&NOTHING)
    }

    /// Whether a subscriber wants it now.
    pub(super) fn is_enabled(&'static self) -> bool {
        let level = *self.metadata().level();
        if level > LevelFilter::current() || !is_compiled_in(level) {
            return false;
        }
        let interest = self.interest();
        interest.is_always()
            || !interest.is_never()
                && contain::if_unwinding(|| self.is_enabled_here()).unwrap_or(false)
    }

    fn is_enabled_here(&self) -> bool {
        tracing::dispatcher::get_default(|current| current.enabled(self.metadata()))
    }
}

/// The identity of its metadata, which is all that is asked of it.
impl Callsite for Point {
    fn set_interest(&self, _: Interest) {}

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
