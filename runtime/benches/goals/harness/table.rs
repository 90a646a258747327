//! The table of goals, in Markdown.

use std::fmt;

/// One measured figure and its goal.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    goal: u8,
    what: String,
    measured: f64,
    unit: Unit,
    limit: Limit,
}

#[derive(Clone, Copy, Debug)]
enum Unit {
    Times,
    Count,
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Bytes,
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    /// The figure is for information.
    None,
    AtMost(f64),
    AtLeast(f64),
}

impl Row {
    /// A ratio.
    pub(crate) fn times(goal: u8, what: impl Into<String>, measured: f64) -> Self {
        Row::new(goal, what.into(), measured, Unit::Times)
    }

    /// A number of things.
    pub(crate) fn count(goal: u8, what: impl Into<String>, measured: f64) -> Self {
        Row::new(goal, what.into(), measured, Unit::Count)
    }

    /// A time, measured in nanoseconds.
    pub(crate) fn nanos(goal: u8, what: impl Into<String>, nanos: f64) -> Self {
        Row::new(goal, what.into(), nanos, Unit::Nanoseconds)
    }

    /// A time to be shown in microseconds, measured in nanoseconds.
    pub(crate) fn micros(goal: u8, what: impl Into<String>, nanos: f64) -> Self {
        Row::new(goal, what.into(), nanos / 1e3, Unit::Microseconds)
    }

    /// A time to be shown in milliseconds, measured in nanoseconds.
    pub(crate) fn millis(goal: u8, what: impl Into<String>, nanos: f64) -> Self {
        Row::new(goal, what.into(), nanos / 1e6, Unit::Milliseconds)
    }

    /// An amount of memory.
    pub(crate) fn bytes(goal: u8, what: impl Into<String>, measured: f64) -> Self {
        Row::new(goal, what.into(), measured, Unit::Bytes)
    }

    fn new(goal: u8, what: String, measured: f64, unit: Unit) -> Self {
        Row {
            goal,
            what,
            measured,
            unit,
            limit: Limit::None,
        }
    }

    /// The goal is this or less.
    pub(crate) fn at_most(mut self, limit: f64) -> Self {
        self.limit = Limit::AtMost(limit);
        self
    }

    /// The goal is this or more.
    pub(crate) fn at_least(mut self, limit: f64) -> Self {
        self.limit = Limit::AtLeast(limit);
        self
    }

    fn verdict(&self) -> &'static str {
        let reached = match self.limit {
            Limit::None => return "",
            _ if self.measured.is_nan() => return "not measured",
            Limit::AtMost(limit) => self.measured <= limit,
            Limit::AtLeast(limit) => self.measured >= limit,
        };
        if reached { "ok" } else { "SHORT" }
    }

    fn is_short(&self) -> bool {
        self.verdict() == "SHORT"
    }

    fn figure(&self, figure: f64) -> String {
        if figure.is_nan() {
            return "-".to_owned();
        }
        match self.unit {
            Unit::Times if figure >= 100.0 => format!("{figure:.0}x"),
            Unit::Times => format!("{figure:.2}x"),
            Unit::Count => format!("{figure:.0}"),
            Unit::Nanoseconds => format!("{figure:.2} ns"),
            Unit::Microseconds => format!("{figure:.2} us"),
            Unit::Milliseconds => format!("{figure:.3} ms"),
            Unit::Bytes => format!("{figure:.0} B"),
        }
    }

    fn limit(&self) -> String {
        match self.limit {
            Limit::None => String::new(),
            Limit::AtMost(limit) => format!("<= {}", self.figure(limit)),
            Limit::AtLeast(limit) => format!(">= {}", self.figure(limit)),
        }
    }
}

/// The rows of a run, and what else is to be said.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Table {
    /// Adds rows.
    pub(crate) fn add(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.rows.extend(rows);
    }

    /// Adds a sentence below the table.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| row.goal);
        let width = rows.iter().map(|row| row.what.len()).max().unwrap_or(4);
        writeln!(
            f,
            "|  # | {:width$} |   measured |        goal |       |",
            "what"
        )?;
        writeln!(
            f,
            "|---:|:{:-<width$}-|-----------:|------------:|:------|",
            ""
        )?;
        for row in &rows {
            writeln!(
                f,
                "| {:2} | {:width$} | {:>10} | {:>11} | {:5} |",
                row.goal,
                row.what,
                row.figure(row.measured),
                row.limit(),
                row.verdict(),
            )?;
        }
        writeln!(f)?;
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        let short: Vec<&&Row> = rows.iter().filter(|row| row.is_short()).collect();
        if short.is_empty() {
            return writeln!(f, "Nothing falls short.");
        }
        writeln!(f, "Falls short:")?;
        for row in short {
            let (measured, limit) = (row.figure(row.measured), row.limit());
            writeln!(f, "- goal {}: {}: {measured}, {limit}", row.goal, row.what)?;
        }
        Ok(())
    }
}
