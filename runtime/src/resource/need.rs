//! What handlers, and resources, can need, whatever the type of its value.

use std::{fmt, time::Duration};

use super::{
    DownCause, DrainReport, Monitor, NotStarted, Readiness, Resource, ResourceHealth, Unavailable,
    life::Life,
    tenure::{End, Fall},
};

/// What a handler or another resource can need, whatever the type of its value: a
/// [`Resource`], and nothing else.
///
/// It is what [`Resource::needs`] and `needs(..)` of a handler take, and lets resources of many
/// types be looked after as one list. No other type can implement it.
///
/// ```
/// use std::time::Duration;
/// use gambeson::{Need, Readiness, Resource};
///
/// static STORE: Resource<Vec<u8>> = Resource::with_opener("store", || Ok::<_, &str>(vec![]));
/// static QUEUE: Resource<u32> = Resource::with_opener("queue", || Ok::<_, &str>(7));
///
/// let all: [&'static dyn Need; 2] = [&STORE, &QUEUE];
/// for each in all {
///     each.ensure_started_within(Duration::from_secs(5))?;
/// }
/// let held = all[0].hold()?;
/// assert_eq!(all[0].revoke(Duration::ZERO).outstanding, 1);
/// assert_eq!(all.map(|each| each.readiness()), [Readiness::Draining, Readiness::Ready]);
/// # drop(held);
/// # QUEUE.revoke(Duration::ZERO);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a handler can only need resources, and `{Self}` is none",
    label = "not a `Resource<T>`",
    note = "write `static NAME: Resource<T> = Resource::new(\"name\")`, with a `T` that is `Send + Sync`"
)]
pub trait Need: Sync {
    /// The name by which reports and diagnostics speak of it.
    fn name(&self) -> &'static str;

    /// As [`Resource::readiness`].
    fn readiness(&self) -> Readiness;

    /// A lease for whoever does not use the value, but needs it to stay.
    ///
    /// # Errors
    ///
    /// As [`Resource::lease`].
    fn hold(&self) -> Result<Hold, Unavailable>;

    /// The resources that it needs itself, as [`Resource::needs`] was told.
    fn needs(&self) -> &'static [&'static dyn Need];

    /// As [`Resource::ensure_started_within`].
    ///
    /// # Errors
    ///
    /// The same.
    fn ensure_started_within(&'static self, deadline: Duration) -> Result<(), NotStarted>;

    /// As [`Resource::revoke`].
    fn revoke(&self, deadline: Duration) -> DrainReport;

    /// As [`Resource::crash`].
    fn crash(&'static self, cause: DownCause) -> bool;

    /// As [`Resource::monitor`].
    fn monitor(&self) -> Monitor;

    /// As [`Resource::health`].
    fn health(&self) -> ResourceHealth;

    /// Its record.
    #[doc(hidden)]
    fn life(&self) -> &Life;

    /// Begins to open it if it has an opener, without what it needs and without a wait. Returns
    /// the attempt that answers; `None` without an opener.
    #[doc(hidden)]
    fn begin_opening(&'static self) -> Option<u64>;

    /// What its value of this number is made of has ended.
    #[doc(hidden)]
    fn ended(&'static self, number: u64, cause: DownCause);

    /// What it needs has gone, and so must its value, if it is that one.
    #[doc(hidden)]
    fn fall(&'static self, fall: Fall<'_>, cause: DownCause);

    /// Waits until nobody holds a lease on a value that it had.
    #[doc(hidden)]
    fn wait_unleased(&self, deadline: Duration) -> DrainReport;
}

/// A lease of a resource of any type: while it is held, the value stays, and a revocation waits.
pub struct Hold {
    _lease: Box<dyn Send>,
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hold")
    }
}

impl<T: Send + Sync + 'static> Need for Resource<T> {
    fn name(&self) -> &'static str {
        Resource::name(self)
    }

    fn readiness(&self) -> Readiness {
        Resource::readiness(self)
    }

    #[track_caller]
    fn hold(&self) -> Result<Hold, Unavailable> {
        self.lease().map(|lease| Hold {
            _lease: Box::new(lease),
        })
    }

    fn needs(&self) -> &'static [&'static dyn Need] {
        self.needs
    }

    fn ensure_started_within(&'static self, deadline: Duration) -> Result<(), NotStarted> {
        Resource::ensure_started_within(self, deadline)
    }

    fn revoke(&self, deadline: Duration) -> DrainReport {
        Resource::revoke(self, deadline)
    }

    fn crash(&'static self, cause: DownCause) -> bool {
        Resource::crash(self, cause)
    }

    fn monitor(&self) -> Monitor {
        Resource::monitor(self)
    }

    fn health(&self) -> ResourceHealth {
        Resource::health(self)
    }

    fn life(&self) -> &Life {
        &self.life
    }

    fn begin_opening(&'static self) -> Option<u64> {
        self.urge()
    }

    fn ended(&'static self, number: u64, cause: DownCause) {
        self.end(End::Watched(number), cause);
    }

    fn fall(&'static self, fall: Fall<'_>, cause: DownCause) {
        self.end(End::Fell(fall), cause);
    }

    fn wait_unleased(&self, deadline: Duration) -> DrainReport {
        self.wait_given_back(None, deadline)
    }
}
