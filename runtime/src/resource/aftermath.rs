//! What follows from a change of a resource, once no lock is held: others are woken and told, and
//! what needs it goes down with it.

use std::{
    sync::{Arc, OnceLock},
    task::Waker,
};

use super::{Down, DownCause, chronicle::Dependent, monitor::Mailbox};
use crate::{contain, limiter::Limiters, queue::Runtime};

/// What became of a resource.
#[derive(Debug)]
pub(crate) struct News<'a> {
    pub(crate) resource: &'static str,
    pub(crate) what: What<'a>,
    /// The limit of what is logged of it.
    pub(crate) limiters: &'a Limiters,
}

/// What became of it.
#[derive(Debug)]
pub(crate) enum What<'a> {
    Down(&'a Down),
    Up {
        /// Whether it is back, after it was down by a failure.
        recovered: bool,
    },
}

/// Who tells of it, to people and handlers: the rooms above this one.
static TELLER: OnceLock<fn(&News<'_>)> = OnceLock::new();

/// Sets who tells what becomes of resources.
pub(crate) fn told_by(teller: fn(&News<'_>)) {
    let _ = TELLER.set(teller);
}

#[derive(Debug)]
pub(super) struct Aftermath {
    resource: &'static str,
    downs: Vec<Down>,
    up: Option<bool>,
    woken: Vec<Waker>,
    /// What may hold a waker, should its monitor be gone by now.
    mailboxes: Vec<Arc<Mailbox>>,
    runtime: Option<Runtime>,
    falling: Vec<(Dependent, DownCause)>,
    nudged: Vec<Dependent>,
}

impl Aftermath {
    pub(super) fn of(resource: &'static str) -> Self {
        Aftermath {
            resource,
            downs: Vec::new(),
            up: None,
            woken: Vec::new(),
            mailboxes: Vec::new(),
            runtime: None,
            falling: Vec::new(),
            nudged: Vec::new(),
        }
    }

    pub(super) fn resource(&self) -> &'static str {
        self.resource
    }

    /// The reader of a mailbox has mail.
    pub(super) fn wake(&mut self, reader: Option<Waker>, mailbox: Arc<Mailbox>) {
        self.woken.extend(reader);
        self.mailboxes.push(mailbox);
    }

    /// Nothing will be opened inside it any more.
    pub(super) fn let_go(&mut self, runtime: Option<Runtime>) {
        self.runtime = runtime;
    }

    pub(super) fn tell(&mut self, down: Down) {
        self.downs.push(down);
    }

    pub(super) fn came_up(&mut self, recovered: bool) {
        self.up = Some(recovered);
    }

    /// Those who wait for it shall look again.
    pub(super) fn nudge(&mut self, dependents: &[Dependent]) {
        self.nudged.extend_from_slice(dependents);
    }

    /// Those who need it go down with it.
    pub(super) fn fell(&mut self, dependents: &[Dependent], cause: &DownCause) {
        let falling = dependents.iter().map(|&each| (each, cause.clone()));
        self.falling.extend(falling);
    }

    /// Wakers are code of an executor, and tellers lead to handlers: a panic there, as of a
    /// handler in strict mode, is told by whoever called them and does not stop the rest.
    pub(super) fn follow(self, limiters: &Limiters) {
        contain::attempt(move || {
            let _let_go = self.runtime;
        });
        for reader in self.woken {
            contain::attempt(|| reader.wake());
        }
        contain::attempt(|| drop(self.mailboxes));
        for (dependent, cause) in self.falling {
            dependent.0.fall(None, cause);
        }
        for dependent in self.nudged {
            dependent.0.life().nudge();
        }
        let Some(tell) = TELLER.get() else { return };
        let downs = self.downs.iter().map(What::Down);
        let up = self.up.map(|recovered| What::Up { recovered });
        for what in downs.chain(up) {
            let news = News {
                resource: self.resource,
                what,
                limiters,
            };
            contain::attempt(|| tell(&news));
        }
    }
}
