//! Instruction counts (goals 1, 3, 4 and 5): exact, whatever else the machine does.

use std::hint::black_box;

use super::emit;
use crate::{
    harness::{self, Case, Row, Table, instructions::Count},
    work,
};

const LOOP: &str = "loop";
const UNOBSERVED: &str = "unobserved";
const BARE: &str = "bare";
const DEFENDED: &str = "defended";
const ONE: &str = "one";
const NINE: &str = "nine";

/// The cases that can be counted.
pub(crate) fn cases() -> [Case; 6] {
    [
        Case::new(LOOP, || black_box(())),
        Case::new(UNOBSERVED, work::unobserved),
        Case::new(BARE, work::bare),
        Case::new(DEFENDED, work::defended),
        Case::new(ONE, work::to_one),
        Case::new(NINE, emit::to_nine),
    ]
}

/// Counts them, or notes why not.
pub(crate) fn add_to(table: &mut Table) {
    match rows() {
        Ok(rows) => table.add(rows),
        Err(reason) => table.note(reason),
    }
}

fn rows() -> Result<Vec<Row>, String> {
    let [empty, unobserved, bare, defended, one, nine] =
        [LOOP, UNOBSERVED, BARE, DEFENDED, ONE, NINE].map(harness::count);
    let (empty, unobserved, bare) = (empty?, unobserved?, bare?);
    let (defended, one, nine) = (defended?, one?, nine?);
    let further = (nine.instructions - one.instructions) / emit::FURTHER;
    let over = |count: &Count, baseline: &Count| count.instructions - baseline.instructions;
    let mut rows = vec![
        Row::count(
            1,
            "instructions of an unobserved emit",
            over(&unobserved, &empty),
        )
        .at_most(3.0),
        Row::count(3, "instructions of a bare call", over(&bare, &empty)),
        Row::count(
            3,
            "instructions added by defending it",
            over(&defended, &bare),
        )
        .at_most(22.0),
        Row::count(
            4,
            "instructions added by emit to 1 handler",
            over(&one, &bare),
        )
        .at_most(66.0),
        Row::count(4, "instructions of each further handler", further),
    ];
    for (what, count) in [("a defended call", &defended), ("emit to 1 handler", &one)] {
        let locked = count.locked.as_ref();
        let locked = locked.map_or(f64::NAN, |locked| locked.len() as f64);
        rows.push(Row::count(5, format!("locked instructions of {what}"), locked).at_most(0.0));
    }
    Ok(rows)
}
