//! The reconciliation: what the customers saw, what the stores hold and what telemetry counted
//! are three accounts of one run, and they have to agree to the last event.

use std::{
    fmt, fs, io,
    ops::RangeInclusive,
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
    #[error("the audit log cannot be read: {0}")]
    Audit(#[from] io::Error),
}

/// What two accounts say of the same thing.
#[derive(Debug)]
struct Check {
    what: String,
    found: u64,
    expected: RangeInclusive<u64>,
}

/// Whether the accounts agree, and where not.
#[derive(Debug)]
pub(crate) struct Verdict {
    checks: Vec<Check>,
    complaints: Vec<String>,
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
            mails_taken: closed.mails_taken,
            handlers: closed.report.handlers.iter().map(Counts::of).collect(),
            attached,
            detached,
            stragglers,
            enabled,
        })
    }

    /// Compares the accounts.
    pub(crate) fn judge(&self) -> Verdict {
        let mut verdict = Verdict {
            checks: Vec::new(),
            complaints: self.wrong.clone(),
        };
        verdict.sums("requests without the right answer", self.failed, 0);
        verdict.sums("orders in the store = receipts", self.stored, self.placed);
        verdict.sums(
            "cents in the store = cents on receipts",
            self.stored_cents,
            self.spent_cents,
        );
        for counts in &self.handlers {
            self.judge_counts(counts, &mut verdict);
        }
        self.judge_traces(&mut verdict);
        let order: Vec<&String> = self.attached.iter().rev().collect();
        if !self.detached.iter().eq(order) {
            verdict.complaints.push(format!(
                "detached in the order {:?}, which is not the reverse of {:?}",
                self.detached, self.attached
            ));
        }
        verdict.sums("handlers still running at the deadline", self.stragglers, 0);
        if self.placed == 0 || self.answered == 0 {
            verdict.complaints.push("no order was placed".to_owned());
        }
        verdict
    }

    /// Each order makes a start and an end; each handler was given all that match its pattern.
    fn judge_counts(&self, counts: &Counts, verdict: &mut Verdict) {
        let name = &counts.name;
        let emitted = match name.as_str() {
            "audit_order" | "measure_order" => 2 * (self.placed + self.refused),
            _ => self.placed,
        };
        let emitted = if self.enabled { emitted } else { 0 };
        verdict.sums(format!("{name}: matched = events"), counts.matched, emitted);
        verdict.sums(
            format!("{name}: matched = handled + skips"),
            counts.matched,
            counts.handled + counts.skipped,
        );
    }

    /// What handlers left behind is what they handled, no more and no less.
    fn judge_traces(&self, verdict: &mut Verdict) {
        let handled = |name| self.counts(name).handled;
        let sales = handled("record_sale");
        verdict.sums("rows in the ledger = handled", self.ledger_rows, sales);
        verdict.sums(
            "rows in the ledger that are orders of that amount",
            self.ledger_rows_that_are_orders,
            sales,
        );
        let audited = handled("audit_order");
        verdict.sums(
            "lines in the audit log = handled",
            self.audit_lines,
            audited,
        );
        let measured = handled("measure_order");
        verdict.sums(
            "events in the metrics = handled",
            self.metrics_events,
            measured,
        );
        verdict.sums(
            "latencies in the metrics = half of the events",
            2 * self.metrics_timed,
            measured,
        );
        let checked = handled("check_for_fraud");
        verdict.sums("fraud checks = handled", self.fraud_checks, checked);
        // Whether a mail that timed out was taken, only the post office knows.
        let mails = self.counts("send_receipt");
        verdict.checks.push(Check {
            what: "mails taken = handled, and some that timed out".to_owned(),
            found: self.mails_taken,
            expected: mails.handled..=mails.handled + mails.timed_out,
        });
    }

    fn counts(&self, name: &str) -> Counts {
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

fn is_json(line: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
}

impl Verdict {
    /// Whether everything agrees.
    pub(crate) fn is_clean(&self) -> bool {
        self.complaints.is_empty() && self.checks.iter().all(Check::agrees)
    }

    /// Adds what went wrong outside the books.
    pub(crate) fn complain(&mut self, complaint: impl fmt::Display) {
        self.complaints.push(complaint.to_string());
    }

    fn sums(&mut self, what: impl Into<String>, found: u64, expected: u64) {
        self.checks.push(Check {
            what: what.into(),
            found,
            expected: expected..=expected,
        });
    }
}

impl Check {
    fn agrees(&self) -> bool {
        self.expected.contains(&self.found)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Check {
            what,
            found,
            expected,
        } = self;
        let word = if self.agrees() { "ok   " } else { "WRONG" };
        write!(f, "{word}  {what:52} {found:>8}")?;
        match (expected.start(), expected.end()) {
            (only, end) if only == end && self.agrees() => Ok(()),
            (only, end) if only == end => write!(f, ", not {only}"),
            (start, end) => write!(f, " of {start} to {end}"),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            writeln!(f, "{check}")?;
        }
        for complaint in &self.complaints {
            writeln!(f, "WRONG  {complaint}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(name: &str, matched: u64, handled: u64) -> Counts {
        Counts {
            name: name.to_owned(),
            matched,
            handled,
            skipped: matched - handled,
            timed_out: 0,
        }
    }

    /// Ten receipts and two refusals, with one skip of each handler.
    fn books() -> Books {
        let mut mail = counts("send_receipt", 10, 9);
        mail.timed_out = 1;
        let names = ["audit_order", "measure_order", "record_sale"];
        Books {
            placed: 10,
            refused: 2,
            spent_cents: 4_500,
            answered: 12,
            stored: 10,
            stored_cents: 4_500,
            ledger_rows: 9,
            ledger_rows_that_are_orders: 9,
            audit_lines: 23,
            metrics_events: 24,
            metrics_timed: 12,
            fraud_checks: 9,
            mails_taken: 10,
            handlers: vec![
                counts("audit_order", 24, 23),
                counts("measure_order", 24, 24),
                counts("record_sale", 10, 9),
                counts("check_for_fraud", 10, 9),
                mail,
            ],
            attached: names.map(str::to_owned).to_vec(),
            detached: names.map(str::to_owned).into_iter().rev().collect(),
            enabled: true,
            ..Books::default()
        }
    }

    #[test]
    fn books_that_agree_are_clean() {
        let verdict = books().judge();
        assert!(verdict.is_clean(), "{verdict}");
        assert_eq!(verdict.to_string().lines().count(), 21);
    }

    #[test]
    fn one_off_anywhere_is_told() {
        type Spoil = fn(&mut Books);
        let spoils: [(Spoil, &str); 13] = [
            (|books| books.failed += 1, "without the right answer"),
            (|books| books.stored += 1, "orders in the store"),
            (|books| books.stored_cents -= 1, "cents in the store"),
            (
                |books| books.ledger_rows -= 1,
                "rows in the ledger = handled",
            ),
            (
                |books| books.ledger_rows_that_are_orders -= 1,
                "that are orders",
            ),
            (|books| books.audit_lines += 1, "lines in the audit log"),
            (|books| books.metrics_events -= 1, "events in the metrics"),
            (|books| books.metrics_timed += 1, "latencies in the metrics"),
            (|books| books.fraud_checks += 1, "fraud checks"),
            (|books| books.mails_taken = 8, "mails taken"),
            (
                |books| books.handlers[2].skipped += 1,
                "record_sale: matched = handled",
            ),
            (|books| books.refused += 1, "audit_order: matched = events"),
            (|books| books.stragglers += 1, "still running"),
        ];
        for (spoil, what) in spoils {
            let mut books = books();
            spoil(&mut books);
            let verdict = books.judge();
            let told = verdict.to_string();
            let wrong: Vec<&str> = told
                .lines()
                .filter(|line| line.starts_with("WRONG"))
                .collect();
            assert!(!verdict.is_clean(), "{what}");
            assert!(
                wrong.iter().any(|line| line.contains(what)),
                "{what}: {told}"
            );
        }
    }

    #[test]
    fn wrong_answers_a_wrong_order_and_an_empty_run_are_told() {
        let mut wrong = books();
        wrong.wrong.push("customer 3: 500".to_owned());
        assert!(wrong.judge().to_string().contains("WRONG  customer 3: 500"));

        let mut order = books();
        order.detached.swap(0, 1);
        assert!(order.judge().to_string().contains("not the reverse"));

        assert!(!Books::default().judge().is_clean());
    }
}
