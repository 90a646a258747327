//! How the metrics and the notes are shown.

use std::fmt;

use crate::{
    metrics::{Series, Snapshot},
    replay::Notes,
};

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:40} {:>12}", "counter", "value")?;
        for (series, value) in &self.counters {
            writeln!(f, "{:40} {:>12}", name(*series), Rounded(*value))?;
        }
        writeln!(f, "\n{:40} {:>12}", "gauge", "value")?;
        for (series, value) in &self.gauges {
            writeln!(f, "{:40} {:>12}", name(*series), Rounded(*value))?;
        }
        let columns = ["count", "mean", "p50 <=", "p95 <="];
        write!(f, "\n{:40}", "histogram")?;
        columns
            .iter()
            .try_for_each(|column| write!(f, " {column:>12}"))?;
        writeln!(f)?;
        for (series, histogram) in &self.histograms {
            write!(f, "{:40} {:>12}", name(*series), histogram.count())?;
            let numbers = [
                histogram.mean(),
                histogram.percentile(50),
                histogram.percentile(95),
            ];
            for number in numbers.into_iter().flatten() {
                write!(f, " {:>12}", Rounded(number))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// `metric{label}`, or the metric alone where it has no label.
pub(crate) fn name((metric, label): Series) -> String {
    if label.is_empty() {
        metric.to_owned()
    } else {
        format!("{metric}{{{label}}}")
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.total)?;
        for note in &self.first {
            writeln!(f, "  {note}")?;
        }
        match self.total - self.first.len() {
            0 => Ok(()),
            more => writeln!(f, "  and {more} more"),
        }
    }
}

/// A number with four decimals at most.
struct Rounded(f64);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.4}", self.0);
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}
