//! When the subscribers are asked about every callsite anew, since tracing keeps their answers:
//! once one of the answers would be another one, and one round after the other. Whoever changed
//! something waits for a round that began after it.

use std::{
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{callsites, subscribers};
use crate::emit::when_sites_change;

/// How long the rounds of others are waited for. Only a layer that changes something while it is
/// asked waits so long.
const PATIENCE: Duration = Duration::from_secs(1);

/// The rounds of questions. No lock is held during one.
static ROUNDS: Rounds = Rounds {
    state: Mutex::new(State {
        changes: 0,
        answered: 0,
        asking: false,
    }),
    ended: Condvar::new(),
};

struct Rounds {
    state: Mutex<State>,
    ended: Condvar,
}

struct State {
    /// How many changes there were.
    changes: u64,
    /// How many of them came before the last round that has ended.
    answered: u64,
    asking: bool,
}

/// How many layers there are.
static LAYERS: AtomicUsize = AtomicUsize::new(0);

pub(super) fn layer_made() {
    LAYERS.fetch_add(1, Ordering::SeqCst);
    when_sites_change(sites_changed);
}

pub(super) fn layer_dropped() {
    LAYERS.fetch_sub(1, Ordering::SeqCst);
}

fn sites_changed() {
    if LAYERS.load(Ordering::SeqCst) == 0 {
        return;
    }
    let is_stale = callsites::is_any_stale();
    let mut state = ROUNDS.lock();
    // An answer that is no longer stale may be on its way in a round of somebody else.
    if !is_stale && !state.asking {
        return;
    }
    state.changes += 1;
    if state.asking {
        ROUNDS.wait(state);
    } else {
        ROUNDS.ask(state);
    }
}

impl Rounds {
    /// Asks until no change is left that came after the questions.
    fn ask<'a>(&'a self, mut state: MutexGuard<'a, State>) {
        state.asking = true;
        while state.answered < state.changes {
            let changes = state.changes;
            drop(state);
            subscribers::ask();
            state = self.lock();
            state.answered = changes;
            self.ended.notify_all();
        }
        state.asking = false;
    }

    /// Waits for the round that answers the last change.
    fn wait(&self, state: MutexGuard<'_, State>) {
        let change = state.changes;
        let is_unanswered = |state: &mut State| state.answered < change;
        let waited = self
            .ended
            .wait_timeout_while(state, PATIENCE, is_unanswered);
        drop(waited);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
