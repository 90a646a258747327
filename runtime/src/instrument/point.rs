//! A callsite of tracing that is made at run time, so that no function brings one as code.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use tracing::{
    Level, Metadata,
    callsite::{Callsite, DefaultCallsite, Identifier},
    field::FieldSet,
    level_filters::{LevelFilter, STATIC_MAX_LEVEL},
    metadata::Kind,
    subscriber::Interest,
};

use super::{sentinel, site::InstrumentSite, wanted::Wanted};
use crate::contain;

/// A span or an event of one function.
///
/// What tracing is given is a callsite of its own kind, which it keeps in a list without a lock. A
/// callsite of ours would be kept under one that is held while the subscribers are asked about it.
#[derive(Debug)]
pub(super) struct Point {
    metadata: OnceLock<Metadata<'static>>,
    /// None where tracing was compiled without the point's level.
    callsite: OnceLock<DefaultCallsite>,
    /// Until then the subscribers are asked each time: to ask for their answer would register it.
    is_registered: AtomicBool,
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
            callsite: OnceLock::new(),
            is_registered: AtomicBool::new(false),
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
        if shape.level <= STATIC_MAX_LEVEL {
            point
                .callsite
                .get_or_init(|| DefaultCallsite::new(metadata));
        }
        #[cfg(feature = "tracing-layer")]
        super::ours::add(point);
        point
    }

    /// Tells the subscribers of the point. Their code is the user's, and a panic in it is not the
    /// function's.
    pub(super) fn register(&'static self) {
        if let Some(callsite) = self.callsite.get() {
            sentinel::ensure();
            contain::attempt(|| callsite.register());
            self.is_registered.store(true, Ordering::Release);
            sentinel::watch(self);
        }
    }

    #[inline]
    pub(super) fn metadata(&self) -> &Metadata<'static> {
        self.metadata.get().unwrap_or(&NOTHING)
    }

    /// Whether a subscriber wants it now.
    pub(super) fn is_enabled(&'static self) -> bool {
        if *self.metadata().level() > LevelFilter::current() {
            return false;
        }
        let interest = self.interest();
        if interest.is_sometimes() {
            contain::if_unwinding(|| self.is_enabled_here()).unwrap_or(false)
        } else {
            interest.is_always()
        }
    }

    fn is_enabled_here(&self) -> bool {
        tracing::dispatcher::get_default(|current| current.enabled(self.metadata()))
    }

    /// What the subscribers answered.
    fn interest(&'static self) -> Interest {
        match self.callsite.get() {
            None => Interest::never(),
            Some(_) if !self.is_registered.load(Ordering::Acquire) => Interest::sometimes(),
            Some(callsite) => callsite.interest(),
        }
    }

    /// Tells the function what the subscribers want of the point now.
    pub(super) fn pass_on(&'static self) {
        if let Some(told) = &self.told {
            let interest = self.interest();
            let bits = if interest.is_always() {
                told.always
            } else if interest.is_sometimes() {
                told.sometimes
            } else {
                0
            };
            told.wanted.replace(told.always | told.sometimes, bits);
        }
    }
}

/// A point is known by its address; tracing's own callsite stands for it everywhere else.
impl Callsite for Point {
    fn set_interest(&self, interest: Interest) {
        if let Some(callsite) = self.callsite.get() {
            callsite.set_interest(interest);
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
