//! Every row of the classification's tables, provoked by the real failure, through a handler.

mod errors;
mod panics;
mod places;
mod ractor_failures;
mod system;
mod thrown;
mod tokio_failures;
mod typed;

use std::sync::mpsc::{Receiver, Sender, channel};

use gambeson::{SkipReason, Telemetry};
use gambeson_tests::refused;

use self::places::Place;

/// What the tables are made of: a row is a string literal that a failure's text must contain.
const TABLE: &str = include_str!("../../../../runtime/src/classify/messages.rs");

/// A failure that a row of the table is for.
struct Panic {
    row: &'static str,
    reason: SkipReason,
    place: Place,
    provoke: fn(),
}

const fn panic(row: &'static str, reason: SkipReason, provoke: fn()) -> Panic {
    Panic {
        row,
        reason,
        place: Place::Here,
        provoke,
    }
}

impl Panic {
    const fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Provokes the panic inside a handler: its text has the row, and its reason is the row's.
    fn check(&self) {
        let &Panic {
            row,
            reason,
            place,
            provoke,
        } = self;
        place.run(move || {
            let skip = refused(&Telemetry::isolated(), move |_| provoke());
            let said = skip.panic().map(|panic| panic.message.clone());
            let said = said.unwrap_or_else(|| panic!("`{row}` did not panic: {skip}"));
            assert!(said.contains(row), "`{row}` is not what is said: {said}");
            assert_eq!(skip.reason(), reason, "{said}");
        });
    }
}

/// A sender whose receiver is gone.
fn unheard<T>() -> Sender<T> {
    channel().0
}

/// A receiver whose sender is gone.
fn hung_up() -> Receiver<()> {
    channel().1
}

/// The literals of a table of the source, by the name of its constant.
fn rows(table: &str) -> Vec<&'static str> {
    let from = TABLE
        .find(&format!("const {table}:"))
        .expect("the table is there");
    let table = &TABLE[from..];
    let table = &table[..table.find("];").expect("the table ends")];
    let mut rows = Vec::new();
    for line in table
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
    {
        let mut quoted = line.split('"');
        if let (Some(_), Some(row)) = (quoted.next(), quoted.next()) {
            rows.push(row);
        }
    }
    rows
}

#[test]
fn every_row_of_the_panics_has_its_failure() {
    let mut proven: Vec<&str> = panics::cases()
        .chain(system::cases())
        .chain(tokio_failures::cases())
        .chain(ractor_failures::cases())
        .map(|case| case.row)
        .collect();
    let mut rows = rows("PANICS");
    proven.sort_unstable();
    rows.sort_unstable();
    assert!(rows.len() > 50, "the table is read: {rows:?}");
    assert_eq!(proven, rows);
}

#[test]
fn every_row_of_the_errors_has_its_failure() {
    let proven = errors::ROWS.iter().chain(ractor_failures::ROWS);
    let mut proven: Vec<&str> = proven.map(|(row, ..)| *row).collect();
    let mut rows = [rows("ERRORS"), rows("WHOLE_ERRORS")].concat();
    proven.sort_unstable();
    rows.sort_unstable();
    assert_eq!(proven, rows);
}
