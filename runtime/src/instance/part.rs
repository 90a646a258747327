//! What a shutdown consists of, and how each part of it went.

use std::{fmt, time::Duration};

use serde::Serialize;

/// How one part of a shutdown went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ShutdownPart {
    /// What was ended.
    pub kind: PartKind,
    /// Its name.
    pub name: String,
    /// How long it might have taken: until the end of its stage's share of the deadline.
    pub share: Duration,
    /// How long it took from when it was closed; if something is left, how long it was waited for.
    pub took: Duration,
    /// How many calls, leases or tasks were left when the shutdown ended.
    pub outstanding: usize,
    /// Who had them: threads by name or number, or the places where leases were taken, so far as
    /// that is known.
    pub holders: Vec<String>,
}

/// What a part of a shutdown ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PartKind {
    /// The calls of a handler, running and queued.
    Handler,
    /// The tasks that were spawned on [`Telemetry::tasks`](crate::Telemetry).
    Tasks,
    /// The leases of a resource.
    Resource,
    /// Telling how many records were suppressed.
    Flush,
}

impl ShutdownPart {
    /// Whether it took longer than its share, or did not come to its end at all.
    pub fn overran(&self) -> bool {
        // What was suppressed is told in any case, however late it is.
        self.outstanding > 0 || self.took > self.share && self.kind != PartKind::Flush
    }

    /// How much is left of what.
    pub(super) fn amount(&self) -> String {
        let one = match self.kind {
            PartKind::Handler => "call",
            PartKind::Tasks => "task",
            PartKind::Resource => "lease",
            PartKind::Flush => "record",
        };
        counted(self.outstanding, one)
    }

    /// What is left of it, and by whose doing.
    pub(super) fn left(&self) -> String {
        let ShutdownPart {
            kind,
            name,
            holders,
            ..
        } = self;
        let by = if holders.is_empty() { "" } else { " by " };
        format!("{kind} {name}: {}{by}{}", self.amount(), holders.join(", "))
    }
}

impl PartKind {
    /// The kind in small letters.
    pub const fn name(self) -> &'static str {
        match self {
            PartKind::Handler => "handler",
            PartKind::Tasks => "tasks",
            PartKind::Resource => "resource",
            PartKind::Flush => "flush",
        }
    }
}

impl fmt::Display for PartKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Parts as rows of a table, which have their columns in common.
pub(super) struct Table<'a>(pub(super) &'a [ShutdownPart]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = self.0.iter().map(|part| part.name.len()).max();
        let width = widest.unwrap_or(0).max("part".len());
        writeln!(
            f,
            "{:width$}  kind          share       took   left",
            "part"
        )?;
        for part in self.0 {
            let (share, took) = (in_brief(part.share), in_brief(part.took));
            write!(f, "{:width$}  {:8}", part.name, part.kind)?;
            write!(f, " {share:>10} {took:>10}   {}", part.outstanding)?;
            if !part.holders.is_empty() {
                write!(f, " by {}", part.holders.join(", "))?;
            }
            let overran = if part.overran() { ", overran" } else { "" };
            writeln!(f, "{overran}")?;
        }
        Ok(())
    }
}

/// So many of what is named in the singular.
pub(super) fn counted(count: usize, one: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {one}{plural}")
}

fn in_brief(duration: Duration) -> String {
    format!("{duration:.1?}")
}
