//! What the attributes cost to compile and how large their code is, beside the same functions left
//! plain.
//!
//! `cargo bench -p gambeson-benches --bench compile_cost`; `-- --quick` shows that it runs, and
//! `-- --only instrumented` measures one part: `handlers`, `instrumented` or `macros`. Crates of
//! some hundred functions are generated, and each is compiled alone, its dependencies being there
//! already. The cases of a round are interleaved, and the medians are compared. Ratios travel;
//! seconds do not.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

mod clock;
mod cold;
mod costs;
mod figure;
mod handlers;
mod instrumented;
mod options;
mod sizes;
mod subject;
mod workshop;

use std::{io, process::ExitCode};

use self::options::Options;

/// A part of the measurements: its name, and what makes its table.
type Part = (&'static str, fn(&Options) -> io::Result<String>);

const PARTS: [Part; 3] = [
    ("handlers", handlers::table),
    ("instrumented", instrumented::table),
    ("macros", cold::table),
];

fn main() -> ExitCode {
    if let Some(log) = std::env::var_os(clock::LOG) {
        return clock::time_rustc(log.as_ref());
    }
    let options = Options::parse(std::env::args().skip(1));
    let parts = PARTS.iter().filter(|(name, _)| options.wants(name));
    let mut printed = 0;
    for (name, table) in parts {
        match table(&options) {
            Ok(table) => println!("## {name}\n\n{table}"),
            Err(error) => {
                println!("compile_cost: {error}");
                return ExitCode::FAILURE;
            }
        }
        printed += 1;
    }
    if printed == 0 {
        let names = PARTS.map(|(name, _)| name).join(", ");
        println!("compile_cost: no such part; there are {names}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
