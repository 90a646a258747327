//! Asking every callsite anew once its answer would be another one: tracing keeps answers.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use tracing::{
    Dispatch, callsite,
    dispatcher::{self, WeakDispatch},
    subscriber::NoSubscriber,
};

use super::callsites;
use crate::{contain, emit::when_sites_change};

/// How long another thread is waited for that asks.
const PATIENCE: Duration = Duration::from_secs(1);

/// The subscribers that have the layer.
static FOLLOWED: Mutex<Vec<WeakDispatch>> = Mutex::new(Vec::new());

/// How often answers changed.
static CHANGES: AtomicUsize = AtomicUsize::new(0);

/// How many threads are asking.
static ASKING: AtomicUsize = AtomicUsize::new(0);

/// Keeps the answers that this subscriber was given true.
pub(super) fn follow(subscriber: &Dispatch) {
    // Dropped after the lock, since it may be the last owner.
    let _living = living();
    lock().push(subscriber.downgrade());
    when_sites_change(sites_changed);
}

/// The subscribers that are still there.
fn living() -> Vec<Dispatch> {
    let mut living = Vec::new();
    lock().retain(|subscriber| {
        let subscriber = subscriber.upgrade();
        let lives = subscriber.is_some();
        living.extend(subscriber);
        lives
    });
    living
}

fn lock() -> std::sync::MutexGuard<'static, Vec<WeakDispatch>> {
    FOLLOWED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where somebody else is asking, an answer that is no longer stale may not have arrived yet.
fn sites_changed() {
    if !callsites::is_any_stale() && ASKING.load(Ordering::SeqCst) == 0 {
        return;
    }
    let Some(subscriber) = living().pop() else {
        return;
    };
    CHANGES.fetch_add(1, Ordering::SeqCst);
    ASKING.fetch_add(1, Ordering::SeqCst);
    // An answer from before a change may overwrite one from after it.
    loop {
        let change = CHANGES.load(Ordering::SeqCst);
        // Other layers are asked, too.
        contain::attempt(|| ask(&subscriber));
        if CHANGES.load(Ordering::SeqCst) == change {
            break;
        }
    }
    ASKING.fetch_sub(1, Ordering::SeqCst);
}

/// As long as there is one subscriber, tracing asks the one that this thread sees. From inside a
/// subscriber it sees none, and every callsite would be off.
fn ask(subscriber: &Dispatch) {
    if dispatcher::get_default(|seen| !seen.is::<NoSubscriber>()) {
        return callsite::rebuild_interest_cache();
    }
    let subscriber = subscriber.clone();
    let (done, asked) = mpsc::channel();
    let ask = move || {
        dispatcher::with_default(&subscriber, callsite::rebuild_interest_cache);
        // Nobody waits for it any more.
        let _ = done.send(());
    };
    if thread::Builder::new().spawn(ask).is_ok() {
        // Where threads cannot start just now, as in a destructor of some systems, it asks later.
        let _ = asked.recv_timeout(PATIENCE);
    }
}
