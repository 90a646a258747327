//! The static of each `emit!`: one relaxed load tells whether anybody listens.
//!
//! A site joins the process's list when it is first reached. Whoever changes what is attached
//! anywhere then sets anew every site of the list that may be concerned, so that a site never keeps
//! an answer from another time or scope. What it sets does not depend on who came first: under the
//! lock it looks at what is attached then.

#[cfg(all(test, not(loom)))]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicI8, Ordering},
    },
};

use arc_swap::ArcSwapOption;

use crate::{
    handler::{Bound, Entry},
    hazard::{self, Guard, Marker, Shared},
    instance::Core,
    pattern,
};

// By their sign, so that one look at the word sets all three apart.
const UNOBSERVED: i8 = 0;
const OBSERVED: i8 = 1;
const NEW: i8 = -1;

/// Where an event is emitted.
#[derive(Debug)]
pub struct EmitSite {
    name: &'static str,
    state: AtomicI8,
    attached: Shared<Attached>,
}

/// The handlers of the process's telemetry for a site, in order.
#[derive(Debug)]
pub(crate) struct Attached {
    pub(crate) core: Arc<Core>,
    pub(crate) handlers: Box<[Bound]>,
}

/// Whoever wants to be told when the handlers of a site come and go. It is told under the list's
/// lock, and so runs no user code.
pub(crate) trait Watch: Sync {
    /// Somebody observes the site, or nobody does; `live` are the telemetries there are.
    fn observed(&self, site: &'static EmitSite, is_observed: bool, live: &[Arc<Core>]);
}

/// A site in the list, and who is told of it.
#[derive(Clone, Copy)]
struct Joined {
    site: &'static EmitSite,
    watch: Option<&'static dyn Watch>,
}

/// The sites that were reached, by the names of their events.
type Sites = BTreeMap<&'static str, Vec<Joined>>;

static SITES: Mutex<Sites> = Mutex::new(Sites::new());

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
        Self::of(name)
    }

    /// The site of a name that an event can have.
    pub(crate) const fn of(name: &'static str) -> Self {
        EmitSite {
            name,
            state: AtomicI8::new(NEW),
            attached: Shared::empty(),
        }
    }

    /// The event's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a handler for this event is attached anywhere in the process.
    #[inline]
    pub fn is_observed(&'static self) -> bool {
        let state = self.state.load(Ordering::Relaxed);
        state != UNOBSERVED && (state > UNOBSERVED || self.join(None))
    }

    /// The same for a site of which `watch` shall be told from now on. Whether it joined the list
    /// too: until it has, nobody tells.
    #[inline]
    pub(crate) fn is_observed_by(&'static self, watch: &'static dyn Watch) -> (bool, bool) {
        let is_observed = match self.state.load(Ordering::Acquire) {
            NEW => self.join(Some(watch)),
            state => state == OBSERVED,
        };
        (is_observed, self.state.load(Ordering::Acquire) != NEW)
    }

    /// The process's handlers for this site. While they are held, they stay.
    #[inline]
    pub(crate) fn attached(&self, here: impl Marker) -> Option<Guard<'_, Attached>> {
        self.attached.read(here)
    }

    /// The same for a thread that has no marks, if `core` is the process's telemetry, and they can be
    /// had without waiting.
    pub(crate) fn attached_of(&self, core: &Arc<Core>) -> Option<Arc<Attached>> {
        let attached = self.attached.try_get();
        attached.filter(|attached| Arc::ptr_eq(&attached.core, core))
    }

    /// Joins the list. Where somebody is just changing it, or did when the process was forked,
    /// this one time the answer is found without it.
    #[cold]
    fn join(&'static self, watch: Option<&'static dyn Watch>) -> bool {
        // Declared before the lock, and so dropped after it.
        let mut kept;
        let Ok(mut sites) = SITES.try_lock() else {
            kept = Kept::live();
            return kept.live.iter().any(|core| core.observes(self.name));
        };
        if self.state.load(Ordering::Relaxed) == NEW {
            let joined = Joined { site: self, watch };
            sites.entry(self.name).or_default().push(joined);
            kept = Kept::live();
            joined.refresh(&mut kept);
        }
        self.state.load(Ordering::Relaxed) == OBSERVED
    }

    fn observe(&self, is_observed: bool) {
        let state = if is_observed { OBSERVED } else { UNOBSERVED };
        self.state.store(state, Ordering::Release);
    }
}

impl Joined {
    fn refresh(self, kept: &mut Kept) {
        let site = self.site;
        let default = kept.live.iter().find(|core| core.is_default());
        let attached = default.map(|core| {
            Arc::new(Attached {
                core: Arc::clone(core),
                handlers: core.matching(site.name),
            })
        });
        let current = site.attached.get();
        if !is_same(current.as_deref(), attached.as_deref()) {
            site.attached.replace(attached.clone());
        }
        let has_handlers = attached.iter().any(|new| !new.handlers.is_empty());
        self.observe(has_handlers, kept);
        kept.lists.extend(current.into_iter().chain(attached));
    }

    /// Sets the site anew after one handler of `core` came or went.
    fn refresh_for(self, core: &Core, entry: &Arc<Entry>, kept: &mut Kept) {
        let site = self.site;
        let marked = hazard::here().and_then(|here| site.attached.read(here));
        let owned = match marked {
            Some(_) => None,
            None => site.attached.get(),
        };
        let current = marked.as_deref().or(owned.as_deref());
        let mut has_handlers = current.is_some_and(|list| !list.handlers.is_empty());
        if let Some(list) = current
            && std::ptr::eq(&raw const *list.core, core)
            && let Some(handlers) = core.rematch(&list.handlers, entry, site.name)
        {
            has_handlers = !handlers.is_empty();
            let core = Arc::clone(&list.core);
            site.attached
                .replace(Some(Arc::new(Attached { core, handlers })));
        }
        self.observe(has_handlers, kept);
        kept.lists.extend(owned);
    }

    /// A telemetry that is not the process's may have handlers too.
    fn observe(self, has_handlers: bool, kept: &Kept) {
        let mut others = kept.live.iter().filter(|core| !core.is_default());
        let is_observed = has_handlers || others.any(|core| core.observes(self.site.name));
        // Told first: whoever finds the site joined takes what was told for all there is.
        if let Some(watch) = self.watch {
            watch.observed(self.site, is_observed, &kept.live);
        }
        self.site.observe(is_observed);
    }
}

fn is_same(left: Option<&Attached>, right: Option<&Attached>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => {
            let pairs = left.handlers.iter().zip(&right.handlers);
            Arc::ptr_eq(&left.core, &right.core)
                && left.handlers.len() == right.handlers.len()
                && pairs
                    .into_iter()
                    .all(|(left, right)| Arc::ptr_eq(&left.entry, &right.entry))
        }
        (left, right) => left.is_none() && right.is_none(),
    }
}

/// What may be the last owner of a handler: its closure is the user's, and so is dropped after
/// the lock.
struct Kept {
    live: Vec<Arc<Core>>,
    lists: Vec<Arc<Attached>>,
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
            lists: Vec::new(),
        }
    }
}

/// Sets every site anew after the handlers of some telemetry changed. What that replaced is freed
/// by a [`sweep`](hazard::sweep).
pub(crate) fn refresh_sites() {
    refresh_all();
    tell();
}

/// The same after only this handler of a telemetry came or went.
pub(crate) fn refresh_sites_of(core: &Core, entry: &Arc<Entry>) {
    refresh_all_of(core, entry);
    tell();
}

/// Tells who asked to know, where no lock is held.
fn tell() {
    #[cfg(feature = "tracing-layer")]
    super::told::tell();
}

fn refresh_all() {
    // Declared before the lock, and so dropped after it.
    let mut kept;
    let sites = lock();
    kept = Kept::live();
    for beginnings in [false, true] {
        let turn = sites.values().flatten();
        for joined in turn.filter(|joined| begins(**joined) == beginnings) {
            joined.refresh(&mut kept);
        }
    }
}

/// The events that begin something are listened to last and given up first: whoever hears one of
/// them hears its end, too.
fn begins(joined: Joined) -> bool {
    let last = joined.site.name.rsplit('.').next();
    last == Some("start")
}

fn refresh_all_of(core: &Core, entry: &Arc<Entry>) {
    // Declared before the lock, and so dropped after it.
    let mut kept;
    let sites = lock();
    kept = Kept::live();
    let goes = entry.gate.is_closed();
    for beginnings in [goes, !goes] {
        let turn = concerned(&sites, entry);
        for joined in turn.filter(|joined| begins(**joined) == beginnings) {
            joined.refresh_for(core, entry, &mut kept);
        }
    }
}

/// The sites of the events that a handler is for.
fn concerned<'a>(sites: &'a Sites, entry: &'a Entry) -> impl Iterator<Item = &'a Joined> {
    entry.patterns.iter().flat_map(|pattern| {
        let prefix = pattern.literal_prefix();
        let begin_so = sites.range(prefix..);
        begin_so
            .take_while(move |(name, _)| name.starts_with(prefix))
            .filter(|(name, _)| pattern.matches(name))
            .flat_map(|(_, sites)| sites)
    })
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
    let sites = lock();
    let mut live = LIVE.load_full().as_deref().cloned().unwrap_or_default();
    update(&mut live);
    LIVE.store(Some(Arc::new(live)));
    drop(sites);
    refresh_sites();
    hazard::sweep();
}

fn lock() -> MutexGuard<'static, Sites> {
    SITES.lock().unwrap_or_else(PoisonError::into_inner)
}
