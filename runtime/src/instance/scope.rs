//! Which telemetry an event or a call belongs to: the one its thread entered, else the process's.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use arc_swap::ArcSwapOption;

use super::{Core, ambient};
use crate::{
    handler::{Entry, Site},
    phase::Phase,
};

static DEFAULT: ArcSwapOption<Core> = ArcSwapOption::const_empty();

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
            return true;
        }
    }
}

/// Whether the process's telemetry is neither stopped nor missing.
pub(crate) fn is_default_running() -> bool {
    is_running(DEFAULT.load_full().as_deref())
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
fn entered() -> Option<Arc<Core>> {
    if ENTERED.load(Ordering::Relaxed) == 0 {
        return None;
    }
    SCOPES
        .try_with(|scopes| scopes.try_borrow().ok()?.last().cloned())
        .ok()?
}

/// The telemetry of a defended function's call, and the function's entry in it.
pub(crate) fn plain(site: &'static Site) -> (Arc<Core>, Arc<Entry>) {
    let core = with_current(Arc::clone).unwrap_or_else(ambient);
    if let Some(cached) = &*site.entry.load()
        && cached.0 == core.id()
    {
        return (core, cached.1.clone());
    }
    let entry = core.registry.plain(site);
    site.entry.store(Some(Arc::new((core.id(), entry.clone()))));
    (core, entry)
}

/// Keeps this thread in a telemetry until it is dropped.
#[derive(Debug)]
pub(crate) struct Entered(());

impl Entered {
    pub(crate) fn new(core: &Arc<Core>) -> Self {
        ENTERED.fetch_add(1, Ordering::Relaxed);
        let _ = SCOPES.try_with(|scopes| scopes.borrow_mut().push(Arc::clone(core)));
        Entered(())
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let left = SCOPES.try_with(|scopes| scopes.borrow_mut().pop());
        ENTERED.fetch_sub(1, Ordering::Relaxed);
        drop(left);
    }
}
