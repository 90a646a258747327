//! How fast it is beside its peers on equal work: the second half of the table of goals.
//!
//! `cargo bench --bench goals` prints both halves. Peers that want the whole process, such as
//! tracing's subscriber in one state, are measured in a process of their own.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "it prints a table; the counts it divides are far below 2^52"
)]

#[expect(dead_code, reason = "some of it is for the other half")]
#[path = "../../../runtime/benches/goals/harness/mod.rs"]
mod harness;
mod topics;
#[expect(dead_code, reason = "some of it is for the other half")]
#[path = "../../../runtime/benches/goals/work.rs"]
mod work;

use std::{env, error::Error};

use self::{
    harness::{Figures, Mode, Options, Row, Table},
    topics::{
        containment, disabled, events,
        instrumented::{off, on},
        recovery, registered,
    },
};

/// Goals, and what measures them.
type Topic = (&'static [u8], fn(&Options) -> Vec<Row>);

fn main() -> Result<(), Box<dyn Error>> {
    let (options, mode) = Options::parse(env::args().skip(1));
    match mode {
        Mode::Table => println!("{}", table(&options)),
        Mode::Probe(name) => print!("{}", probe(&name, &options)?.to_lines()),
        Mode::Calls(case, calls) => run(&case, calls)?,
    }
    Ok(())
}

/// Makes calls for callgrind.
fn run(case: &str, calls: u64) -> Result<(), Box<dyn Error>> {
    match off::counted(case) {
        Some(counted) => off::run(counted, calls),
        None => disabled::run(case, calls),
    }
}

/// What has a process of its own.
fn probe(name: &str, options: &Options) -> Result<Figures, Box<dyn Error>> {
    match name {
        events::PROBE => events::figures(options),
        containment::PROBE => Ok(containment::figures(options)?),
        registered::PROBE => Ok(registered::figures(options)?),
        on::TIMED => on::timed_figures(options),
        on::READ => on::read_figures(options),
        _ => match off::state_of(name) {
            Some(state) => off::figures(state, options),
            None => disabled::figures(name, options),
        },
    }
}

fn table(options: &Options) -> Table {
    let mut table = Table::default();
    let topics: [Topic; 7] = [
        (&[1], disabled::rows),
        (&[2], off::rows),
        (&[8], events::rows),
        (&[9, 10], on::rows),
        (&[10], containment::rows),
        (&[20], registered::rows),
        (&[21], recovery::rows),
    ];
    for (goals, rows) in topics {
        if options.wants(goals) {
            table.add(rows(options));
        }
    }
    if options.wants(&[1]) {
        disabled::count_into(&mut table);
    }
    if options.wants(&[2]) {
        off::count_into(&mut table);
    }
    table
}
