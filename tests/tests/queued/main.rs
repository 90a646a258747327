//! Handlers off the emitter's thread: in order, bounded, drained, counted, whatever happens to those
//! who serve them.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod blocking;
mod bounded;
mod cancelled;
mod judged;
mod polls;
mod processes;
mod served;
mod unserved;
mod waited_for;

use std::sync::{Mutex, mpsc};

use gambeson::{Builder, Config, IntoHandler, Telemetry};
use gambeson_tests::{PATIENCE, wait_until};
use tokio::runtime::Runtime;

/// A telemetry without the registered handlers.
fn alone() -> Builder {
    Telemetry::builder().isolated().filter(|_| false)
}

fn started(handler: impl IntoHandler) -> Telemetry {
    alone().handler(handler).start().unwrap()
}

fn configured(config: Config, handler: impl IntoHandler) -> Telemetry {
    alone().config(config).handler(handler).start().unwrap()
}

fn runtime(workers: usize) -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(workers).enable_all();
    builder.thread_name("worker").build().unwrap()
}

/// A telemetry whose async handlers run there.
fn served_by(runtime: &Runtime) -> Builder {
    alone().runtime(runtime.handle().clone())
}

/// Waits until all that was emitted has been counted.
#[track_caller]
fn settled(telemetry: &Telemetry, handler: &str) {
    wait_until("all is counted", PATIENCE, || {
        let report = telemetry.report();
        let counts = report.handler(handler);
        counts.is_some_and(|counts| counts.is_conserved() && counts.in_flight == 0)
    });
}

/// A door that calls come to, and pass one by one as they are let.
struct Door {
    entered: mpsc::Sender<()>,
    goes_on: Mutex<mpsc::Receiver<()>>,
}

/// The side of the test.
struct Keeper {
    is_in: mpsc::Receiver<()>,
    go_on: mpsc::Sender<()>,
}

fn door() -> (Door, Keeper) {
    let (entered, is_in) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel();
    let door = Door {
        entered,
        goes_on: Mutex::new(goes_on),
    };
    (door, Keeper { is_in, go_on })
}

impl Door {
    /// Stays until it is let through, or the test is over.
    fn pass(&self) {
        let _ = self.entered.send(());
        let _ = self.goes_on.lock().unwrap().recv();
    }
}

impl Keeper {
    /// Waits until somebody is at the door.
    #[track_caller]
    fn wait(&self) {
        self.is_in.recv_timeout(PATIENCE).unwrap();
    }

    /// Lets so many through.
    fn let_in(&self, calls: usize) {
        (0..calls).for_each(|_| self.go_on.send(()).unwrap());
    }
}
