//! Signals that ask a process to end, for hosts that end gracefully.
//!
//! [`Builder::exit_on_signals`](crate::Builder::exit_on_signals) does it all. A host with a shutdown
//! of its own waits for [`Signals`], ends what it has, and then shuts the telemetry down.

mod exit;

use std::{
    collections::VecDeque,
    fmt,
    future::{Future, poll_fn},
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::{self, Handle},
};

pub(crate) use self::exit::{exit_on_signals, watch};
use crate::contain;

/// A signal that asks the process to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Signal {
    /// SIGTERM: `kill`, systemd, Kubernetes.
    Terminate,
    /// SIGINT: Ctrl-C in a terminal.
    Interrupt,
}

impl Signal {
    /// All that are received.
    const NUMBERS: [i32; 2] = [SIGTERM, SIGINT];

    fn of(number: i32) -> Option<Self> {
        match number {
            SIGTERM => Some(Signal::Terminate),
            SIGINT => Some(Signal::Interrupt),
            _ => None,
        }
    }

    /// Its number in the system.
    pub const fn number(self) -> i32 {
        match self {
            Signal::Terminate => SIGTERM,
            Signal::Interrupt => SIGINT,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::Terminate => "SIGTERM",
            Signal::Interrupt => "SIGINT",
        })
    }
}

/// Receives SIGTERM and SIGINT in place of the system, which would end the process.
///
/// Every `Signals` receives what arrives from when it was made, and gives each out once. As the system
/// does, it takes several of one kind that arrive at once for one, and keeps no order among those of
/// both kinds. The system's own way does not come back when it is dropped: without any, signals have
/// no effect.
///
/// ```no_run
/// use std::time::Duration;
/// use gambeson::{Telemetry, signals::Signals};
///
/// let telemetry = Telemetry::builder().start()?;
/// let signals = Signals::new()?;
/// let signal = signals.wait(Duration::MAX);
/// println!("{signal:?}: {}", telemetry.shutdown());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Signals {
    arrived: Arc<Arrived>,
    handle: Handle,
}

#[derive(Debug, Default)]
struct Arrived {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    signals: VecDeque<Signal>,
    wakers: Vec<Waker>,
}

impl Signals {
    /// Begins to receive.
    ///
    /// # Errors
    ///
    /// If the system refuses the handler of a signal, or a thread.
    pub fn new() -> io::Result<Self> {
        let mut received = iterator::Signals::new(Signal::NUMBERS)?;
        let handle = received.handle();
        let arrived = Arc::<Arrived>::default();
        let there = Arc::clone(&arrived);
        thread::Builder::new()
            .name("gambeson-signals".to_owned())
            .spawn(move || {
                for signal in received.forever().filter_map(Signal::of) {
                    there.add(signal);
                }
            })?;
        Ok(Signals { arrived, handle })
    }

    /// The next signal, waited for by blocking this thread, for `deadline` at most.
    pub fn wait(&self, deadline: Duration) -> Option<Signal> {
        let started = Instant::now();
        let mut state = self.arrived.lock();
        loop {
            if let Some(signal) = state.signals.pop_front() {
                return Some(signal);
            }
            let left = deadline.saturating_sub(started.elapsed());
            if left.is_zero() {
                return None;
            }
            state = match self.arrived.changed.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    /// The next signal, on any async runtime. A future that is dropped takes none.
    pub fn recv(&self) -> impl Future<Output = Signal> + Send {
        poll_fn(|context| self.arrived.poll(context))
    }
}

impl Arrived {
    fn add(&self, signal: Signal) {
        let mut state = self.lock();
        state.signals.push_back(signal);
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        self.changed.notify_all();
        wakers.into_iter().for_each(contain::wake);
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Signal> {
        // Cloned before the lock, and dropped after it: a waker is the executor's code.
        let mut waker = Some(context.waker().clone());
        let mut state = self.lock();
        if let Some(signal) = state.signals.pop_front() {
            drop(state);
            return Poll::Ready(signal);
        }
        let is_known = |known: &Waker| known.will_wake(context.waker());
        if !state.wakers.iter().any(is_known) {
            state.wakers.extend(waker.take());
        }
        drop(state);
        Poll::Pending
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
    }
}
