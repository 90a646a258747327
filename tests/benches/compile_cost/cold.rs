//! What the macros themselves cost to compile, from nothing, beside tracing's (goal 19).

use std::{fs, io, path::Path};

use super::{
    clock::Time,
    figure::{self, Figure, Unit},
    options::Options,
    workshop,
};

const ROUNDS: usize = 5;

/// A crate that needs nothing but a crate of macros.
struct Needing {
    name: &'static str,
    dependency: String,
    times: Vec<Time>,
}

impl Needing {
    fn new(name: &'static str, dependency: String) -> io::Result<Self> {
        let needing = Needing {
            name,
            dependency,
            times: Vec::new(),
        };
        let folder = workshop::folder().join(name);
        workshop::write_workspace(&folder, &needing.manifest())?;
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("src/lib.rs"), "")?;
        Ok(needing)
    }

    fn manifest(&self) -> String {
        let Needing {
            name, dependency, ..
        } = self;
        format!(
            "[package]
name = {name:?}
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
{dependency}

[workspace]
"
        )
    }

    /// Builds it and all that it needs.
    fn build(&mut self) -> io::Result<()> {
        let folder = workshop::folder().join(self.name);
        remove(&folder.join("target"))?;
        let mut cargo = workshop::cargo(&folder);
        cargo
            .args(["build", "--offline", "--quiet", "--target-dir", "target"])
            // A crate of the registry is never compiled incrementally.
            .env("CARGO_INCREMENTAL", "0");
        let (built, time) = Time::of(|| workshop::run(&mut cargo));
        self.times.push(time);
        built
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Builds both, in turn.
pub(crate) fn table(options: &Options) -> io::Result<String> {
    let macros = workshop::repository().join("macros");
    let macros = macros.to_string_lossy();
    let mut crates = [
        Needing::new(
            "needs_gambeson_macros",
            format!("gambeson-macros = {{ path = {macros:?} }}"),
        )?,
        Needing::new(
            "needs_tracing_attributes",
            "tracing-attributes = \"0.1\"".to_owned(),
        )?,
    ];
    for _ in 0..options.rounds(ROUNDS) {
        for needing in &mut crates {
            needing.build()?;
        }
        crates.reverse();
    }
    crates.sort_by_key(|needing| needing.name);
    let [ours, tracing] = &crates;
    let ratio = |part| {
        let (own, others) = (
            Time::median(&ours.times, part),
            Time::median(&tracing.times, part),
        );
        own.zip(others).map(|(own, others)| own / others)
    };
    let figure = Figure {
        what: "the macros from nothing, to tracing-attributes".to_owned(),
        measured: ratio(|time| time.work),
        by_clock: ratio(|time| time.clock),
        unit: Unit::Times,
        limit: Some(0.75),
    };
    let seconds = Time::median(&tracing.times, |time| time.work).unwrap_or_default();
    Ok(format!(
        "Each with all that it needs, medians of {} rounds; tracing-attributes takes {seconds:.2} s \
         of work.\n\n{}",
        options.rounds(ROUNDS),
        figure::table(&[figure])
    ))
}
