//! How a resource has been of late.

use std::{
    fmt,
    time::{Duration, Instant, SystemTime},
};

use serde::Serialize;

use super::{DownCause, Readiness};

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Nothing is wrong with it.
    Well,
    /// It works, but it did not until lately, or something is wrong with it.
    Degraded,
    /// It does not work.
    Down,
}

/// How a resource is: degraded after every failure, until it has been well for as long as
/// [`Resource::well_after`](crate::Resource::well_after) says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ResourceHealth {
    /// The resource's name.
    pub resource: &'static str,
    /// Its state of this moment.
    pub readiness: Readiness,
    /// How well it is.
    pub status: Status,
    /// What is, or was until lately, wrong with it.
    pub cause: Option<String>,
    /// Since when; a recovery that did not last does not set it anew.
    pub since: Option<SystemTime>,
    /// Whether it died so often that it does not come back by itself.
    pub is_given_up: bool,
}

/// What is wrong, or was until lately.
#[derive(Clone, Debug)]
pub(super) struct Illness {
    pub(super) cause: DownCause,
    pub(super) since: SystemTime,
    /// Since when it has been well again.
    well_since: Option<Instant>,
    is_given_up: bool,
}

impl Illness {
    pub(super) fn new(cause: DownCause) -> Self {
        Illness {
            cause,
            since: SystemTime::now(),
            well_since: None,
            is_given_up: false,
        }
    }

    /// It is ill again, or still.
    pub(super) fn goes_on(&mut self, cause: DownCause) {
        self.cause = cause;
        self.well_since = None;
        self.is_given_up = false;
    }

    /// Nothing is done about it any more.
    pub(super) fn give_up(&mut self) {
        self.is_given_up = true;
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up
    }

    pub(super) fn seems_over(&mut self, now: Instant) {
        self.well_since.get_or_insert(now);
        self.is_given_up = false;
    }

    /// Whether it has been well for so long that this is forgotten.
    pub(super) fn is_over(&self, now: Instant, well_after: Duration) -> bool {
        self.well_since
            .is_some_and(|since| now.saturating_duration_since(since) >= well_after)
    }
}

impl Status {
    /// In small letters.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Well => "well",
            Status::Degraded => "degraded",
            Status::Down => "down",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for ResourceHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "resource {} is {}", self.resource, self.status)?;
        match &self.cause {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_illness_is_over_once_it_has_been_well_for_long_enough() {
        let (begin, second) = (Instant::now(), Duration::from_secs(1));
        let mut illness = Illness::new(DownCause::from("cold"));
        assert!(
            !illness.is_over(begin + 9 * second, second),
            "it never was well"
        );
        illness.seems_over(begin);
        illness.seems_over(begin + second);
        assert!(!illness.is_over(begin + second / 2, second));
        assert!(
            illness.is_over(begin + second, second),
            "from the first moment"
        );
        let since = illness.since;
        illness.goes_on(DownCause::from("colder"));
        assert!(!illness.is_over(begin + 9 * second, second));
        assert_eq!((illness.cause.text(), illness.since), ("colder", since));
    }
}
