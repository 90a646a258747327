//! What a run of tests says.

use std::{collections::BTreeMap, fmt::Write as _, process::Output};

/// How many lines of a panic's message are told.
const LINES_TOLD: usize = 3;

/// The verdict on each test, and the text around them.
pub(crate) struct Ran {
    succeeded: bool,
    passed: BTreeMap<String, bool>,
    stdout: String,
    stderr: String,
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        Ran {
            succeeded: output.status.success(),
            passed: stdout.lines().filter_map(verdict).collect(),
            stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Nothing if exactly `count` tests ran and all of them passed, and else what went wrong.
    pub(crate) fn shortfall(&self, file: &str, count: usize) -> String {
        let passed = self.passed.values().filter(|passed| **passed).count();
        if self.succeeded && passed == count && passed == self.passed.len() {
            return String::new();
        }
        let mut report = format!("{file}: {passed} of {count} pass\n");
        for (test, _) in self.passed.iter().filter(|(_, passed)| !**passed) {
            let _ = writeln!(report, "  {test}: {}", self.reason(test));
        }
        if self.passed.values().all(|passed| *passed) {
            for error in self.errors() {
                let _ = writeln!(report, "  {error}");
            }
        }
        report
    }

    /// The message of a test's panic, or the first error of an example that does not compile.
    fn reason(&self, test: &str) -> String {
        let heading = format!("---- {test} stdout ----\n");
        let said = self
            .stdout
            .split_once(&heading)
            .map_or("", |(_, rest)| rest);
        let said = said.split("\n---- ").next().unwrap_or_default();
        let Some((_, panic)) = said.split_once(" panicked at ") else {
            return errors(said).into_iter().next().unwrap_or_default();
        };
        let message = panic.lines().skip(1).map(str::trim);
        let message = message.filter(|line| !line.is_empty()).take(LINES_TOLD);
        message.collect::<Vec<_>>().join(" ")
    }

    /// Why there are no tests: they do not compile, or cargo gives up.
    fn errors(&self) -> Vec<String> {
        let errors = errors(&self.stderr);
        if errors.is_empty() {
            return vec![self.stderr.clone()];
        }
        errors
    }
}

/// `test name ... ok`; an example that is not to compile says so behind its name.
fn verdict(line: &str) -> Option<(String, bool)> {
    let (test, verdict) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let test = test.trim_end_matches(" - compile fail");
    Some((test.to_owned(), verdict == "ok"))
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
