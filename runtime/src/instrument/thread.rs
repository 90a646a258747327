//! What a thread keeps of its open calls: extra measurements, and memory for the next call.

use std::cell::{Cell, RefCell};

use super::{
    account::{Accounted, Ledger},
    open::Open,
};
use crate::{
    contain,
    event::{Number, ToNumber},
};

/// How many closed calls' memory a thread keeps.
const KEPT: usize = 16;

/// How many measurements the open calls of a thread have at most.
const MEASURED: usize = 1024;

struct Thread {
    #[expect(clippy::vec_box, reason = "a call is moved as one word")]
    kept: Vec<Box<Open>>,
    /// The measurements of all open calls; an inner one's come after an outer one's.
    measured: Vec<(&'static str, Number)>,
    ledger: Option<Ledger>,
}

thread_local! {
    static THREAD: RefCell<Thread> = const {
        RefCell::new(Thread {
            kept: Vec::new(),
            measured: Vec::new(),
            ledger: None,
        })
    };

    /// How many measurements there are: looked at by every call, and so without a destructor.
    static MEASURED_NOW: Cell<usize> = const { Cell::new(0) };
}

/// Nobody is called while the thread's part is borrowed, so that it is borrowed only once; it is
/// gone when the thread's locals are.
#[inline]
fn with<R>(code: impl FnOnce(&mut Thread) -> R) -> Option<R> {
    let code = |thread: &RefCell<Thread>| Some(code(&mut *thread.try_borrow_mut().ok()?));
    THREAD.try_with(code).ok()?
}

/// Adds a measurement to the end of the instrumented call that this code is in.
///
/// The call's `.stop` or `.exception` event carries it beside `duration`. It belongs to the
/// innermost call of an [`#[instrumented]`](macro@crate::instrumented) function on this thread that
/// somebody is told of; where there is none, nothing happens and a look at a thread-local is all it
/// costs. A key that is measured again has the last value; `duration` is the
/// call's own, and left out. A thread's open calls have 1,024
/// measurements at most; more are left out.
///
/// Never panics: not in a thread-local's destructor, nor during shutdown.
///
/// ```
/// use gambeson::{Handler, Telemetry, instrumented};
///
/// #[instrumented(event = "shop.export")]
/// fn export(lines: &[&str]) {
///     let bytes: usize = lines.iter().map(|line| line.len()).sum();
///     gambeson::measure("bytes", bytes);
/// }
///
/// let telemetry = Telemetry::isolated();
/// telemetry.attach(Handler::new("check", "shop.export.stop", |event| {
///     assert_eq!(event.number("bytes").ok(), Some(5.0));
/// }))?;
/// telemetry.enter(|| export(&["two", "by"]));
/// assert_eq!(telemetry.report().handler("check").unwrap().handled, 1);
/// # Ok::<(), gambeson::AttachError>(())
/// ```
pub fn measure(key: &'static str, value: impl ToNumber) {
    let number = value.to_number();
    if !contain::is_watched() || key == "duration" {
        return;
    }
    with(|thread| {
        if thread.measured.len() < MEASURED {
            thread.measured.push((key, number));
            MEASURED_NOW.set(thread.measured.len());
        }
    });
}

/// The part of the thread's measurements that belongs to one call.
#[derive(Debug)]
pub(super) struct Measuring(usize);

impl Measuring {
    /// From now on measurements are this call's.
    #[inline]
    pub(super) fn begin() -> Self {
        Measuring(MEASURED_NOW.get())
    }

    /// Ends that, and moves what was measured.
    #[inline]
    pub(super) fn end(self, into: &mut Vec<(&'static str, Number)>) {
        if MEASURED_NOW.get() != self.0 {
            self.take(into);
        }
    }

    #[cold]
    fn take(self, into: &mut Vec<(&'static str, Number)>) {
        with(|thread| {
            for (key, number) in thread.measured.drain(self.0.min(thread.measured.len())..) {
                match into.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, last)) => *last = number,
                    None => into.push((key, number)),
                }
            }
        });
        MEASURED_NOW.set(self.0);
    }
}

/// The memory of a call that has ended, if there is any, and the account of one that begins.
#[inline]
pub(super) fn begin(function: u32) -> (Option<Box<Open>>, Option<Accounted>) {
    with(|thread| {
        let ledger = thread.ledger.get_or_insert_with(Ledger::new);
        (thread.kept.pop(), ledger.enter(function))
    })
    .unwrap_or_default()
}

/// Keeps the memory of a call that has ended.
#[inline]
pub(super) fn keep(open: Box<Open>) {
    // What is not kept is freed after the borrow.
    let mut open = Some(open);
    with(|thread| {
        if thread.kept.len() < KEPT {
            thread.kept.extend(open.take());
        }
    });
}
