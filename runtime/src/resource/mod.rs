//! Resources: what handlers need, with a readiness, leased for each call, revoked in one step,
//! told of when they die, and opened again.
//!
//! ```text
//!              provide, open               its watch is lost
//! NotReady ──────────────────────> Ready ─────────────────────> Stale
//!                                   │ ^  <───────────────────── │
//!                         crash,    │ │       watched again     │ crash, watched thing ended,
//!     watched thing ended, need     │ │ provide, open           │ need went down
//!                     went down     v │                         │
//!                                  Failed <─────────────────────┘
//!
//!   Ready, Stale, Failed ── revoke ──> Draining ── last lease ends ──> Revoked
//! ```

mod aftermath;
mod awaiting;
mod call_lease;
mod cause;
mod chronicle;
mod departure;
mod drain_report;
mod health;
mod holding;
mod keeping;
mod lease;
mod leaving;
mod life;
mod monitor;
mod need;
mod news;
mod opener;
mod opening;
mod order;
mod provided;
mod readiness;
mod restart;
mod tenure;
mod unborn;
mod watch;

use std::{
    fmt,
    panic::Location,
    sync::{Mutex, Weak},
    time::Duration,
};

use arc_swap::ArcSwapOption;

#[cfg(feature = "ractor")]
pub(crate) use self::watch::wait_aside;
pub use self::{
    call_lease::CallLease,
    cause::{DownCause, NotStarted, Unavailable},
    drain_report::DrainReport,
    health::{ResourceHealth, Status},
    lease::Lease,
    monitor::{Down, Monitor},
    need::{Hold, Need},
    provided::Provided,
    readiness::Readiness,
    restart::Restart,
    watch::{Watch, Watched},
};
use self::{holding::Holding, opener::Opener};
pub(crate) use self::{
    life::Life,
    news::{News, Tell, What, told_by},
    opening::start_all,
    order::{address, graph_of, in_order, with_needs},
};
use crate::hazard::Shared;

/// Something that handlers need and that may be gone: a database, a table, a connection.
///
/// A resource is a `static`. Whoever owns the value [provides](Resource::provide) it, and takes
/// it away by dropping what `provide` returned; or it has an [opener](Resource::with_opener), and
/// comes and comes back by itself. Whoever uses it takes a [`Lease`] for one call. Asking and
/// using are one step: while a lease is held the value stays, even if the resource is revoked or
/// crashes meanwhile.
///
/// ```
/// use gambeson::{Readiness, Resource, SkipReason};
///
/// static LEDGER: Resource<Vec<u32>> = Resource::new("ledger");
///
/// assert_eq!(LEDGER.lease().unwrap_err().reason(), SkipReason::Unavailable);
/// let provided = LEDGER.provide(vec![1, 2, 3]);
/// assert_eq!(LEDGER.lease().unwrap().len(), 3);
/// drop(provided);
/// assert_eq!(LEDGER.readiness(), Readiness::Revoked);
/// assert_eq!(LEDGER.lease().unwrap_err().reason(), SkipReason::ShuttingDown);
/// ```
pub struct Resource<T> {
    life: Life,
    opener: Option<Opener<T>>,
    needs: &'static [&'static dyn Need],
    restart: Restart,
    /// The value that is there. Changed while the life's lock is held, as is `current`.
    holding: ArcSwapOption<Holding<T>>,
    /// The same, for [`CallLease`]s.
    current: Shared<Holding<T>>,
    /// Values that are not there any more, of which leases may still be held. Its lock may be
    /// taken while the life's lock is held, and not the other way round.
    past: Mutex<Vec<Weak<Holding<T>>>>,
}

impl<T> Resource<T> {
    /// A resource of this name that nobody has provided yet. A telemetry that uses two of one name,
    /// made at different places, warns of it.
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        Resource {
            life: Life::new(name),
            opener: None,
            needs: &[],
            restart: Restart::new(),
            holding: ArcSwapOption::const_empty(),
            current: Shared::empty(),
            past: Mutex::new(Vec::new()),
        }
    }

    /// A resource that is opened when a telemetry starts whose handlers need it, or when
    /// [`ensure_started`](Resource::ensure_started) is called, and that is opened again by itself
    /// after it died, as its [`Restart`] policy says.
    ///
    /// The opener runs on a thread of its own, one at a time, inside the tokio runtime from which
    /// it was last asked for, if any; a revocation lets go of that runtime. Its error is told with
    /// the resource's [health](Resource::health); a panic in it is contained, and a failure like
    /// others. It may ask everything of its own resource but to wait for it: that is refused, as is
    /// a wait of openers for each other.
    ///
    /// ```
    /// use std::fs::File;
    /// use gambeson::{Resource, SkipReason};
    ///
    /// static SALES: Resource<File> = Resource::with_opener("sales", || File::open("no/such/file"));
    ///
    /// let error = SALES.ensure_started().unwrap_err();
    /// assert_eq!(error.reason(), SkipReason::StateUnavailable);
    /// SALES.revoke(std::time::Duration::ZERO); // or it would be tried again and again
    /// ```
    #[track_caller]
    pub const fn with_opener<E>(name: &'static str, opener: fn() -> Result<T, E>) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut resource = Resource::new(name);
        resource.opener = Some(Opener::of(opener));
        resource
    }

    /// The resources that its value is made of: they are opened before it and revoked after it,
    /// and when one of them goes down, so does this one, until they are all there again. Deaths of
    /// that kind are not counted among the restarts that its [policy](Resource::restart) allows.
    ///
    /// Who provides the value by hand may do so without them; it is then there until one of them
    /// goes.
    ///
    /// ```
    /// use gambeson::{Readiness, Resource, SkipReason};
    ///
    /// static STORE: Resource<&str> = Resource::new("store");
    /// static TABLE: Resource<&str> = Resource::new("table").needs(&[&STORE]);
    ///
    /// let _store = STORE.provide("a store");
    /// let _table = TABLE.provide("a table in it");
    /// STORE.crash(SkipReason::PeerDead);
    /// assert_eq!(TABLE.readiness(), Readiness::Failed);
    /// assert_eq!(TABLE.lease().unwrap_err().reason(), SkipReason::PeerDead);
    /// ```
    #[must_use]
    pub const fn needs(mut self, needs: &'static [&'static dyn Need]) -> Self {
        self.needs = needs;
        self
    }

    /// How it comes back after it died.
    #[must_use]
    pub const fn restart(mut self, policy: Restart) -> Self {
        self.restart = policy;
        self
    }

    /// How long it must be well after a failure until its [health](Resource::health) says so; 30
    /// seconds by default.
    #[must_use]
    pub const fn well_after(mut self, time: Duration) -> Self {
        self.life.well_after = time;
        self
    }

    /// The name by which reports and diagnostics speak of it.
    pub fn name(&self) -> &'static str {
        self.life.name
    }

    /// The right to use the value for one call.
    ///
    /// # Errors
    ///
    /// Of reason `unavailable` where nobody provided it, `shutting_down` after it was revoked, and
    /// of the reason of its death after it crashed.
    #[track_caller]
    pub fn lease(&self) -> Result<Lease<T>, Unavailable> {
        self.lease_or(Clone::clone)
    }

    /// The same, or what is made of the refusal.
    #[track_caller]
    pub(crate) fn lease_or<E>(&self, refused: impl Fn(&Unavailable) -> E) -> Result<Lease<T>, E> {
        loop {
            if let Some(holding) = &*self.holding.load()
                && let Some(lease) = Lease::on(holding, Location::caller())
            {
                return Ok(lease);
            }
            if let Some(refusal) = self.life.if_refused(&refused) {
                return Err(refusal);
            }
            // It has come, or was replaced, since the look at it.
        }
    }

    /// Whether it can be leased now. For a look; to use the value, [lease](Resource::lease) it.
    pub fn readiness(&self) -> Readiness {
        match self.life.readiness() {
            Readiness::Draining if !self.is_leased() => Readiness::Revoked,
            readiness => readiness,
        }
    }

    /// Whether it can be leased now.
    pub fn is_available(&self) -> bool {
        self.life.readiness().is_serving()
    }

    /// How it is, and what was wrong with it of late.
    pub fn health(&self) -> ResourceHealth {
        let health = self
            .life
            .read(|life| life.health(self.name(), self.life.well_after));
        ResourceHealth {
            readiness: self.readiness(),
            ..health
        }
    }

    /// Tells of each of its deaths from now on, and of the last one if it is down now.
    pub fn monitor(&self) -> Monitor {
        self.life.monitor()
    }
}

impl<T> fmt::Debug for Resource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource")
            .field("name", &self.name())
            .field("readiness", &self.readiness())
            .finish_non_exhaustive()
    }
}
