//! What the compiler says of a case, and what the peer recorded of it: errors, by code and line.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    process::Output,
};

use serde_json::Value;

use crate::{
    nested,
    scratch::{Scratch, read},
};

/// An error. The code is of the compiler's own errors: a lint and a macro have none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    line: usize,
    code: Option<String>,
}

/// The cases in which the compiler tells something else than the peer recorded.
pub(crate) fn differences(scratch: &Scratch, wrong: &[&str], right: &[&str]) -> String {
    let check = [
        "check",
        "-p",
        "cases",
        "--keep-going",
        "--message-format=json",
    ];
    let told = told(&nested::cargo(scratch, &check));
    let recorded = wrong.iter().map(|case| (case, recorded(scratch, case)));
    let recorded = recorded.chain(right.iter().map(|case| (case, BTreeSet::new())));
    let mut report = String::new();
    for (case, recorded) in recorded {
        let source = read(&scratch.case(case));
        let told = told.get(*case).cloned().unwrap_or_default();
        let (recorded, told) = (at_heads(recorded, &source), at_heads(told, &source));
        if told != recorded {
            let _ = writeln!(report, "{case}:");
            let _ = writeln!(
                report,
                "  only recorded: {}",
                listed(recorded.difference(&told))
            );
            let _ = writeln!(
                report,
                "  only told:     {}",
                listed(told.difference(&recorded))
            );
        }
    }
    report
}

fn listed<'a>(told: impl Iterator<Item = &'a Told>) -> String {
    let places = told.map(|Told { line, code }| {
        let code = code.as_deref().unwrap_or("an error");
        format!("{code} in line {line}")
    });
    places.collect::<Vec<_>>().join(", ")
}

/// The errors of each case, from what cargo writes in JSON.
fn told(output: &Output) -> BTreeMap<String, BTreeSet<Told>> {
    let mut cases: BTreeMap<String, BTreeSet<Told>> = BTreeMap::new();
    let mut checked = false;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let line: Value = serde_json::from_str(line).expect("what cargo writes is JSON");
        checked |= line["reason"] == "build-finished";
        let (message, case) = (&line["message"], line["target"]["name"].as_str());
        if let (true, Some(case)) = (message["level"] == "error", case) {
            let told = cases.entry(case.to_owned()).or_default();
            told.extend(place(message));
        }
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(checked, "the cases are not checked:\n{stderr}");
    cases
}

/// Where an error is told. The closing summary has no place.
fn place(message: &Value) -> Option<Told> {
    let spans = message["spans"].as_array()?;
    let primary = spans.iter().find(|span| span["is_primary"] == true)?;
    let line = usize::try_from(primary["line_start"].as_u64()?).ok()?;
    let code = message["code"]["code"].as_str();
    let code = code.filter(|code| code.starts_with('E')).map(str::to_owned);
    Some(Told { line, code })
}

/// The errors that the peer recorded: `error[E0308]: ..`, and below it `--> file:5:5`.
fn recorded(scratch: &Scratch, case: &str) -> BTreeSet<Told> {
    let stderr = read(&scratch.peer.path(&format!("tests/ui/fail/{case}.stderr")));
    let mut lines = stderr.lines();
    let mut recorded = BTreeSet::new();
    while let Some(line) = lines.next() {
        let Some(error) = line.strip_prefix("error") else {
            continue;
        };
        let code = error
            .strip_prefix('[')
            .and_then(|code| code.split_once(']'));
        let place = lines.next().and_then(|place| place.rsplit(':').nth(1));
        let line = place.and_then(|line| line.parse().ok());
        recorded.insert(Told {
            line: line.expect("an error has a place"),
            code: code.map(|(code, _)| code.to_owned()),
        });
    }
    recorded
}

/// At the attribute or at the head of its item: that is one place, and the head says more.
fn at_heads(told: BTreeSet<Told>, source: &str) -> BTreeSet<Told> {
    let is_attribute = |line: usize| {
        let line = source.lines().nth(line.saturating_sub(1));
        line.is_some_and(|line| line.starts_with("#[gambeson::"))
    };
    told.into_iter()
        .map(|Told { line, code }| Told {
            line: line + usize::from(is_attribute(line)),
            code,
        })
        .collect()
}
