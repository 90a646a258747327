//! What handlers cost to compile and how large they are, beside the same functions left plain.
//!
//! `cargo bench -p gambeson-benches --bench compile_cost`, or `-- --quick` to see that it runs.
//! Crates of a few hundred functions are generated, and each is compiled alone, its dependencies
//! being there already. The cases of a round are interleaved, and the medians are compared. Ratios
//! travel; seconds do not.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

mod cases;
mod clock;
mod table;
mod text;
mod workshop;

use std::{io, process::ExitCode};

use self::{cases::Case, workshop::Workshop};

/// How much is measured.
struct Effort {
    functions: usize,
    rounds: usize,
}

fn main() -> ExitCode {
    if let Some(log) = std::env::var_os(clock::LOG) {
        return clock::time_rustc(log.as_ref());
    }
    let quick = std::env::args().any(|argument| argument == "--quick");
    let effort = if quick {
        Effort {
            functions: 20,
            rounds: 1,
        }
    } else {
        Effort {
            functions: 400,
            rounds: 5,
        }
    };
    match measure(&effort) {
        Ok(table) => {
            println!("{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("compile_cost: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(effort: &Effort) -> io::Result<String> {
    let workshop = Workshop::new(effort.functions)?;
    let mut costs = table::Costs::default();
    for round in 0..effort.rounds {
        let turn = round % Case::ALL.len();
        let (first, second) = Case::ALL.split_at(turn);
        for &case in second.iter().chain(first) {
            for build in workshop::Build::ALL {
                costs.add(case, build, workshop.time(case, build)?);
            }
        }
    }
    for case in Case::ALL {
        costs.set_text(case, text::of(&workshop.release_of(case)?));
    }
    Ok(costs.table(effort))
}
