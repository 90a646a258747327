//! How the subscribers are asked about every callsite anew.

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

/// The subscribers that have the layer, as far as they said so: an `Option` or a `Vec` of layers
/// tells none of them.
static FOLLOWED: Mutex<Vec<WeakDispatch>> = Mutex::new(Vec::new());

/// Adds one that has the layer.
pub(super) fn follow(subscriber: &Dispatch) {
    // Dropped after the lock, since it may be the last owner.
    let _living = living();
    lock().push(subscriber.downgrade());
}

/// Asks about every callsite. The layers beside ours are asked, too.
///
/// As long as there is one subscriber, tracing asks the one that this thread sees. From inside a
/// subscriber it sees none, and every callsite would be off.
pub(super) fn ask() {
    if dispatcher::get_default(|seen| !seen.is::<NoSubscriber>()) {
        contain::attempt(callsite::rebuild_interest_cache);
    } else if let Some(subscriber) = living().pop() {
        ask_elsewhere(subscriber);
    }
}

/// Asks on a thread that sees this subscriber.
fn ask_elsewhere(subscriber: Dispatch) {
    let (done, asked) = mpsc::channel();
    let ask = move || {
        contain::attempt(|| {
            dispatcher::with_default(&subscriber, callsite::rebuild_interest_cache);
        });
        // Nobody may wait for it any more.
        let _ = done.send(());
    };
    if thread::Builder::new().spawn(ask).is_ok() {
        // Where threads cannot start just now, as in a destructor of some systems, it asks later.
        let _ = asked.recv_timeout(PATIENCE);
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
