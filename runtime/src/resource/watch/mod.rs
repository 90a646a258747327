//! Whose end is a resource's death.

mod std_handles;
#[cfg(feature = "tokio")]
mod tokio_tasks;

use std::{fmt, io};

#[cfg(feature = "ractor")]
pub(crate) use self::std_handles::wait_aside;
use super::{DownCause, Need, Resource};
use crate::reason::SkipReason;

/// Something that ends, and whose end is the death of the resource that is made of it: the handle
/// of a thread, of a process, or of a tokio task; with the feature `ractor` also an actor.
///
/// For other things: keep the [`Watch`] where their end is noticed, and tell it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be watched",
    label = "not a `JoinHandle` nor a `std::process::Child`",
    note = "implement `gambeson::Watched` for it, or take a watch by `Resource::watch_by_hand`"
)]
pub trait Watched {
    /// Sees to it that the watch is told of the end.
    ///
    /// # Errors
    ///
    /// If nobody can wait for the end, for want of a thread or of a runtime.
    fn watch(self, watch: Watch) -> io::Result<()>;
}

/// Tells a resource of the end of what its value is made of.
///
/// One that is dropped untold is a watch that was lost: the resource goes on as
/// [stale](crate::Readiness::Stale).
#[must_use = "a watch that is dropped is lost"]
pub struct Watch {
    resource: &'static dyn Need,
    number: u64,
    is_of_value: bool,
    told: bool,
}

impl<T: Send + Sync + 'static> Resource<T> {
    /// Makes the end of a thread, process or task the death of the value that is there, or, inside
    /// the opener, of the one that is being opened.
    ///
    /// A thread or task that panics, or ends, and a process that ends, are a death of reason
    /// `peer_dead`; a task that is cancelled is one of reason `shutting_down`. What ends before the
    /// opener is done is an opening that failed. A value that was replaced meanwhile takes nothing
    /// along. The other way round nothing is ended: a thread or process whose value has gone ends by
    /// what that value's drop does, as closing a channel or a pipe.
    ///
    /// ```
    /// use std::{sync::mpsc, thread, time::Duration};
    /// use gambeson::{Resource, SkipReason};
    ///
    /// static TILL: Resource<mpsc::Sender<u32>> = Resource::new("till");
    ///
    /// let (sender, coins) = mpsc::channel::<u32>();
    /// let _till = TILL.provide(sender);
    /// TILL.watch(thread::spawn(move || panic!("{} coins are too many", coins.recv().unwrap())))?;
    /// let mut monitor = TILL.monitor();
    /// TILL.lease()?.send(9000)?;
    /// let down = monitor.wait(Duration::from_secs(10)).expect("it is dead");
    /// assert_eq!(down.reason, SkipReason::PeerDead);
    /// assert!(down.cause.ends_with("panicked: 9000 coins are too many"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If nobody can wait for the end: for want of a thread. Then the resource is
    /// [stale](crate::Readiness::Stale). Of kind `NotFound` if there is no value, which has to be
    /// provided first; the end is waited for all the same, but it is nobody's death.
    pub fn watch(&'static self, watched: impl Watched) -> io::Result<()> {
        let watch = self.watch_by_hand();
        let is_of_value = watch.is_of_value;
        watched.watch(watch)?;
        if is_of_value {
            return Ok(());
        }
        let text = format!(
            "resource `{}` has no value whose death this could be: provide it first, or watch \
             inside its opener",
            self.name()
        );
        Err(io::Error::new(io::ErrorKind::NotFound, text))
    }

    /// A watch for something whose end is noticed by the program itself, of the value that is
    /// there, or, inside the opener, of the one that is being opened. Where there is none it has
    /// no effect.
    ///
    /// ```
    /// use gambeson::{DownCause, Readiness, Resource, SkipReason};
    ///
    /// static LINE: Resource<u32> = Resource::new("line");
    ///
    /// let _line = LINE.provide(112);
    /// drop(LINE.watch_by_hand());
    /// assert_eq!(LINE.readiness(), Readiness::Stale, "nobody would tell");
    /// let watch = LINE.watch_by_hand();
    /// assert_eq!(LINE.readiness(), Readiness::Ready);
    /// watch.ended(DownCause::new(SkipReason::PeerDead, "the line is dead"));
    /// assert_eq!(LINE.lease().unwrap_err().reason(), SkipReason::PeerDead);
    /// ```
    pub fn watch_by_hand(&'static self) -> Watch {
        let (number, is_of_value) = self.life.change(|life, _| {
            let number = life.number_here();
            let is_opened_here = life.keeping.opening_here().is_some();
            (number, life.watched(number) || is_opened_here)
        });
        Watch {
            resource: self,
            number,
            is_of_value,
            told: false,
        }
    }
}

impl Watch {
    /// What the resource is made of has ended, and so has its value, if it is still there.
    pub fn ended(mut self, cause: impl Into<DownCause>) {
        self.told = true;
        self.resource.ended(self.number, cause.into());
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.told {
            let cause = DownCause::new(SkipReason::Unavailable, "nobody watches it any more");
            let lost = |life: &mut super::chronicle::Chronicle, _: &mut _| {
                life.watch_lost(self.number, cause);
            };
            self.resource.life().change(lost);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").field(&self.resource.name()).finish()
    }
}
