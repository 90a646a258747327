//! What the cases of a part cost, and how they compare.

use std::{collections::HashMap, fmt::Write as _, io, time::Duration};

use super::{
    clock::Time,
    figure::{Figure, Unit},
    options::Options,
    sizes::Sizes,
    subject::Subject,
    workshop::{Build, Workshop},
};

/// The measurements of a part.
pub(crate) struct Costs<C> {
    times: HashMap<(C, Build), Vec<Time>>,
    /// What a function has in a release, on average.
    sizes: HashMap<C, Sizes>,
}

impl<C: Subject> Costs<C> {
    /// Compiles each case in turn, round by round.
    pub(crate) fn measure(options: &Options) -> io::Result<Self> {
        let workshop = Workshop::new(options)?;
        let mut times: HashMap<_, Vec<Time>> = HashMap::new();
        for round in 0..options.rounds(C::ROUNDS) {
            let (first, second) = C::ALL.split_at(round % C::ALL.len());
            for &case in second.iter().chain(first) {
                for &build in C::BUILDS {
                    let time = workshop.time(case, build)?;
                    times.entry((case, build)).or_default().push(time);
                }
            }
        }
        let mut sizes = HashMap::new();
        for &case in C::ALL {
            let all = Sizes::of(&workshop.release_of(case)?);
            let one = all.map(|all| all.over(workshop.functions(case)));
            sizes.extend(one.map(|one| (case, one)));
        }
        Ok(Costs { times, sizes })
    }

    /// What the figures are of, and what they are relative to.
    pub(crate) fn head(&self, options: &Options, plain: &[C]) -> String {
        let mut head = format!(
            "Medians of {} rounds. `x` is times the work of compiling the same functions plain, \
             `B` is what a function adds.\n\n",
            options.rounds(C::ROUNDS)
        );
        for &case in plain {
            let seconds = |build| self.work(case, build).unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = writeln!(
                head,
                "- {} {}: {:.2} s of work in debug, {:.2} s in release",
                options.functions(case.functions()),
                case.title(),
                seconds(Build::Debug),
                seconds(Build::Release)
            );
        }
        head.push('\n');
        head
    }

    /// The seconds of work that compiling a case takes.
    fn work(&self, case: C, build: Build) -> Option<f64> {
        self.median(case, build, |time| time.work)
    }

    fn clock(&self, case: C, build: Build) -> Option<f64> {
        self.median(case, build, |time| time.clock)
    }

    fn median(&self, case: C, build: Build, part: fn(&Time) -> Duration) -> Option<f64> {
        Time::median(self.times.get(&(case, build))?, part)
    }

    /// How many times the work of the plain functions a case takes.
    pub(crate) fn over_plain(&self, case: C, build: Build) -> Figure {
        let ratio = |own: Option<f64>, plain: Option<f64>| Some(own? / plain?);
        let plain = case.plain();
        Figure {
            what: format!("{}, {}", case.title(), build.name()),
            measured: ratio(self.work(case, build), self.work(plain, build)),
            by_clock: ratio(self.clock(case, build), self.clock(plain, build)),
            unit: Unit::Times,
            limit: None,
        }
    }

    /// The work that a case adds to the plain functions, as a part of what another adds.
    pub(crate) fn added(&self, case: C, other: C, build: Build) -> Figure {
        let part = |cost: &dyn Fn(C) -> Option<f64>| {
            let added = |case: C| Some(cost(case)? - cost(case.plain())?);
            Some(added(case)? / added(other)?)
        };
        Figure {
            what: format!(
                "{}, {}: what they add, to what {} add",
                case.title(),
                build.name(),
                other.title()
            ),
            measured: part(&|case| self.work(case, build)),
            by_clock: part(&|case| self.clock(case, build)),
            unit: Unit::Times,
            limit: None,
        }
    }

    /// The bytes that a function of a case has more than a plain one.
    pub(crate) fn bytes(&self, case: C, what: &str, part: fn(&Sizes) -> f64) -> Figure {
        Figure {
            what: format!("{}, {what}", case.title()),
            measured: self.added_bytes(case, part),
            by_clock: None,
            unit: Unit::Bytes,
            limit: None,
        }
    }

    /// These bytes, as a part of those of another case.
    pub(crate) fn bytes_to(
        &self,
        case: C,
        other: C,
        what: &str,
        part: fn(&Sizes) -> f64,
    ) -> Figure {
        let (own, others) = (self.added_bytes(case, part), self.added_bytes(other, part));
        Figure {
            what: format!("{}, {what}, to that of {}", case.title(), other.title()),
            measured: own.zip(others).map(|(own, others)| own / others),
            by_clock: None,
            unit: Unit::Times,
            limit: None,
        }
    }

    fn added_bytes(&self, case: C, part: fn(&Sizes) -> f64) -> Option<f64> {
        let bytes = |case: C| self.sizes.get(&case).map(part);
        Some(bytes(case)? - bytes(case.plain())?)
    }
}
