//! How functions learn that the subscribers' answers are others now.
//!
//! Tracing keeps callsites of its own kind in a list without a lock. All others it keeps under one
//! that it holds while it runs the subscribers' code: a first call in there would wait for itself,
//! and a panic would poison it for the whole process. So points are of tracing's own kind, which is
//! not told its answers, and one callsite beside them is: it is asked about last, when all points
//! have theirs.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tracing::{Level, Metadata, callsite::Callsite, metadata::Kind, subscriber::Interest};

use super::point::Point;
use crate::contain;

/// The points whose functions are told.
static FOLLOWED: Mutex<Vec<&'static Point>> = Mutex::new(Vec::new());

/// The callsite that is asked about last.
struct Last;

static LAST: Last = Last;

static METADATA: Metadata<'static> = tracing::metadata! {
    name: "answers",
    target: "gambeson",
    level: Level::TRACE,
    fields: &[],
    callsite: &LAST,
    kind: Kind::SPAN,
};

impl Callsite for Last {
    fn set_interest(&self, _: Interest) {
        lock().iter().for_each(|point| point.learn());
    }

    fn metadata(&self) -> &Metadata<'_> {
        &METADATA
    }
}

/// Tells a point's function the answers, the present one and all that come.
pub(super) fn follow(point: &'static Point) {
    static IS_REGISTERED: AtomicBool = AtomicBool::new(false);
    // Not under the lock: it is told an answer by this very thread.
    if !IS_REGISTERED.swap(true, Ordering::AcqRel) {
        contain::attempt(|| tracing::callsite::register(&LAST));
    }
    // An answer that came before is learnt now, and one that comes later finds the point here.
    let mut followed = lock();
    followed.push(point);
    point.learn();
}

fn lock() -> MutexGuard<'static, Vec<&'static Point>> {
    FOLLOWED.lock().unwrap_or_else(PoisonError::into_inner)
}
