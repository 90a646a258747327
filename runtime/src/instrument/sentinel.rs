//! One callsite by which the process learns that subscribers were asked anew.
//!
//! Tracing asks about its own callsites first and about all others after them. So when it tells this
//! one, those of the points have their new answers, and they are passed on to the functions.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tracing::{Level, Metadata, callsite::Callsite, metadata::Kind, subscriber::Interest};

use super::point::Point;
use crate::contain;

struct Sentinel;

static SENTINEL: Sentinel = Sentinel;

static METADATA: Metadata<'static> = tracing::metadata! {
    name: "sentinel",
    target: "gambeson",
    level: Level::TRACE,
    fields: &[],
    callsite: &SENTINEL,
    kind: Kind::SPAN,
};

/// The points of the functions that were called. Whoever passes an answer on reads it under this
/// lock, so that the last one to do so has the newest; nobody is called meanwhile.
static POINTS: Mutex<Vec<&'static Point>> = Mutex::new(Vec::new());

/// Makes tracing tell this process's points of new answers.
pub(super) fn ensure() {
    static BEGUN: AtomicBool = AtomicBool::new(false);
    // A subscriber that comes back here from the registration does not wait for itself.
    if !BEGUN.swap(true, Ordering::AcqRel) {
        contain::attempt(|| tracing::callsite::register(&SENTINEL));
    }
}

/// Tells the function of a registered point the answer that there is now, and every later one.
pub(super) fn watch(point: &'static Point) {
    let mut points = points();
    points.push(point);
    point.pass_on();
}

fn points() -> MutexGuard<'static, Vec<&'static Point>> {
    POINTS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Callsite for Sentinel {
    fn set_interest(&self, _: Interest) {
        for point in points().iter() {
            point.pass_on();
        }
    }

    fn metadata(&self) -> &Metadata<'_> {
        &METADATA
    }
}
