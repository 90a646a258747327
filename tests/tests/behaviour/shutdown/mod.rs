//! The end: in order, in parallel where the order allows, under one deadline, and reported.

mod asynchronous;
mod flush;
mod order;
mod parallel;
mod report;
mod resources;
mod shares;
mod tasks;

use std::{
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread::{Scope, ScopedJoinHandle},
};

use gambeson::{Event, Handler, Report, ShutdownReport, Telemetry};
use gambeson_tests::PATIENCE;

/// A call of a handler that runs until it is let go.
struct Held {
    is_in: Receiver<()>,
    let_go: Sender<()>,
}

/// A handler whose calls are held.
fn held(name: &str) -> (Handler, Held) {
    let (entered, is_in) = mpsc::channel();
    let (let_go, waits) = mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let handler = Handler::new(name, &format!("held.{name}"), move |_| {
        let _ = entered.send(());
        let _ = waits.lock().unwrap().recv();
    });
    (handler, Held { is_in, let_go })
}

impl Held {
    /// Begins a call, on a thread of its own.
    fn begin<'scope>(
        &self,
        scope: &'scope Scope<'scope, '_>,
        telemetry: &'scope Telemetry,
        name: &str,
    ) {
        let event = format!("held.{name}");
        scope.spawn(move || telemetry.emit(&event, &[], &[]).unwrap());
        self.is_in.recv_timeout(PATIENCE).expect("the call begins");
    }

    fn let_go(self) {
        self.let_go.send(()).expect("the call is held");
    }
}

/// A shutdown with time enough, on a thread of its own.
fn shutting_down<'scope>(
    scope: &'scope Scope<'scope, '_>,
    telemetry: &'scope Telemetry,
) -> ScopedJoinHandle<'scope, ShutdownReport> {
    scope.spawn(|| ended(telemetry.shutdown_within(PATIENCE)))
}

/// How the shutdown went that a report is of.
fn ended(report: Report) -> ShutdownReport {
    report.shutdown.expect("the shutdown is over")
}

fn call(telemetry: &Telemetry, name: &str) -> bool {
    telemetry
        .call(name, &Event::new("held.directly", &[], &[]))
        .is_handled()
}
