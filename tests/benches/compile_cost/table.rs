//! What was measured, beside what is asked for.

use std::{collections::HashMap, fmt::Write as _};

use super::{
    Effort,
    cases::{Case, Returns},
    clock::Time,
    workshop::Build,
};

#[derive(Default)]
pub(crate) struct Costs {
    times: HashMap<(Case, Build), Vec<Time>>,
    texts: HashMap<Case, u64>,
}

/// A line of the table.
struct Figure {
    what: String,
    measured: Option<f64>,
    by_clock: Option<f64>,
    unit: &'static str,
    goal: Option<f64>,
}

impl Costs {
    pub(crate) fn add(&mut self, case: Case, build: Build, time: Time) {
        self.times.entry((case, build)).or_default().push(time);
    }

    pub(crate) fn set_text(&mut self, case: Case, text: Option<u64>) {
        self.texts.extend(text.map(|text| (case, text)));
    }

    pub(crate) fn table(&self, effort: &Effort) -> String {
        let Effort { functions, rounds } = effort;
        let mut table = format!(
            "{functions} functions a crate, medians of {rounds} rounds. `x` is times the work of \
             compiling the same functions plain, `B` is what a function adds to the machine code.\n\n"
        );
        for case in [Case::Plain(Returns::Nothing), Case::Plain(Returns::Result)] {
            let seconds = |build| self.work(case, build).unwrap_or_default();
            let (debug, release) = (seconds(Build::Debug), seconds(Build::Release));
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "- {}: {debug:.2} s of work in debug, {release:.2} s in release",
                name(case)
            );
        }
        table.push_str("\n| what | measured | by the clock | goal | |\n|---|---|---|---|---|\n");
        for returns in [Returns::Nothing, Returns::Result] {
            for figure in self.figures(returns, effort) {
                figure.write(&mut table);
            }
        }
        table
    }

    fn figures(&self, returns: Returns, effort: &Effort) -> Vec<Figure> {
        let (handlers, batch) = (Case::Handlers(returns), Case::Batch(returns));
        let naive = Case::Naive(returns);
        let mut figures = vec![
            self.over(handlers, Build::Check, None),
            self.over(handlers, Build::Debug, Some(5.0)),
            self.over(handlers, Build::Release, Some(4.2)),
            self.text(handlers, effort, Some(80.0)),
            self.over(batch, Build::Check, None),
            self.over(batch, Build::Debug, Some(3.6)),
            self.over(batch, Build::Release, Some(3.6)),
            self.text(batch, effort, None),
            self.over(naive, Build::Debug, None),
            self.over(naive, Build::Release, None),
            self.text(naive, effort, None),
            self.against_naive(returns, Build::Debug),
            self.against_naive(returns, Build::Release),
        ];
        if returns == Returns::Nothing {
            figures.extend([
                self.over(Case::InPlace, Build::Debug, None),
                self.over(Case::InPlace, Build::Release, None),
                self.text(Case::InPlace, effort, None),
            ]);
        }
        figures
    }

    fn over(&self, case: Case, build: Build, goal: Option<f64>) -> Figure {
        let plain = Case::Plain(case.returns());
        let ratio = |own: Option<f64>, plain: Option<f64>| Some(own? / plain?);
        Figure {
            what: format!("{}, {}", name(case), build_name(build)),
            measured: ratio(self.work(case, build), self.work(plain, build)),
            by_clock: ratio(self.clock(case, build), self.clock(plain, build)),
            unit: "x",
            goal,
        }
    }

    /// The added work, as a part of what the naive design adds.
    fn against_naive(&self, returns: Returns, build: Build) -> Figure {
        let added = |case| Some(self.work(case, build)? - self.work(Case::Plain(returns), build)?);
        let handlers = added(Case::Handlers(returns));
        let naive = added(Case::Naive(returns));
        Figure {
            what: format!(
                "{}, {}: what they add, to what the naive design adds",
                name(Case::Handlers(returns)),
                build_name(build)
            ),
            measured: handlers.zip(naive).map(|(own, naive)| own / naive),
            by_clock: None,
            unit: "x",
            goal: Some(0.55),
        }
    }

    fn text(&self, case: Case, effort: &Effort, goal: Option<f64>) -> Figure {
        let bytes = |case| self.texts.get(&case).copied().map(as_f64);
        let added = bytes(case).zip(bytes(Case::Plain(case.returns())));
        let functions = as_f64(effort.functions as u64);
        Figure {
            what: format!("{}, machine code", name(case)),
            measured: added.map(|(own, plain)| (own - plain) / functions),
            by_clock: None,
            unit: " B",
            goal,
        }
    }

    fn work(&self, case: Case, build: Build) -> Option<f64> {
        self.median(case, build, |time| time.work.as_secs_f64())
    }

    fn clock(&self, case: Case, build: Build) -> Option<f64> {
        self.median(case, build, |time| time.clock.as_secs_f64())
    }

    fn median(&self, case: Case, build: Build, part: fn(&Time) -> f64) -> Option<f64> {
        let times = self.times.get(&(case, build))?;
        let mut seconds: Vec<f64> = times.iter().map(part).collect();
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied()
    }
}

impl Figure {
    fn write(&self, table: &mut String) {
        let Figure {
            what,
            measured,
            by_clock,
            unit,
            goal,
        } = self;
        let told = |value: &f64| format!("{value:.2}{unit}");
        let figure = measured.as_ref().map_or("no `size` here".to_owned(), told);
        let clock = by_clock.as_ref().map(told).unwrap_or_default();
        let asked = goal.map(|goal| format!("<= {goal}{unit}"));
        let verdict = match measured.zip(*goal) {
            Some((measured, goal)) if measured <= goal => "ok",
            Some(_) => "SHORT",
            None => "",
        };
        let asked = asked.unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "| {what} | {figure} | {clock} | {asked} | {verdict} |"
        );
    }
}

fn name(case: Case) -> String {
    let kind = match case {
        Case::Plain(_) => "plain functions",
        Case::Handlers(_) => "handlers",
        Case::Batch(_) => "handlers of a `#[defensive_handlers]` module",
        Case::Naive(_) => "handlers of a naive design",
        Case::InPlace => "functions defended in place",
    };
    match case.returns() {
        Returns::Nothing => format!("{kind} that return nothing"),
        Returns::Result => format!("{kind} that return a `Result`"),
    }
}

fn build_name(build: Build) -> &'static str {
    match build {
        Build::Check => "check",
        Build::Debug => "debug",
        Build::Release => "release",
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of files are far below 2^52"
)]
fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}
