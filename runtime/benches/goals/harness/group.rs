//! A group of cases: each round times a batch of every case, in an order that rotates.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use super::{Options, together};

/// The longest batch: a case that costs nothing would never fill its time.
const MOST_CALLS: u64 = 1 << 20;

/// Something whose calls are timed.
pub(crate) struct Case {
    name: &'static str,
    threads: Threads,
    run: Box<dyn Fn(u64) + Send + Sync>,
}

#[derive(Clone, Copy)]
enum Threads {
    One,
    Two,
}

impl Case {
    /// A case on one thread. The loop around the body is a part of it, so that it is inlined.
    pub(crate) fn new(name: &'static str, body: impl Fn() + Send + Sync + 'static) -> Self {
        Case::looped(name, move |calls| {
            for _ in 0..calls {
                body();
                black_box(());
            }
        })
    }

    /// A case with a loop of its own, around what is made once for many calls.
    pub(crate) fn looped(name: &'static str, run: impl Fn(u64) + Send + Sync + 'static) -> Self {
        Case {
            name,
            threads: Threads::One,
            run: Box::new(run),
        }
    }

    /// The case on two threads at once; what it costs is the mean of both.
    pub(crate) fn on_two_threads(mut self) -> Self {
        self.threads = Threads::Two;
        self
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Makes so many calls. Callgrind counts what is inside.
    #[inline(never)]
    pub(crate) fn run(&self, calls: u64) {
        (self.run)(calls);
    }

    fn nanos_per_call(&self, calls: u64) -> f64 {
        let spent = match self.threads {
            Threads::One => {
                let started = Instant::now();
                self.run(calls);
                started.elapsed().as_secs_f64()
            }
            Threads::Two => together::seconds(|calls| self.run(calls), calls),
        };
        spent * 1e9 / calls as f64
    }

    /// How many calls fill a batch. The quicker of two tries counts: the first call of a case may do
    /// what the others need not, and either may be interrupted.
    fn calls_in(&self, batch: Duration) -> u64 {
        let spent = |calls| {
            let started = Instant::now();
            self.run(calls);
            started.elapsed()
        };
        let mut calls = 1;
        while calls < MOST_CALLS && spent(calls).min(spent(calls)) < batch {
            calls *= 2;
        }
        calls
    }
}

/// Cases that are compared.
pub(crate) struct Group(Vec<Case>);

impl Group {
    /// The cases to compare.
    pub(crate) fn new(cases: impl IntoIterator<Item = Case>) -> Self {
        Group(cases.into_iter().collect())
    }

    /// Times them.
    pub(crate) fn measure(&self, options: &Options) -> Rounds {
        let Group(cases) = self;
        let batches: Vec<u64> = cases
            .iter()
            .map(|case| case.calls_in(options.batch()))
            .collect();
        let rounds = (0..options.rounds()).map(|round| {
            let mut nanos = vec![f64::NAN; cases.len()];
            for turn in 0..cases.len() {
                let index = (round + turn) % cases.len();
                nanos[index] = cases[index].nanos_per_call(batches[index]);
            }
            nanos
        });
        Rounds {
            names: cases.iter().map(Case::name).collect(),
            rounds: rounds.collect(),
        }
    }
}

/// What each case cost in each round, in nanoseconds a call.
pub(crate) struct Rounds {
    names: Vec<&'static str>,
    rounds: Vec<Vec<f64>>,
}

/// One round.
pub(crate) struct Round<'a> {
    names: &'a [&'static str],
    nanos: &'a [f64],
}

impl Round<'_> {
    /// What a call of the case cost, in nanoseconds.
    pub(crate) fn of(&self, name: &str) -> f64 {
        let index = self.names.iter().position(|known| *known == name);
        index.map_or(f64::NAN, |index| self.nanos[index])
    }
}

impl Rounds {
    /// The median over the rounds of a figure that is computed within each.
    pub(crate) fn median(&self, figure: impl Fn(&Round<'_>) -> f64) -> f64 {
        let figures = self.rounds.iter().map(|nanos| {
            figure(&Round {
                names: &self.names,
                nanos,
            })
        });
        median(figures)
    }

    /// What a call of the case costs, in nanoseconds.
    pub(crate) fn nanos(&self, case: &str) -> f64 {
        self.median(|round| round.of(case))
    }

    /// A case's cost in terms of another's.
    pub(crate) fn ratio(&self, case: &str, baseline: &str) -> f64 {
        self.median(|round| round.of(case) / round.of(baseline))
    }
}

/// The median of the figures that could be measured; NaN if none could.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures
        .into_iter()
        .filter(|figure| figure.is_finite())
        .collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
