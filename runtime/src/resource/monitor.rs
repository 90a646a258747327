//! Who is told of a resource's deaths.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::{Duration, Instant, SystemTime},
};

use serde::Serialize;

use super::DownCause;
use crate::reason::SkipReason;

/// A resource went down: it crashed, what it stood on has ended, or it was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Down {
    /// The resource's name.
    pub resource: &'static str,
    /// Why calls that need it are skipped from then on.
    pub reason: SkipReason,
    /// Why it went down, for people.
    pub cause: String,
    /// When.
    pub at: SystemTime,
}

impl Down {
    pub(super) fn new(resource: &'static str, cause: &DownCause) -> Self {
        Down {
            resource,
            reason: cause.reason(),
            cause: cause.text().to_owned(),
            at: SystemTime::now(),
        }
    }
}

impl fmt::Display for Down {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Down {
            resource,
            reason,
            cause,
            at: _,
        } = self;
        write!(f, "resource `{resource}` went down ({reason}): {cause}")
    }
}

/// Yields a [`Down`] for each death of a resource, exactly once, in their order.
///
/// A monitor of a resource that is down already yields its last death at once. It is read by a
/// wait with a deadline, or as a future: `monitor.await` for one death, `(&mut monitor).await` for
/// one after the other. What is not read is kept.
///
/// ```
/// use std::time::Duration;
/// use gambeson::{Resource, SkipReason};
///
/// static TILL: Resource<u32> = Resource::new("till");
///
/// let _till = TILL.provide(0);
/// let mut monitor = TILL.monitor();
/// assert!(monitor.try_next().is_none());
/// TILL.crash(SkipReason::PeerDead);
/// let down = monitor.wait(Duration::from_secs(1)).expect("it has crashed");
/// assert_eq!((down.resource, down.reason), ("till", SkipReason::PeerDead));
/// assert!(monitor.try_next().is_none(), "once for each death");
/// ```
#[derive(Debug)]
#[must_use = "a monitor that is dropped is told nothing"]
pub struct Monitor {
    pub(super) mailbox: Arc<Mailbox>,
}

/// Where the deaths wait for their reader.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    mail: Mutex<Mail>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Mail {
    downs: VecDeque<Down>,
    reader: Option<Waker>,
}

impl Monitor {
    /// The next death, waited for until the deadline; `None` if nothing died until then.
    pub fn wait(&mut self, deadline: Duration) -> Option<Down> {
        let started = Instant::now();
        let mut mail = self.mailbox.lock();
        loop {
            if let Some(down) = mail.downs.pop_front() {
                return Some(down);
            }
            let left = deadline.saturating_sub(started.elapsed());
            if left.is_zero() {
                return None;
            }
            mail = match self.mailbox.arrived.wait_timeout(mail, left) {
                Ok((mail, _)) => mail,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    /// The next death, if it has happened.
    pub fn try_next(&mut self) -> Option<Down> {
        self.mailbox.lock().downs.pop_front()
    }
}

impl Future for Monitor {
    type Output = Down;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Down> {
        // Cloned before the lock: a waker is the executor's code.
        let reader = context.waker().clone();
        let mut mail = self.mailbox.lock();
        let (replaced, polled) = match mail.downs.pop_front() {
            Some(down) => (Some(reader), Poll::Ready(down)),
            None => (mail.reader.replace(reader), Poll::Pending),
        };
        drop(mail);
        drop(replaced);
        polled
    }
}

impl Mailbox {
    /// Takes a death in; the reader that is to be woken once no lock is held.
    pub(super) fn deliver(&self, down: Down) -> Option<Waker> {
        let mut mail = self.lock();
        mail.downs.push_back(down);
        self.arrived.notify_all();
        mail.reader.take()
    }

    fn lock(&self) -> MutexGuard<'_, Mail> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
