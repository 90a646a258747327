//! How long the compiler works on a crate, without cargo's own time.
//!
//! Cargo is given this program in place of the compiler, and this program runs the compiler.

use std::{
    env,
    ffi::OsStr,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

/// Names, for a program in place of the compiler, the file that it adds its times to.
pub(crate) const LOG: &str = "COMPILE_COST_LOG";

/// The time of one run of the compiler, or of cargo.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    /// Of all its threads and children, where the system tells; else what the clock says.
    pub(crate) work: Duration,
    pub(crate) clock: Duration,
}

impl Time {
    /// The time of what `run` starts and waits for.
    pub(crate) fn of<T>(run: impl FnOnce() -> T) -> (T, Self) {
        let before = work_of_children();
        let started = Instant::now();
        let value = run();
        let clock = started.elapsed();
        let work = work_of_children().zip(before);
        let work = work.map_or(clock, |(after, before)| after.saturating_sub(before));
        (value, Time { work, clock })
    }

    /// The median of a part of them, in seconds.
    pub(crate) fn median(times: &[Self], part: fn(&Time) -> Duration) -> Option<f64> {
        let mut times: Vec<Duration> = times.iter().map(part).collect();
        times.sort_unstable();
        times.get(times.len() / 2).map(Duration::as_secs_f64)
    }
}

/// Runs the compiler as the arguments say, and adds its time to the log.
pub(crate) fn time_rustc(log: &OsStr) -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let Some(rustc) = arguments.next() else {
        return ExitCode::FAILURE;
    };
    let (status, time) = Time::of(|| Command::new(rustc).args(arguments).status());
    let line = format!("{} {}\n", time.work.as_micros(), time.clock.as_micros());
    let logged = OpenOptions::new()
        .append(true)
        .create(true)
        .open(log)
        .and_then(|mut file| file.write_all(line.as_bytes()));
    match (status, logged) {
        (Ok(status), Ok(())) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The processor time of the children that have ended, in whole hundredths of a second.
fn work_of_children() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in parentheses, may have spaces in it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let user: u64 = fields.get(13)?.parse().ok()?;
    let system: u64 = fields.get(14)?.parse().ok()?;
    Some(Duration::from_millis(10 * (user + system)))
}

/// The time of the last run in a log: the ones before it only asked for the compiler's version.
pub(crate) fn read(log: &Path) -> io::Result<Time> {
    let text = fs::read_to_string(log)?;
    let time = text.lines().last().and_then(|line| {
        let (work, clock) = line.split_once(' ')?;
        Some(Time {
            work: Duration::from_micros(work.parse().ok()?),
            clock: Duration::from_micros(clock.parse().ok()?),
        })
    });
    time.ok_or_else(|| io::Error::other("cargo did not call the compiler"))
}
