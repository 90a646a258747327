//! The account of open calls: who asks sees which functions are being executed, and for how long.
//!
//! A thread has entries of its own, so that opening a call writes to memory that no other thread
//! writes. A call holds its entry until it ends, on whatever thread that is, and gives it back by
//! one store: no other call's entry can be meant.

#[cfg(all(test, not(loom)))]
mod tests;

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicU32, AtomicU64, Ordering, fence},
    },
    time::Duration,
};

use super::known::Known;
use crate::{
    clock, hazard,
    instance::{ActiveSpan, Core, scope},
};

/// How many entries a thread begins with; each later piece has as many as all before it.
const FIRST: usize = 16;

/// The entries of a thread. They stay, and another thread goes on with them when it ends.
#[derive(Debug)]
pub(super) struct Shard {
    entries: Mutex<Vec<&'static Entry>>,
}

/// A call that is open, or nothing.
#[derive(Debug)]
pub(super) struct Entry {
    /// Which call it is, counted for each entry; even while there is none.
    call: AtomicU64,
    function: AtomicU32,
    began: AtomicU64,
    telemetry: AtomicU64,
}

/// What a thread knows of its own entries.
#[derive(Debug)]
pub(super) struct Ledger {
    shard: &'static Shard,
    /// Entries that were empty when they were last looked at, and have not been used since.
    empty: Vec<&'static Entry>,
}

/// The account of one open call, which is closed by the drop.
#[derive(Debug)]
pub(super) struct Accounted(&'static Entry);

static SHARDS: Mutex<Vec<&'static Shard>> = Mutex::new(Vec::new());

/// The shards of threads that have ended.
static IDLE: Mutex<Vec<&'static Shard>> = Mutex::new(Vec::new());

/// The functions that entries refer to, by number.
static FUNCTIONS: RwLock<Vec<&'static Known>> = RwLock::new(Vec::new());

/// The number of a function in the account.
pub(super) fn register(known: &'static Known) -> u32 {
    let mut functions = FUNCTIONS.write().unwrap_or_else(PoisonError::into_inner);
    functions.push(known);
    u32::try_from(functions.len() - 1).unwrap_or(u32::MAX)
}

/// The open calls of a telemetry, the oldest first.
pub(crate) fn open_calls(core: &Core) -> Vec<ActiveSpan> {
    let now = clock::coarse();
    let shards: Vec<&Shard> = lock(&SHARDS).clone();
    let mut open: Vec<ActiveSpan> = Vec::new();
    for shard in shards {
        let entries: Vec<&Entry> = lock(&shard.entries).clone();
        open.extend(entries.iter().filter_map(|entry| entry.read(core, now)));
    }
    open.sort_by(|one, other| {
        other
            .age
            .cmp(&one.age)
            .then_with(|| one.name.cmp(&other.name))
    });
    open
}

impl Ledger {
    /// For a thread that has none.
    pub(super) fn new() -> Self {
        let idle = lock(&IDLE).pop();
        let shard = idle.unwrap_or_else(|| {
            let shard: &'static Shard = Box::leak(Box::new(Shard {
                entries: Mutex::new(Vec::new()),
            }));
            lock(&SHARDS).push(shard);
            shard
        });
        Ledger {
            shard,
            empty: Vec::new(),
        }
    }

    /// Enters a call that begins now.
    #[inline]
    pub(super) fn enter(&mut self, function: u32) -> Option<Accounted> {
        if self.empty.is_empty() {
            self.look_for_empty();
        }
        let entry = self.empty.pop()?;
        // Whoever sees one of these sees, too, that the call before is over.
        fence(Ordering::Release);
        entry.function.store(function, Ordering::Relaxed);
        entry.began.store(clock::coarse(), Ordering::Relaxed);
        entry.telemetry.store(telemetry_here(), Ordering::Relaxed);
        // Released, so that whoever sees the call sees what it is.
        let call = entry.call.load(Ordering::Relaxed);
        entry.call.store(call | 1, Ordering::Release);
        Some(Accounted(entry))
    }

    #[cold]
    fn look_for_empty(&mut self) {
        let mut entries = lock(&self.shard.entries);
        let is_empty = |entry: &&&'static Entry| entry.call.load(Ordering::Acquire) & 1 == 0;
        self.empty.extend(entries.iter().filter(is_empty));
        // With few of them empty, the next look would come soon and take as long as this one.
        if self.empty.len() <= entries.len() / 4 {
            let more = (0..entries.len().max(FIRST)).map(|_| Entry::leak());
            let more: Vec<&'static Entry> = more.collect();
            self.empty.extend(&more);
            entries.extend(more);
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        lock(&IDLE).push(self.shard);
    }
}

impl Entry {
    fn leak() -> &'static Self {
        Box::leak(Box::new(Entry {
            call: AtomicU64::new(0),
            function: AtomicU32::new(0),
            began: AtomicU64::new(0),
            telemetry: AtomicU64::new(0),
        }))
    }

    /// The call, if it is one of this telemetry's and stays the same while it is read.
    fn read(&self, core: &Core, now: u64) -> Option<ActiveSpan> {
        let call = self.call.load(Ordering::Acquire);
        if call & 1 == 0 {
            return None;
        }
        let function = self.function.load(Ordering::Relaxed);
        let began = self.began.load(Ordering::Relaxed);
        let telemetry = self.telemetry.load(Ordering::Relaxed);
        fence(Ordering::Acquire);
        if self.call.load(Ordering::Relaxed) != call || telemetry != core.account() {
            return None;
        }
        let functions = FUNCTIONS.read().unwrap_or_else(PoisonError::into_inner);
        let known = functions.get(usize::try_from(function).ok()?)?;
        Some(ActiveSpan {
            name: known.path.clone(),
            age: Duration::from_nanos(now.saturating_sub(began)),
        })
    }
}

impl Drop for Accounted {
    #[inline]
    fn drop(&mut self) {
        let call = self.0.call.load(Ordering::Relaxed);
        self.0.call.store(call.wrapping_add(1), Ordering::Release);
    }
}

/// Which telemetry the calls of this thread belong to.
#[inline]
fn telemetry_here() -> u64 {
    if hazard::is_diverted() {
        scope::with_current(|core| core.account()).unwrap_or_default()
    } else {
        0
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
