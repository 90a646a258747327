//! What was asked for on the command line.

use std::time::Duration;

/// The options of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// Few and short rounds: shows that everything runs, not how fast.
    pub(crate) quick: bool,
    goals: Vec<u8>,
}

/// What this process is to do.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    /// Measure everything and print the table.
    Table,
    /// As a child: measure one thing and print its figures.
    Probe(String),
    /// As a child: make so many calls of a case, for others to count.
    Calls(String, u64),
}

impl Options {
    /// Reads the arguments. Those of `cargo bench` and unknown ones are passed over.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> (Self, Mode) {
        let (mut options, mut mode) = (Options::default(), Mode::Table);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--goal" => options
                    .goals
                    .extend(arguments.next().and_then(|goal| goal.parse::<u8>().ok())),
                "--probe" => mode = Mode::Probe(arguments.next().unwrap_or_default()),
                "--calls" => {
                    let case = arguments.next().unwrap_or_default();
                    let calls = arguments.next().and_then(|calls| calls.parse().ok());
                    mode = Mode::Calls(case, calls.unwrap_or(1));
                }
                _ => {}
            }
        }
        (options, mode)
    }

    /// Whether one of these goals was asked for; without `--goal`, all were.
    pub(crate) fn wants(&self, goals: &[u8]) -> bool {
        self.goals.is_empty() || self.goals.iter().any(|goal| goals.contains(goal))
    }

    /// How many rounds are measured.
    pub(crate) fn rounds(&self) -> usize {
        if self.quick { 11 } else { 301 }
    }

    /// How long a round times each case.
    pub(crate) fn batch(&self) -> Duration {
        Duration::from_micros(if self.quick { 20 } else { 100 })
    }

    /// `count` of something that takes long; a twentieth of it for a quick run.
    pub(crate) fn samples(&self, count: usize) -> usize {
        if self.quick {
            (count / 20).max(1)
        } else {
            count
        }
    }
}
