//! The breadcrumbs of a work: a ring that several threads write to without waiting for one another.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use arc_swap::ArcSwapOption;

use crate::contain;

/// How many breadcrumbs are kept.
pub(super) const MOST_CRUMBS: usize = 32;

/// How much of a breadcrumb is kept, in bytes.
pub(super) const CRUMB_CAP: usize = 256;

/// What stands for a text that cannot be formatted where a panic could not be caught.
const IN_PANIC_HOOK: &str = "<not formatted in a panic hook>";

/// The last breadcrumbs. Most works have none, and so no ring either.
#[derive(Default)]
pub(super) struct Trail {
    ring: OnceLock<Box<Ring>>,
}

#[derive(Default)]
struct Ring {
    left: AtomicUsize,
    slots: [ArcSwapOption<Crumb>; MOST_CRUMBS],
}

/// One breadcrumb.
pub(super) struct Crumb {
    number: usize,
    pub(super) text: Box<str>,
}

impl Trail {
    pub(super) fn leave(&self, text: &impl fmt::Display) {
        let text = if contain::in_panic_hook() {
            IN_PANIC_HOOK.to_owned()
        } else {
            contain::display(text, CRUMB_CAP).text
        };
        self.ring.get_or_init(Box::default).leave(text.into());
    }

    /// The last ones, the oldest first.
    pub(super) fn crumbs(&self) -> Vec<Arc<Crumb>> {
        let Some(ring) = self.ring.get() else {
            return Vec::new();
        };
        let kept = ring.slots.iter().filter_map(ArcSwapOption::load_full);
        let mut crumbs: Vec<_> = kept.collect();
        crumbs.sort_by_key(|crumb| crumb.number);
        crumbs
    }
}

impl Ring {
    /// A writer that was overtaken by a whole round leaves the later breadcrumb where it is.
    fn leave(&self, text: Box<str>) {
        let number = self.left.fetch_add(1, Ordering::Relaxed);
        let crumb = Arc::new(Crumb { number, text });
        self.slots[number % MOST_CRUMBS].rcu(|kept| match kept {
            Some(kept) if kept.number > number => Some(Arc::clone(kept)),
            _ => Some(Arc::clone(&crumb)),
        });
    }
}
