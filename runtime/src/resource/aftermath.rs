//! What follows from a change of a resource, once no lock is held: others are woken and told, and
//! what needs it goes down with it.

use std::{sync::OnceLock, task::Waker};

use super::{Down, DownCause, chronicle::Dependent};
use crate::{contain, limiter::Limiters};

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
    crashing: Vec<(Dependent, DownCause)>,
    nudged: Vec<Dependent>,
}

impl Aftermath {
    pub(super) fn of(resource: &'static str) -> Self {
        Aftermath {
            resource,
            downs: Vec::new(),
            up: None,
            woken: Vec::new(),
            crashing: Vec::new(),
            nudged: Vec::new(),
        }
    }

    pub(super) fn resource(&self) -> &'static str {
        self.resource
    }

    pub(super) fn wake(&mut self, reader: Option<Waker>) {
        self.woken.extend(reader);
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

    pub(super) fn crash(&mut self, dependents: &[Dependent], cause: &DownCause) {
        let cause = DownCause::of_need(self.resource, cause);
        let crashing = dependents.iter().map(|&each| (each, cause.clone()));
        self.crashing.extend(crashing);
    }

    /// Wakers are code of an executor, and tellers lead to handlers.
    pub(super) fn follow(self, limiters: &Limiters) {
        for reader in self.woken {
            contain::attempt(|| reader.wake());
        }
        for (dependent, cause) in self.crashing {
            dependent.0.crash(cause);
        }
        if let Some(tell) = TELLER.get() {
            let downs = self.downs.iter().map(What::Down);
            let up = self.up.map(|recovered| What::Up { recovered });
            for what in downs.chain(up) {
                tell(&News {
                    resource: self.resource,
                    what,
                    limiters,
                });
            }
        }
        for dependent in self.nudged {
            dependent.0.life().nudge();
        }
    }
}
