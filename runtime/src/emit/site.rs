//! The static of each `emit!`: one relaxed load tells whether anybody listens.
//!
//! A site joins the process's list when it is first reached. Whoever changes what is attached
//! anywhere then sets every site of the list anew, so that a site never keeps an answer from
//! another time or scope.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicU8, Ordering},
};

use arc_swap::ArcSwapOption;

use crate::{
    handler::Bound,
    hazard::{self, Guard, Here, Shared},
    instance::Core,
    pattern,
};

const UNOBSERVED: u8 = 0;
const OBSERVED: u8 = 1;
const NEW: u8 = 2;

/// Where an event is emitted.
#[derive(Debug)]
pub struct EmitSite {
    name: &'static str,
    state: AtomicU8,
    listeners: Shared<Listeners>,
}

/// The handlers of the process's telemetry for a site, in order.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub(crate) core: Arc<Core>,
    pub(crate) handlers: Box<[Bound]>,
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
            listeners: Shared::empty(),
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

    /// The process's handlers for this site. While they are held, they stay.
    #[inline]
    pub(crate) fn listeners(&self, here: Here) -> Option<Guard<'_, Listeners>> {
        self.listeners.read(here)
    }

    /// The same for a thread that has no marks, if `core` is the process's telemetry.
    pub(crate) fn listeners_of(&self, core: &Arc<Core>) -> Option<Arc<Listeners>> {
        let listeners = self.listeners.get();
        listeners.filter(|listeners| Arc::ptr_eq(&listeners.core, core))
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
        let (mut observed, mut listeners) = (false, None);
        for core in &kept.live {
            let handlers = core.matching(self.name);
            observed |= !handlers.is_empty();
            if core.is_default() {
                listeners = Some(Arc::new(Listeners {
                    core: Arc::clone(core),
                    handlers,
                }));
            } else {
                kept.handlers.push(handlers);
            }
        }
        self.listeners.replace(listeners);
        let state = if observed { OBSERVED } else { UNOBSERVED };
        self.state.store(state, Ordering::Relaxed);
    }
}

/// What may be the last owner of a handler: its closure is the user's, and so is dropped after
/// the lock.
struct Kept {
    live: Vec<Arc<Core>>,
    handlers: Vec<Box<[Bound]>>,
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
            handlers: Vec::new(),
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
    drop(sites);
    hazard::sweep();
}

fn lock() -> MutexGuard<'static, Vec<&'static EmitSite>> {
    SITES.lock().unwrap_or_else(PoisonError::into_inner)
}
