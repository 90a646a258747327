//! Who comes from `#[tracing::instrument]` changes an import, and everything else stays as it was.
//!
//! So the tests, the examples of the documentation and the UI cases that `tracing-attributes`
//! publishes run here, with nothing replaced but the path of the attribute. They are read from
//! cargo's registry, and none of them is in this repository.

mod cases;
mod libtest;
mod nested;
mod peer;
mod scratch;

use std::{collections::BTreeSet, fmt::Write as _, fs, sync::LazyLock};

use crate::{cases::Told, libtest::Ran, scratch::Scratch};

/// Every file of tests, and how many are in it. `dead_code` only has to compile, under the lints
/// that it denies.
const FILES: [(&str, usize); 12] = [
    ("async_fn", 8),
    ("dead_code", 0),
    ("destructuring", 6),
    ("err", 12),
    ("fields", 14),
    ("follows_from", 3),
    ("instrument", 10),
    ("levels", 3),
    ("names", 3),
    ("parents", 2),
    ("ret", 11),
    ("targets", 2),
];

/// The file that hands the cases in `ui` to trybuild. They are judged here instead.
const RUNS_THE_CASES: &str = "ui";

/// How many examples the documentation has.
const EXAMPLES: usize = 30;

/// The cases of `ui`, and whether they compile.
const CASES: [(&str, bool); 4] = [
    ("async_instrument", false),
    ("const_instrument", false),
    ("type_shadowing", true),
    ("unused_instrumented_fn", false),
];

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::write);

#[test]
fn every_test_of_the_peer_passes() {
    let published = SCRATCH.peer.files("tests");
    let known = FILES.iter().map(|(file, _)| (*file).to_owned());
    let known: BTreeSet<String> = known.chain([RUNS_THE_CASES.to_owned()]).collect();
    assert_eq!(published, known, "the peer has other files of tests");

    let mut report = String::new();
    for (file, expected) in FILES {
        let ran = Ran::of(nested::cargo(&SCRATCH, &["test", "--test", file]));
        ran.explain(file, expected, &mut report);
    }
    assert!(report.is_empty(), "tests of the peer fail:\n{report}");
}

#[test]
fn every_example_of_the_peer_passes() {
    let mut report = String::new();
    let ran = Ran::of(nested::cargo(&SCRATCH, &["test", "--doc"]));
    ran.explain("the documentation", EXAMPLES, &mut report);
    assert!(report.is_empty(), "examples of the peer fail:\n{report}");
}

#[test]
fn every_case_of_the_peer_is_told_at_its_place() {
    let (fail, pass) = (
        SCRATCH.peer.files("tests/ui/fail"),
        SCRATCH.peer.files("tests/ui/pass"),
    );
    let known = CASES.map(|(case, compiles)| (case.to_owned(), compiles));
    let published = fail.into_iter().map(|case| (case, false));
    let published: BTreeSet<_> = published
        .chain(pass.into_iter().map(|case| (case, true)))
        .collect();
    assert_eq!(published, known.into(), "the peer has other cases");

    let told = cases::told(&nested::cargo(
        &SCRATCH,
        &[
            "check",
            "-p",
            "cases",
            "--keep-going",
            "--message-format=json",
        ],
    ));
    let mut report = String::new();
    for (case, compiles) in CASES {
        let expected = if compiles {
            BTreeSet::new()
        } else {
            let recorded = SCRATCH.peer.path(&format!("tests/ui/fail/{case}.stderr"));
            cases::recorded(&fs::read_to_string(recorded).expect("the peer records what is told"))
        };
        let source = fs::read_to_string(SCRATCH.case(case)).expect("the case was written");
        let told = told.get(case).cloned().unwrap_or_default();
        let (told, expected) = (at_items(told, &source), at_items(expected, &source));
        if told != expected {
            let _ = writeln!(
                report,
                "{case}:\n  expected {expected:?}\n  told     {told:?}"
            );
        }
    }
    assert!(report.is_empty(), "cases of the peer differ:\n{report}");
}

/// An error at the attribute is as good as one at the head of its item: it is the same place, and
/// the head says more.
fn at_items(told: BTreeSet<Told>, source: &str) -> BTreeSet<Told> {
    let lines: Vec<&str> = source.lines().collect();
    told.into_iter()
        .map(|told| match lines.get(told.line.wrapping_sub(1)) {
            Some(line) if line.starts_with("#[gambeson::") => Told {
                line: told.line + 1,
                ..told
            },
            _ => told,
        })
        .collect()
}
