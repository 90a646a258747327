//! What was measured, beside what is asked for.

use std::fmt;

/// A line of a table.
pub(crate) struct Figure {
    pub(crate) what: String,
    pub(crate) measured: Option<f64>,
    pub(crate) by_clock: Option<f64>,
    pub(crate) unit: Unit,
    pub(crate) limit: Option<f64>,
}

#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Times,
    Bytes,
}

impl Figure {
    /// The goal, if there is one, is this or less.
    pub(crate) fn at_most(mut self, limit: impl Into<Option<f64>>) -> Self {
        self.limit = limit.into();
        self
    }
}

impl Unit {
    fn told(self, figure: f64) -> String {
        match self {
            Unit::Times => format!("{figure:.2}x"),
            Unit::Bytes => format!("{figure:.1} B"),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |figure: Option<f64>| figure.map(|figure| self.unit.told(figure));
        let what = &self.what;
        let measured = told(self.measured).unwrap_or_else(|| "not measured".to_owned());
        let clock = told(self.by_clock).unwrap_or_default();
        let limit = told(self.limit).map_or_else(String::new, |limit| format!("<= {limit}"));
        let verdict = match self.measured.zip(self.limit) {
            Some((measured, limit)) if measured <= limit => "ok",
            Some(_) => "SHORT",
            None => "",
        };
        writeln!(f, "| {what} | {measured} | {clock} | {limit} | {verdict} |")
    }
}

/// The table of some figures.
pub(crate) fn table(figures: &[Figure]) -> String {
    let head = "| what | measured | by the clock | goal | |\n|---|---|---|---|---|\n";
    let lines = figures.iter().map(Figure::to_string);
    lines.fold(head.to_owned(), |table, line| table + &line)
}
