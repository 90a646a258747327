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

use std::{collections::BTreeSet, sync::LazyLock};

use crate::{libtest::Ran, scratch::Scratch};

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
const HANDS_OVER_CASES: &str = "ui";

/// How many examples the documentation has. One of them shows what does not compile.
const EXAMPLES: usize = 30;

/// The cases in `ui/fail` and in `ui/pass`.
const WRONG: [&str; 3] = [
    "async_instrument",
    "const_instrument",
    "unused_instrumented_fn",
];
const RIGHT: [&str; 1] = ["type_shadowing"];

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::write);

#[test]
fn the_peer_publishes_what_is_counted_here() {
    let tests = FILES.map(|(file, _)| file).into_iter();
    let tests: BTreeSet<&str> = tests.chain([HANDS_OVER_CASES]).collect();
    let published = |folder| SCRATCH.peer.files(folder);
    let counted = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    assert_eq!(published("tests"), counted(&Vec::from_iter(tests)));
    assert_eq!(published("tests/ui/fail"), counted(&WRONG));
    assert_eq!(published("tests/ui/pass"), counted(&RIGHT));
}

#[test]
fn every_test_of_the_peer_passes() {
    let mut report = String::new();
    for (file, count) in FILES {
        let ran = Ran::of(&nested::cargo(&SCRATCH, &["test", "--test", file]));
        report += &ran.shortfall(file, count);
    }
    assert!(report.is_empty(), "tests of the peer fail:\n{report}");
}

#[test]
fn every_example_of_the_peer_passes() {
    let ran = Ran::of(&nested::cargo(&SCRATCH, &["test", "-p", "suite", "--doc"]));
    let report = ran.shortfall("the documentation", EXAMPLES);
    assert!(report.is_empty(), "examples of the peer fail:\n{report}");
}

#[test]
fn every_case_of_the_peer_is_told_as_it_recorded() {
    let report = cases::differences(&SCRATCH, &WRONG, &RIGHT);
    assert!(report.is_empty(), "cases of the peer differ:\n{report}");
}
