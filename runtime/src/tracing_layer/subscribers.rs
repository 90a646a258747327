//! The subscribers that have the layer, and how they are asked about every callsite anew.

use std::{
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use tracing::{
    Dispatch, callsite,
    dispatcher::{self, WeakDispatch},
    subscriber::NoSubscriber,
};

use crate::contain;

/// How long another thread is waited for that asks.
const PATIENCE: Duration = Duration::from_secs(1);

static FOLLOWED: Mutex<Vec<WeakDispatch>> = Mutex::new(Vec::new());

/// Adds one that has the layer.
pub(super) fn follow(subscriber: &Dispatch) {
    // Dropped after the lock, since it may be the last owner.
    let _living = living();
    lock().push(subscriber.downgrade());
}

/// Asks about every callsite, if there is a subscriber with the layer. The layers beside it are
/// asked, too.
pub(super) fn ask() {
    if let Some(subscriber) = living().pop() {
        contain::attempt(|| ask_from_here(&subscriber));
    }
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

fn lock() -> MutexGuard<'static, Vec<WeakDispatch>> {
    FOLLOWED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As long as there is one subscriber, tracing asks the one that this thread sees. From inside a
/// subscriber it sees none, and every callsite would be off.
fn ask_from_here(subscriber: &Dispatch) {
    if dispatcher::get_default(|seen| !seen.is::<NoSubscriber>()) {
        return callsite::rebuild_interest_cache();
    }
    let subscriber = subscriber.clone();
    let (done, asked) = mpsc::channel();
    let ask_from_there = move || {
        dispatcher::with_default(&subscriber, callsite::rebuild_interest_cache);
        // Nobody waits for it any more.
        let _ = done.send(());
    };
    if thread::Builder::new().spawn(ask_from_there).is_ok() {
        // Where threads cannot start just now, as in a destructor of some systems, it asks later.
        let _ = asked.recv_timeout(PATIENCE);
    }
}
