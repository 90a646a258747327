//! How a shutdown went.

use std::{fmt, time::Duration};

use serde::Serialize;

use super::part::{PartKind, ShutdownPart, Table, counted};

/// How a shutdown went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// The handlers in the order in which they were detached.
    pub detached: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
    /// How long it might have taken.
    pub deadline: Duration,
    /// The handlers that were still running when it ended.
    pub stragglers: Vec<Straggler>,
    /// The calls of instrumented functions that were still open when it ended, the oldest first.
    pub open_calls: Vec<ActiveSpan>,
    /// What was ended: handlers in the order of `detached`, functions that are defended in place,
    /// tasks, resources before what they need, and the telling of what was suppressed.
    pub parts: Vec<ShutdownPart>,
}

impl ShutdownReport {
    /// The part of this name, if there is one of this kind.
    pub fn part(&self, kind: PartKind, name: &str) -> Option<&ShutdownPart> {
        let mut parts = self.parts.iter();
        parts.find(|part| part.kind == kind && part.name == name)
    }

    /// Whether all came to its end: no call, lease or task is left, and no instrumented call open.
    pub fn is_complete(&self) -> bool {
        self.open_calls.is_empty() && self.parts.iter().all(|part| part.outstanding == 0)
    }

    /// What is left, in one line.
    pub(crate) fn left(&self) -> String {
        let left = self.parts.iter().filter(|part| part.outstanding > 0);
        let left = left.map(ShutdownPart::left);
        let open = self.open_calls.iter().map(|call| format!("call {call}"));
        left.chain(open).collect::<Vec<_>>().join("; ")
    }

    /// The resources that were still leased.
    fn held(&self) -> impl Iterator<Item = &ShutdownPart> {
        let is_held = |part: &&ShutdownPart| part.kind == PartKind::Resource;
        let parts = self.parts.iter().filter(is_held);
        parts.filter(|part| part.outstanding > 0)
    }
}

/// A call of an `#[instrumented]` function that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ActiveSpan {
    /// The function, by its module and name.
    pub name: String,
    /// How long ago it began, to within some 10 milliseconds.
    pub age: Duration,
}

/// A handler whose calls did not end in time. It is detached, and its calls are counted when
/// they end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Straggler {
    /// The handler.
    pub handler: String,
    /// How many of its calls were running or queued.
    pub in_flight: usize,
    /// The threads that were running them, by name or number. Calls that are queued, and those of async
    /// handlers that await something, are on none.
    pub threads: Vec<String>,
    /// How long it was waited for: so long they have been running at least. When a call begins
    /// nobody reads a clock.
    pub waited: Duration,
}

impl fmt::Display for ShutdownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "detached in {:.1?} of {:?}, in this order:",
            self.elapsed, self.deadline
        )?;
        for handler in &self.detached {
            writeln!(f, "  {handler}")?;
        }
        for straggler in &self.stragglers {
            writeln!(f, "still running: {straggler}")?;
        }
        for part in self.held() {
            writeln!(f, "still leased: {} ({})", part.name, part.amount())?;
        }
        for call in &self.open_calls {
            writeln!(f, "still open: {call}")?;
        }
        write!(f, "{}", Table(&self.parts))
    }
}

impl fmt::Display for Straggler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Straggler {
            handler,
            in_flight,
            threads,
            waited,
        } = self;
        let calls = counted(*in_flight, "call");
        write!(f, "{handler} ({calls} after {waited:.1?}")?;
        if !threads.is_empty() {
            write!(f, ", on {}", threads.join(", "))?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for ActiveSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ActiveSpan { name, age } = self;
        write!(f, "{name} (for {age:.1?})")
    }
}
