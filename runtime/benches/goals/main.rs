//! How fast it is, against the goals: a table of ratios, and what falls short.
//!
//! `cargo bench --bench goals` prints this table and that of the peers, in `tests`.
//! `-- --quick` shows that everything runs; `-- --goal 4` measures one goal. What is compared is
//! timed in turn in one process, so that ratios hold where absolute times do not.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "it prints a table; the counts it divides are far below 2^52"
)]

mod harness;
mod topics;
mod work;

use std::{env, error::Error, sync::atomic::AtomicU64};

use gambeson::Telemetry;

use self::{
    harness::{Figures, Mode, Options, Row, Table},
    topics::{
        alternatives, counters, detach, direct, emit, failures, fences, future, instructions, start,
    },
};

/// Goals, and what measures them.
type Topic<'a> = (&'a [u8], &'a dyn Fn() -> Vec<Row>);

fn main() -> Result<(), Box<dyn Error>> {
    let (options, mode) = Options::parse(env::args().skip(1));
    match mode {
        Mode::Table => println!("{}", table(&options)?),
        Mode::Probe(name) => print!("{}", probe(&name, &options)?.to_lines()),
        Mode::Calls(case, calls) => {
            let _telemetry = Telemetry::builder().start()?;
            let cases = instructions::cases();
            let case = cases.iter().find(|known| known.name() == case);
            case.ok_or("no such case")?.run(calls);
        }
    }
    Ok(())
}

/// What has a process of its own.
fn probe(name: &str, options: &Options) -> Result<Figures, Box<dyn Error>> {
    match name {
        failures::TIMES => Ok(failures::times(options)?),
        failures::ALLOCATIONS => Ok(failures::allocations()?),
        fences::PROBE => Ok(fences::figures(options)?),
        start::PROBE => start::figures(options),
        _ => Err("no such probe".into()),
    }
}

fn table(options: &Options) -> Result<Table, Box<dyn Error>> {
    let telemetry = Telemetry::builder().start()?;
    let _store = emit::STORE.provide(AtomicU64::new(0));
    let mut table = Table::default();
    if options.wants(&[1, 3, 4, 5]) {
        instructions::add_to(&mut table);
    }
    let topics: [Topic<'_>; 9] = [
        (&[3], &|| direct::rows(options)),
        (&[4, 5], &|| emit::rows(options)),
        (&[6], &|| fences::rows(options)),
        (&[7], &|| alternatives::rows(options)),
        (&[10], &|| future::rows(options)),
        (&[11, 12, 13], &|| failures::rows(options)),
        (&[14], &|| detach::rows(&telemetry, options)),
        (&[15], &|| counters::rows(options)),
        (&[20], &|| start::rows(options)),
    ];
    for (goals, rows) in topics {
        if options.wants(goals) {
            table.add(rows());
        }
    }
    Ok(table)
}
