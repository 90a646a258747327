//! What the compiler says of a case: the errors, by code and line.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Output,
};

use serde_json::Value;

/// An error. Of a lint and of a macro it has no code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) line: usize,
    pub(crate) code: Option<String>,
}

/// The errors of each case, from what cargo writes in JSON.
pub(crate) fn told(output: &Output) -> BTreeMap<String, BTreeSet<Told>> {
    let mut cases: BTreeMap<String, BTreeSet<Told>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let line: Value = serde_json::from_str(line).expect("what cargo writes is JSON");
        let (message, case) = (&line["message"], line["target"]["name"].as_str());
        if let (true, Some(case)) = (message["level"] == "error", case) {
            let told = cases.entry(case.to_owned()).or_default();
            told.extend(place(message));
        }
    }
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

/// The errors that the peer has recorded of a case: `error[E0308]: ..`, and below `--> file:5:5`.
pub(crate) fn recorded(stderr: &str) -> BTreeSet<Told> {
    let mut lines = stderr.lines();
    let mut recorded = BTreeSet::new();
    while let Some(line) = lines.next() {
        let Some(error) = line.strip_prefix("error") else {
            continue;
        };
        let code = error
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'));
        let place = lines.next().and_then(|line| line.rsplit(':').nth(1));
        let line = place.and_then(|line| line.parse().ok());
        recorded.insert(Told {
            line: line.expect("an error has a place"),
            code: code.map(|(code, _)| code.to_owned()),
        });
    }
    recorded
}
