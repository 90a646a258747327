//! Resources: what handlers need, with a readiness, leased for each call, revoked in one step.

mod call_lease;
mod lease;
mod provided;
mod tenure;

use std::{
    fmt,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use serde::Serialize;

pub use self::{call_lease::CallLease, lease::Lease, provided::Provided};
use crate::{
    contain::Kept,
    gate::{Gate, OwnedPass},
    hazard::Shared,
    reason::SkipReason,
};

/// Something that handlers need and that may be gone: a database, a table, a connection.
///
/// A resource is a `static`. Whoever owns the value [provides](Resource::provide) it, and takes
/// it away by dropping what `provide` returned; whoever uses it takes a [`Lease`] for one call.
/// Asking and using are one step: while a lease is held the value stays.
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
    name: &'static str,
    slot: ArcSwapOption<Slot<T>>,
    /// The value for [`CallLease`]s: what `slot` has provided.
    current: Shared<Holding<T>>,
    /// Held while both are changed.
    changing: Mutex<()>,
}

/// What became of the value that was provided last.
enum Slot<T> {
    Provided(Arc<Holding<T>>),
    /// Kept by nobody but the leases that are still held.
    Revoked(Weak<Holding<T>>),
}

/// A provided value and the gate in front of it.
///
/// A mark on the holding is one on its gate, for both have the same address.
#[repr(C)]
pub(crate) struct Holding<T> {
    gate: Gate,
    /// Whoever holds it last drops it.
    value: Kept<T>,
}

impl<T> Holding<T> {
    fn value(&self) -> &T {
        match self.value.get() {
            Some(value) => value,
            None => unreachable!("the value is there until the holding is dropped"),
        }
    }
}

impl<T> AsRef<Gate> for Holding<T> {
    fn as_ref(&self) -> &Gate {
        &self.gate
    }
}

/// Whether a resource can be leased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Readiness {
    /// It was never provided.
    NotReady,
    /// It can be leased.
    Ready,
    /// It was revoked, and leases that were given before are still held.
    Draining,
    /// It was revoked, and nobody holds it.
    Revoked,
}

/// A resource cannot be leased.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("resource `{resource}` is {}", match self.reason {
    SkipReason::ShuttingDown => "shutting down",
    _ => "not available",
})]
pub struct Unavailable {
    resource: &'static str,
    reason: SkipReason,
}

/// How the revocation of a resource went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DrainReport {
    /// The resource.
    pub resource: &'static str,
    /// Leases that were still held at the deadline; 0 says that nobody uses the value any more.
    pub outstanding: usize,
    /// Who holds them.
    pub holders: Vec<String>,
}

/// What a handler can need, whatever the type of its value.
#[diagnostic::on_unimplemented(
    message = "a handler can only need resources, and `{Self}` is none",
    label = "not a `Resource<T>`",
    note = "write `static NAME: Resource<T> = Resource::new(\"name\")`, with a `T` that is `Send + Sync`"
)]
pub trait Need: Sync {
    /// The resource's name.
    fn name(&self) -> &'static str;
    /// Whether it can be leased.
    fn readiness(&self) -> Readiness;
    /// A lease of which only the holding matters.
    ///
    /// # Errors
    ///
    /// As [`Resource::lease`].
    fn hold(&self) -> Result<Hold, Unavailable>;
    /// As [`Resource::revoke`]. Called again, it goes on waiting.
    fn revoke(&self, deadline: Duration) -> DrainReport;
    /// The resources that it needs itself.
    fn needs(&self) -> &'static [&'static dyn Need];
}

/// A lease of a resource of any type: while it is held, the value stays.
pub struct Hold {
    _lease: Box<dyn Send>,
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hold")
    }
}

impl<T: Send + Sync + 'static> Resource<T> {
    /// Makes the value available until what this returns is dropped.
    ///
    /// A value that was provided before is replaced: new leases get the new one, and leases that
    /// are held keep theirs.
    #[must_use = "the resource is revoked when this is dropped"]
    pub fn provide(&'static self, value: T) -> Provided<T> {
        Provided::new(self, self.begin(value))
    }

    /// Refuses new leases and waits for those that are held, for `deadline` at most.
    ///
    /// Inside a handler's call this does not wait, since the call may hold the lease it would
    /// wait for.
    pub fn revoke(&self, deadline: Duration) -> DrainReport {
        let current = match self.slot.load().as_deref() {
            Some(Slot::Provided(holding)) => Some(Arc::clone(holding)),
            // Revoked before, but maybe not given back.
            Some(Slot::Revoked(holding)) => holding.upgrade(),
            None => None,
        };
        match current {
            Some(holding) => self.drain(&holding, deadline),
            None => DrainReport {
                resource: self.name,
                outstanding: 0,
                holders: Vec::new(),
            },
        }
    }
}

impl<T> Resource<T> {
    /// A resource of this name that nobody has provided yet.
    pub const fn new(name: &'static str) -> Self {
        Resource {
            name,
            slot: ArcSwapOption::const_empty(),
            current: Shared::empty(),
            changing: Mutex::new(()),
        }
    }

    /// The name by which reports and diagnostics speak of it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The right to use the value for one call.
    ///
    /// # Errors
    ///
    /// Of reason `unavailable` where nobody provided it, `shutting_down` after it was revoked.
    pub fn lease(&self) -> Result<Lease<T>, Unavailable> {
        loop {
            let slot = self.slot.load();
            let holding = match slot.as_deref() {
                None => return Err(self.unavailable(SkipReason::Unavailable)),
                Some(Slot::Revoked(_)) => return Err(self.unavailable(SkipReason::ShuttingDown)),
                Some(Slot::Provided(holding)) => holding,
            };
            if let Some(pass) = Gate::enter_owned(Arc::clone(holding)) {
                return Ok(Lease::new(pass));
            }
            if self.is_current(holding) {
                return Err(self.unavailable(SkipReason::ShuttingDown));
            }
            // The gate was closed because the value was replaced: take the new one.
        }
    }

    /// Whether it can be leased now. For a look; to use the value, [lease](Resource::lease) it.
    pub fn readiness(&self) -> Readiness {
        match self.slot.load().as_deref() {
            None => Readiness::NotReady,
            Some(Slot::Provided(holding)) if !holding.gate.is_closed() => Readiness::Ready,
            Some(Slot::Provided(_)) => Readiness::Draining,
            Some(Slot::Revoked(holding)) if is_leased(holding) => Readiness::Draining,
            Some(Slot::Revoked(_)) => Readiness::Revoked,
        }
    }

    /// Whether it can be leased now.
    pub fn is_available(&self) -> bool {
        self.readiness() == Readiness::Ready
    }

    fn is_current(&self, holding: &Arc<Holding<T>>) -> bool {
        match self.slot.load().as_deref() {
            Some(Slot::Provided(now)) => Arc::ptr_eq(now, holding),
            _ => true,
        }
    }

    fn unavailable(&self, reason: SkipReason) -> Unavailable {
        Unavailable {
            resource: self.name,
            reason,
        }
    }
}

/// The owner's end may still be there when no lease is.
fn is_leased<T>(holding: &Weak<Holding<T>>) -> bool {
    holding
        .upgrade()
        .is_some_and(|holding| holding.gate.inside() > 0)
}

impl<T: Send + Sync + 'static> Need for Resource<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn readiness(&self) -> Readiness {
        Resource::readiness(self)
    }

    fn hold(&self) -> Result<Hold, Unavailable> {
        self.lease().map(|lease| Hold {
            _lease: Box::new(lease),
        })
    }

    fn revoke(&self, deadline: Duration) -> DrainReport {
        Resource::revoke(self, deadline)
    }

    fn needs(&self) -> &'static [&'static dyn Need] {
        &[]
    }
}

impl<T> fmt::Debug for Resource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource")
            .field("name", &self.name)
            .field("readiness", &self.readiness())
            .finish_non_exhaustive()
    }
}

impl Unavailable {
    /// The resource's name.
    pub fn resource(&self) -> &'static str {
        self.resource
    }

    /// `unavailable` or `shutting_down`.
    pub fn reason(&self) -> SkipReason {
        self.reason
    }
}

type HeldPass<T> = OwnedPass<Holding<T>>;
