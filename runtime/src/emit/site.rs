//! The static of each `emit!`: one relaxed load tells whether anybody listens.
//!
//! A site joins the process's list when it is first reached. Whoever changes what is attached
//! anywhere then sets every site of the list anew, so that a site never keeps an answer from
//! another time or scope.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicU8, Ordering},
};

use arc_swap::{ArcSwapOption, Guard};

use crate::{instance::Core, pattern, registry::Match};

const UNOBSERVED: u8 = 0;
const OBSERVED: u8 = 1;
const NEW: u8 = 2;

/// Where an event is emitted.
#[derive(Debug)]
pub struct EmitSite {
    name: &'static str,
    state: AtomicU8,
    matches: ArcSwapOption<Matches>,
}

/// The handlers of the process's telemetry that match a site, in order.
#[derive(Debug)]
pub(crate) struct Matches {
    core: u64,
    pub(crate) list: Box<[Match]>,
}

/// The sites that were reached.
static SITES: Mutex<Vec<&'static EmitSite>> = Mutex::new(Vec::new());

/// The telemetries that may have handlers. Changed only while [`SITES`] is locked, and read
/// without it.
static LIVE: ArcSwapOption<Vec<Weak<Core>>> = ArcSwapOption::const_empty();

impl EmitSite {
    /// The site of an event name.
    ///
    /// # Panics
    ///
    /// If no event can have the name; in a `static`, where `emit!` puts it, that is a compile
    /// error.
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        if let Err(error) = pattern::check_name(name) {
            panic!("{}", error.message());
        }
        EmitSite {
            name,
            state: AtomicU8::new(NEW),
            matches: ArcSwapOption::const_empty(),
        }
    }

    /// The event's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a handler for this event is attached anywhere in the process.
    #[inline]
    pub fn is_observed(&'static self) -> bool {
        match self.state.load(Ordering::Relaxed) {
            UNOBSERVED => false,
            OBSERVED => true,
            _ => self.join(),
        }
    }

    /// The handlers for this site in the process's telemetry, if that is `core`.
    pub(crate) fn matches(&self, core: u64) -> Option<Guard<Option<Arc<Matches>>>> {
        let matches = self.matches.load();
        matches
            .as_ref()
            .is_some_and(|found| found.core == core)
            .then_some(matches)
    }

    /// Joins the list. Where somebody is just changing it, or did when the process was forked,
    /// this one time the answer is found without it.
    #[cold]
    fn join(&'static self) -> bool {
        // Declared before the lock, and so dropped after it.
        let mut kept;
        let Ok(mut sites) = SITES.try_lock() else {
            kept = Kept::live();
            return kept
                .live
                .iter()
                .any(|core| !core.matching(self.name).is_empty());
        };
        if self.state.load(Ordering::Relaxed) == NEW {
            sites.push(self);
            kept = Kept::live();
            self.refresh(&mut kept);
        }
        self.state.load(Ordering::Relaxed) == OBSERVED
    }

    fn refresh(&self, kept: &mut Kept) {
        let (mut observed, mut matches) = (false, None);
        for core in &kept.live {
            let list = core.matching(self.name);
            observed |= !list.is_empty();
            if core.is_default() {
                matches = Some(Arc::new(Matches {
                    core: core.id(),
                    list,
                }));
            } else {
                kept.lists.push(list);
            }
        }
        kept.replaced.extend(self.matches.swap(matches));
        let state = if observed { OBSERVED } else { UNOBSERVED };
        self.state.store(state, Ordering::Relaxed);
    }
}

/// What may be the last owner of a handler: its closure is the user's, and so is dropped after
/// the lock.
struct Kept {
    live: Vec<Arc<Core>>,
    replaced: Vec<Arc<Matches>>,
    lists: Vec<Box<[Match]>>,
}

impl Kept {
    fn live() -> Self {
        let live = LIVE.load();
        let live = live
            .iter()
            .flat_map(|live| live.iter())
            .filter_map(Weak::upgrade)
            .collect();
        Kept {
            live,
            replaced: Vec::new(),
            lists: Vec::new(),
        }
    }
}

/// Sets every site anew after the handlers of some telemetry changed.
pub(crate) fn refresh_sites() {
    change(|_| ());
}

/// Lets a telemetry's handlers be found by every site.
pub(crate) fn observe(core: &Arc<Core>) {
    change(|live| live.push(Arc::downgrade(core)));
}

/// Ends what [`observe`] began.
pub(crate) fn unobserve(core: &Core) {
    change(|live| live.retain(|other| !std::ptr::eq(other.as_ptr(), core)));
}

fn change(update: impl FnOnce(&mut Vec<Weak<Core>>)) {
    // Declared before the lock, and so dropped after it.
    let mut kept;
    let sites = lock();
    let mut live = LIVE.load_full().as_deref().cloned().unwrap_or_default();
    update(&mut live);
    LIVE.store(Some(Arc::new(live)));
    kept = Kept::live();
    for site in sites.iter() {
        site.refresh(&mut kept);
    }
}

fn lock() -> MutexGuard<'static, Vec<&'static EmitSite>> {
    SITES.lock().unwrap_or_else(PoisonError::into_inner)
}
