//! Measurements in a process of their own: what has another config, another environment or
//! another panic hook than the process's.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    process::{Command, Stdio},
};

use super::Options;

/// What starts the line of a figure.
const MARK: &str = "figure";

/// What a probe measured, by name.
#[derive(Debug, Default)]
pub(crate) struct Figures(BTreeMap<String, f64>);

impl Figures {
    /// Adds a figure.
    pub(crate) fn set(&mut self, name: &str, figure: f64) {
        self.0.insert(name.to_owned(), figure);
    }

    /// A figure; NaN if the probe has not measured it.
    pub(crate) fn get(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or(f64::NAN)
    }

    /// The lines by which a child tells its parent.
    pub(crate) fn to_lines(&self) -> String {
        let mut lines = String::new();
        for (name, figure) in &self.0 {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{MARK}\t{name}\t{figure}");
        }
        lines
    }

    fn of_lines(text: &str) -> Self {
        let figures = text.lines().filter_map(|line| {
            let mut parts = line.split('\t');
            let (mark, name, figure) = (parts.next()?, parts.next()?, parts.next()?);
            (mark == MARK).then_some((name.to_owned(), figure.parse().ok()?))
        });
        Figures(figures.collect())
    }
}

/// A part of the measurements that this same program makes as a child.
pub(crate) struct Probe {
    command: Option<Command>,
}

impl Probe {
    /// The probe of this name. Its stderr is thrown away: that is where panics are told.
    pub(crate) fn new(name: &str, options: &Options) -> Self {
        let command = env::current_exe().ok().map(|program| {
            let mut command = Command::new(program);
            command.args(["--probe", name]);
            command.args(options.quick.then_some("--quick"));
            command.env_remove("RUST_BACKTRACE").stderr(Stdio::null());
            command
        });
        Probe { command }
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        if let Some(command) = &mut self.command {
            command.env(name, value);
        }
        self
    }

    /// Runs it to its end. Figures are missing if it could not.
    pub(crate) fn figures(mut self) -> Figures {
        let output = self
            .command
            .as_mut()
            .and_then(|command| command.output().ok());
        output
            .filter(|output| output.status.success())
            .map(|output| Figures::of_lines(&String::from_utf8_lossy(&output.stdout)))
            .unwrap_or_default()
    }
}
