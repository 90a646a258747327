//! The reconciliation: what the customers saw, what the stores hold and what telemetry counted
//! are three accounts of one run, and they have to agree to the last event.

mod books;
#[cfg(test)]
mod tests;

use std::{fmt, ops::RangeInclusive};

use self::books::Counts;
pub(crate) use self::books::{Books, BooksError};
use crate::faults::KILLS;

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
        // The warehouse is asked by one at a time: each kill takes one answer at most.
        let reserved = handled("reserve_stock");
        verdict.checks.push(Check {
            what: "orders in the stock = handled, and one that a kill took".to_owned(),
            found: self.stock_reserved,
            expected: reserved..=reserved + KILLS,
        });
        // Whether a mail that timed out was taken, only the post office knows.
        let mails = self.counts("send_receipt");
        verdict.checks.push(Check {
            what: "mails taken = handled, and some that timed out".to_owned(),
            found: self.mails_taken,
            expected: mails.handled..=mails.handled + mails.timed_out,
        });
    }
}

impl Verdict {
    /// Whether everything agrees.
    pub(crate) fn is_clean(&self) -> bool {
        self.complaints.is_empty() && self.checks.iter().all(Check::agrees)
    }

    /// The verdict for whoever reads one line.
    pub(crate) fn in_a_word(&self) -> &'static str {
        if self.is_clean() {
            "every request got its right answer, and every sum agrees"
        } else {
            "NOT every request got its right answer, or a sum disagrees: see WRONG above"
        }
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
