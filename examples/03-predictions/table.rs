//! How the metrics and the notes are shown.

use std::fmt;

use crate::{
    metrics::{Series, Snapshot},
    replay::Note,
};

/// So many notes of a kind are shown.
const SHOWN: usize = 40;

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

/// Notes under a title, one a line; of many, the first.
#[derive(Debug)]
pub(crate) struct Notes<'a>(pub(crate) &'a str, pub(crate) &'a [Note]);

impl fmt::Display for Notes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Notes(title, notes) = self;
        writeln!(f, "{title}: {}", notes.len())?;
        for note in notes.iter().take(SHOWN) {
            writeln!(f, "  {note}")?;
        }
        if notes.len() > SHOWN {
            writeln!(f, "  and {} more", notes.len() - SHOWN)?;
        }
        Ok(())
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
