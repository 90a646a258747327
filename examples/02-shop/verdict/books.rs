//! The three accounts: what the customers saw, what the stores hold, what telemetry counted.

use std::{
    fs, io,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use gambeson::{HandlerReport, SkipReason};

use crate::{
    handlers::{
        fraud,
        ledger::{Ledger, LedgerError},
        metrics,
    },
    load::Seen,
    shop::Closed,
};

/// All accounts of one run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Books {
    /// Orders that customers have receipts for, those they were refused, and what they spent.
    pub(crate) placed: u64,
    pub(crate) refused: u64,
    pub(crate) spent_cents: u64,
    pub(crate) answered: u64,
    /// Requests without the right answer, and the first of them word for word.
    pub(crate) failed: u64,
    pub(crate) wrong: Vec<String>,
    /// Orders in the shop's own store, and their total.
    pub(crate) stored: u64,
    pub(crate) stored_cents: u64,
    /// What the handlers left behind.
    pub(crate) ledger_rows: u64,
    pub(crate) ledger_rows_that_are_orders: u64,
    pub(crate) audit_lines: u64,
    pub(crate) metrics_events: u64,
    pub(crate) metrics_timed: u64,
    pub(crate) fraud_checks: u64,
    pub(crate) stock_reserved: u64,
    pub(crate) mails_taken: u64,
    /// What telemetry counted.
    pub(crate) handlers: Vec<Counts>,
    pub(crate) attached: Vec<String>,
    pub(crate) detached: Vec<String>,
    pub(crate) stragglers: u64,
    /// Whether the configuration lets events through at all.
    pub(crate) enabled: bool,
}

/// One handler's counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// The function's name.
    pub(crate) name: String,
    pub(crate) matched: u64,
    pub(crate) handled: u64,
    pub(crate) skipped: u64,
    pub(crate) timed_out: u64,
}

/// The books cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BooksError {
    #[error("the order store cannot be read: {0}")]
    Orders(#[from] rusqlite::Error),
    #[error("the ledger cannot be read: {0}")]
    Ledger(#[from] LedgerError),
    #[error("the audit log or the stock cannot be read: {0}")]
    File(#[from] io::Error),
}

impl Books {
    /// Reads the stores of a shop that has closed.
    pub(crate) fn of(
        closed: &Closed,
        seen: &Seen,
        attached: Vec<String>,
        enabled: bool,
    ) -> Result<Self, BooksError> {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (stored, stored_cents) = closed.orders.takings()?;
        let ledger = Ledger::open(&closed.data.ledger())?;
        let audit = fs::read_to_string(closed.data.audit())?;
        let shutdown = closed.report.shutdown.clone();
        let (detached, stragglers) = shutdown.map_or_else(Default::default, |shutdown| {
            (shutdown.detached, shutdown.stragglers.len() as u64)
        });
        Ok(Books {
            placed: *seen.placed.borrow(),
            refused: get(&seen.refused),
            spent_cents: get(&seen.spent_cents),
            answered: get(&seen.answered),
            failed: get(&seen.failed),
            wrong: seen.wrong(),
            stored,
            stored_cents,
            ledger_rows: ledger.rows()?,
            ledger_rows_that_are_orders: ledger.rows_that_are_orders(&closed.data.orders())?,
            audit_lines: audit.lines().filter(|line| is_json(line)).count() as u64,
            metrics_events: metrics::ORDERS.events(),
            metrics_timed: metrics::ORDERS.timed(),
            fraud_checks: fraud::checked(),
            stock_reserved: lines_in(&closed.data.stock())?,
            mails_taken: closed.mails_taken,
            handlers: closed.report.handlers.iter().map(Counts::of).collect(),
            attached,
            detached,
            stragglers,
            enabled,
        })
    }

    /// One handler's counts; none where it is not attached.
    pub(super) fn counts(&self, name: &str) -> Counts {
        let found = self.handlers.iter().find(|counts| counts.name == name);
        found.cloned().unwrap_or_default()
    }
}

impl Counts {
    fn of(report: &HandlerReport) -> Self {
        let name = report.name.rsplit("::").next().unwrap_or(&report.name);
        Counts {
            name: name.to_owned(),
            matched: report.matched,
            handled: report.handled,
            skipped: report.skipped_in_all(),
            timed_out: report.skipped(SkipReason::TimedOut),
        }
    }
}

/// None where nobody ever wrote the file.
fn lines_in(file: &Path) -> io::Result<u64> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text.lines().count() as u64),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

fn is_json(line: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
}
