//! What follows from a change of a resource, once no lock is held: others are woken and told, and
//! what needs it goes down with it.

use std::{sync::Arc, task::Waker};

use super::{
    Down, DownCause, Life,
    chronicle::Dependent,
    monitor::Mailbox,
    news::{Outbox, Untold, What},
    tenure::Fall,
};
use crate::{contain, queue::Runtime};

#[derive(Debug)]
pub(super) struct Aftermath {
    resource: &'static str,
    news: Vec<Untold>,
    woken: Vec<Waker>,
    /// What may hold a waker, should its monitor be gone by now.
    mailboxes: Vec<Arc<Mailbox>>,
    runtime: Option<Runtime>,
    falling: Vec<(Dependent, u64, DownCause)>,
    nudged: Vec<Dependent>,
}

impl Aftermath {
    pub(super) fn of(resource: &'static str) -> Self {
        Aftermath {
            resource,
            news: Vec::new(),
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

    pub(super) fn died(&mut self, down: Down) {
        self.news.push(Untold::new(What::Down(down)));
    }

    pub(super) fn came_up(&mut self, recovered: bool) {
        self.news.push(Untold::new(What::Up { recovered }));
    }

    /// Leaves its news to whoever tells them in their order; those that stay here are told at
    /// once. Whether any were left.
    pub(super) fn post(&mut self, outbox: &mut Outbox) -> bool {
        let had_news = !self.news.is_empty();
        outbox.post(&mut self.news);
        had_news && self.news.is_empty()
    }

    /// Those who wait for it shall look again.
    pub(super) fn nudge(&mut self, dependents: &[Dependent]) {
        self.nudged.extend_from_slice(dependents);
    }

    /// Those who need it go down with it, which has died so often now.
    pub(super) fn fell(&mut self, dependents: &[Dependent], deaths: u64, cause: &DownCause) {
        let falling = dependents.iter().map(|&each| (each, deaths, cause.clone()));
        self.falling.extend(falling);
    }

    /// Gives what is to be told at once.
    pub(super) fn follow(self, resource: &Life) -> Vec<Untold> {
        contain::attempt(move || {
            let _let_go = self.runtime;
        });
        self.woken.into_iter().for_each(contain::wake);
        contain::attempt(|| drop(self.mailboxes));
        for (dependent, death, cause) in self.falling {
            let fall = Fall::Before {
                need: resource,
                death,
            };
            dependent.0.fall(fall, cause);
        }
        for dependent in self.nudged {
            dependent.0.life().nudge();
        }
        self.news
    }
}
