//! What a run of tests says.

use std::{collections::BTreeMap, fmt::Write as _, process::Output};

/// The verdict on each test, and the text around them.
pub(crate) struct Ran {
    verdicts: BTreeMap<String, bool>,
    stdout: String,
    stderr: String,
    succeeded: bool,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let verdicts = stdout.lines().filter_map(verdict).collect();
        Ran {
            verdicts,
            stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            succeeded: output.status.success(),
        }
    }

    /// Writes down what there is to say unless exactly the expected number of tests passed.
    pub(crate) fn explain(&self, file: &str, expected: usize, report: &mut String) {
        let passed = self.verdicts.values().filter(|passed| **passed).count();
        if self.succeeded && passed == expected && passed == self.verdicts.len() {
            return;
        }
        let _ = writeln!(report, "{file}: {passed} of {expected} pass");
        let failed = self.verdicts.iter().filter(|(_, passed)| !**passed);
        for (test, _) in failed {
            let _ = writeln!(report, "  {test}: {}", self.reason(test));
        }
        if self.verdicts.is_empty() {
            for error in self.errors() {
                let _ = writeln!(report, "  {error}");
            }
        }
    }

    /// The first line of the panic's message, or the compiler's first error.
    fn reason(&self, test: &str) -> String {
        let section = format!("---- {test} stdout ----");
        let said = self
            .stdout
            .split_once(&section)
            .map_or("", |(_, rest)| rest);
        let said = said.split("\n---- ").next().unwrap_or_default();
        if let Some((_, panic)) = said.split_once("panicked at ") {
            let lines = panic.lines().map(str::trim).filter(|line| !line.is_empty());
            return lines.take(6).collect::<Vec<_>>().join(" | ");
        }
        errors(said).into_iter().next().unwrap_or_default()
    }

    fn errors(&self) -> Vec<String> {
        let errors = errors(&self.stderr);
        if errors.is_empty() {
            let last = self.stderr.lines().rev().take(5);
            return last.map(str::to_owned).collect();
        }
        errors
    }
}

/// `test name ... ok`.
fn verdict(line: &str) -> Option<(String, bool)> {
    let (test, verdict) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let test = test.trim_end_matches(" - compile fail");
    Some((test.to_owned(), verdict.trim() == "ok"))
}

/// Each error of the compiler, with its place.
fn errors(said: &str) -> Vec<String> {
    let mut lines = said.lines().map(str::trim);
    let mut errors = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("error") {
            let place = lines.next().unwrap_or_default();
            errors.push(format!("{line} {place}"));
        }
    }
    errors
}
