//! The crucial lines, each of which can be left out to see that the models and the stress notice.
//!
//! A model is run once whole and once for each of the lines it depends on, and so is the stress of
//! the gate. In a normal build nothing of this is left but a constant `false`.

/// A line that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(all(test, loom)), allow(dead_code, reason = "for models"))]
pub(crate) enum Mutation {
    /// A call does not fence between its mark and its look at the gate.
    NoLightFence,
    /// Who closes a gate or replaces a value does not fence before the look at the marks.
    NoHeavyFence,
    /// A thread does not say that it uses marks which are not looked at otherwise.
    UnsaidMark,
    /// A reader does not look again whether what it marked is still current.
    NoSecondLook,
    /// A replaced value is freed without a look at the marks.
    NoLookAtMarks,
    /// A reader does not free what was replaced while it alone read it.
    NoSweepAtLeave,
    /// A call leaves before it has been counted.
    LeaveBeforeCounting,
    /// The last call to leave wakes nobody.
    NoWake,
    /// Whoever leaves wakes without the lock that waiters hold from their look to their sleep.
    WakeWithoutLock,
    /// A thread that is inside a handler waits like any other.
    WaitInside,
    /// A thread takes a slot that another one has.
    TwoOwners,
    /// A thread that takes a slot over begins its counters at zero.
    ForgetCounts,
    /// An outcome is counted so that it can be seen before its match.
    RelaxedCounts,
    /// A shutdown drains the handlers it found before it refused new ones.
    DrainBeforeClosing,
    /// Who detaches takes a handler from the table before its gate is closed.
    CloseAfterRemoving,
    /// A call that is let through as the probe does not say that it is.
    ManyProbes,
}

#[cfg(not(any(loom, test)))]
#[inline]
pub(crate) const fn is_broken(_: Mutation) -> bool {
    false
}

/// In a test's own child process, the line that [`LEFT_OUT`] tells by its number.
#[cfg(all(test, not(loom)))]
pub(crate) fn is_broken(line: Mutation) -> bool {
    static BROKEN: std::sync::LazyLock<Option<usize>> = std::sync::LazyLock::new(|| {
        let number = std::env::var(LEFT_OUT).ok();
        number.map(|number| number.parse().expect("a number"))
    });
    *BROKEN == Some(line as usize)
}

/// The environment variable that tells which line is left out.
#[cfg(all(test, not(loom)))]
pub(crate) const LEFT_OUT: &str = "GAMBESON_TEST_LEFT_OUT";

#[cfg(loom)]
pub(crate) use self::model::is_broken;
#[cfg(all(test, loom))]
pub(crate) use self::model::set_broken;

#[cfg(loom)]
pub(crate) mod model {
    use std::cell::Cell;

    use super::Mutation;

    std::thread_local! {
        /// The line that is left out. All threads of a model run on that of its test.
        static BROKEN: Cell<Option<Mutation>> = const { Cell::new(None) };
    }

    pub(crate) fn is_broken(line: Mutation) -> bool {
        BROKEN.get() == Some(line)
    }

    #[cfg(test)]
    pub(crate) fn set_broken(line: Option<Mutation>) {
        BROKEN.set(line);
    }
}
