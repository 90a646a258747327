//! A quarantine whose cooldown is over lets exactly one call through.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use loom::thread;

use super::{LONG, model};
use crate::handler::{Admission, Breaker, Hearing, Limits};

const LIMITS: Limits = Limits {
    failures: 1,
    within: LONG,
    cooldown: Duration::ZERO,
    max_cooldown: Duration::ZERO,
};

/// A breaker that is open, and whose cooldown is over.
fn open() -> Arc<Breaker> {
    let breaker = Breaker::new();
    let now = Instant::now().into();
    assert!(breaker.failed(Admission::Admitted, LIMITS, Hearing::People, now));
    Arc::new(breaker)
}

fn admit(breaker: &Breaker) -> Admission {
    breaker.admit(true, Hearing::People, || Instant::now().into())
}

/// Two calls come at once.
mod one {
    use super::*;

    fn program() {
        let breaker = open();
        let other = thread::spawn({
            let breaker = Arc::clone(&breaker);
            move || admit(&breaker)
        });
        let admissions = [admit(&breaker), other.join().expect("the other")];
        let probes = admissions.iter().filter(|one| **one == Admission::Probe);
        let probes = probes.count();
        assert_eq!(probes, 1, "{probes} probes");
    }

    model!(
        program: holds,
        ManyProbes fails with "2 probes",
    );
}

/// Whichever of two calls is the probe works, or is cancelled and leaves it to the other one.
mod answered {
    use super::*;

    fn call(breaker: &Breaker, is_cancelled: bool) {
        let admission = admit(breaker);
        if is_cancelled {
            breaker.undecided(admission, || Instant::now().into());
        } else {
            let is_readmitted = breaker.succeeded(admission, Hearing::People);
            assert_eq!(is_readmitted, admission == Admission::Probe, "undone");
        }
    }

    fn program() {
        let breaker = open();
        let other = thread::spawn({
            let breaker = Arc::clone(&breaker);
            move || call(&breaker, true)
        });
        call(&breaker, false);
        other.join().expect("the other");
        if breaker.is_tripped() {
            assert_eq!(admit(&breaker), Admission::Probe, "the probe is lost");
        }
    }

    model!(program: holds);
}
