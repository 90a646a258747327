//! How the revocation of a resource went.

use std::fmt;

use serde::Serialize;

/// How the revocation of a resource went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DrainReport {
    /// The resource.
    pub resource: &'static str,
    /// Leases that were still held at the deadline, of this resource and of those that need it;
    /// 0 says that nobody uses the value any more.
    pub outstanding: usize,
    /// Who holds them: threads by name or number, with the place in the source where that is
    /// known, and the resource if it is one that needs this one.
    pub holders: Vec<String>,
}

impl DrainReport {
    /// Whether nobody uses the value any more.
    pub fn is_complete(&self) -> bool {
        self.outstanding == 0
    }

    pub(super) fn none(resource: &'static str) -> Self {
        DrainReport {
            resource,
            outstanding: 0,
            holders: Vec::new(),
        }
    }

    /// Adds what another wait found, by the name of its resource where that is another.
    pub(super) fn add(&mut self, other: DrainReport) {
        self.outstanding += other.outstanding;
        let resource = other.resource;
        let is_other = resource != self.resource;
        self.holders.extend(other.holders.into_iter().map(|holder| {
            if is_other {
                format!("{resource}: {holder}")
            } else {
                holder
            }
        }));
    }
}

impl fmt::Display for DrainReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DrainReport {
            resource,
            outstanding,
            holders,
        } = self;
        match outstanding {
            0 => write!(f, "nobody holds resource `{resource}`"),
            1 => write!(f, "1 lease of resource `{resource}` is still held"),
            count => write!(f, "{count} leases of resource `{resource}` are still held"),
        }?;
        if !holders.is_empty() {
            write!(f, " by {}", holders.join(", "))?;
        }
        Ok(())
    }
}
