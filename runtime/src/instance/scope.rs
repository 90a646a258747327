//! Which telemetry an event or a call belongs to: the one its thread entered, else the process's.

use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use arc_swap::ArcSwapOption;

use super::{Core, ambient};
use crate::{
    handler::{Bound, Entry, Site},
    hazard::{self, Guard, Here},
    phase::Phase,
    registry::PlainKey,
};

static DEFAULT: ArcSwapOption<Core> = ArcSwapOption::const_empty();

/// See [`generation`].
static GENERATION: AtomicUsize = AtomicUsize::new(0);

/// How many scopes are entered on all threads: while it is 0, no thread-local is looked at.
static ENTERED: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static SCOPES: RefCell<Vec<Arc<Core>>> = const { RefCell::new(Vec::new()) };
}

/// Makes a telemetry the process's, unless one is running that is. A stopped one stays until
/// then, for the calls that come after its shutdown.
pub(crate) fn claim_default(core: &Arc<Core>) -> bool {
    loop {
        let current = DEFAULT.load_full();
        if is_running(current.as_deref()) {
            return false;
        }
        let previous = DEFAULT.compare_and_swap(&current, Some(Arc::clone(core)));
        if previous.as_ref().map(Arc::as_ptr) == current.as_ref().map(Arc::as_ptr) {
            unbind_all();
            return true;
        }
    }
}

/// Whether the process's telemetry is neither stopped nor missing.
pub(crate) fn is_default_running() -> bool {
    is_running(DEFAULT.load_full().as_deref())
}

/// The process's telemetry, running or stopped.
pub(crate) fn process() -> Option<Arc<Core>> {
    DEFAULT.load_full()
}

fn is_running(core: Option<&Core>) -> bool {
    core.is_some_and(|core| !matches!(core.phase(), Phase::Stopped | Phase::Failed))
}

/// Lends the telemetry that events of this thread go to.
pub(crate) fn with_current<R>(run: impl FnOnce(&Arc<Core>) -> R) -> Option<R> {
    match entered() {
        Some(core) => Some(run(&core)),
        None => DEFAULT.load().as_ref().map(run),
    }
}

/// A thread whose locals are gone has left all scopes.
pub(crate) fn entered() -> Option<Arc<Core>> {
    if ENTERED.load(Ordering::Relaxed) == 0 {
        return None;
    }
    SCOPES
        .try_with(|scopes| scopes.try_borrow().ok()?.last().cloned())
        .ok()?
}

/// A defended function as this thread calls it now, if it is bound already; it stays while it is
/// lent.
#[inline]
pub(crate) fn lend(site: &'static Site, here: Option<Here>) -> Option<Guard<'static, Bound>> {
    let here = here?;
    if hazard::is_diverted() {
        return None;
    }
    site.bound.read(here)
}

/// A defended function as this thread calls it now, for a call that may go to other threads.
#[cold]
pub(crate) fn plain(site: &'static Site, here: Option<Here>) -> Arc<Bound> {
    match (entered(), lend(site, here)) {
        (Some(core), _) => Arc::new(bind_to(&core, site)),
        (None, Some(bound)) => bound.to_arc(),
        (None, None) => bind(site),
    }
}

/// The sites that are bound to the process's telemetry.
static BOUND: Mutex<Vec<&'static Site>> = Mutex::new(Vec::new());

/// Binds a site to the process's telemetry of this moment. While the lock is held no other one
/// has [unbound](unbind_all) what was bound to this one.
fn bind(site: &'static Site) -> Arc<Bound> {
    let mut sites = BOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bound) = site.bound.get() {
        return bound;
    }
    let bound = Arc::new(bind_to(&process_or_ambient(), site));
    site.bound.replace(Some(Arc::clone(&bound)));
    sites.push(site);
    bound
}

fn bind_to(core: &Core, site: &'static Site) -> Bound {
    core.bind(PlainKey::of(site), || Entry::of(site))
}

/// The process's telemetry, or that of calls before there is one.
pub(crate) fn process_or_ambient() -> Arc<Core> {
    DEFAULT.load_full().unwrap_or_else(ambient)
}

/// How many telemetries have become the process's: what was bound at another count is bound anew.
#[inline]
pub(crate) fn generation() -> usize {
    GENERATION.load(Ordering::Acquire)
}

fn unbind_all() {
    GENERATION.fetch_add(1, Ordering::Release);
    let sites = std::mem::take(&mut *BOUND.lock().unwrap_or_else(PoisonError::into_inner));
    for site in sites {
        site.bound.replace(None);
    }
    hazard::sweep();
}

/// Keeps this thread in a telemetry until it is dropped.
#[derive(Debug)]
pub(crate) struct Entered(());

impl Entered {
    pub(crate) fn new(core: &Arc<Core>) -> Self {
        ENTERED.fetch_add(1, Ordering::Relaxed);
        let _ = SCOPES.try_with(|scopes| {
            scopes.borrow_mut().push(Arc::clone(core));
            hazard::divert(true);
        });
        Entered(())
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let left = SCOPES.try_with(|scopes| {
            let mut scopes = scopes.borrow_mut();
            let left = scopes.pop();
            hazard::divert(!scopes.is_empty());
            left
        });
        ENTERED.fetch_sub(1, Ordering::Relaxed);
        drop(left);
    }
}
