//! The ways to shut a telemetry down.

use std::{
    future::Future,
    sync::{Arc, OnceLock},
    time::Duration,
};

use super::{Telemetry, end::Asker, report::Report};
use crate::{blocking::elsewhere, instance::Core, phase::Phase, running::inside_handler};

impl Telemetry {
    /// Ends everything in the reverse of the order in which it began, within the deadline of the
    /// config: no more handlers are taken, those that are there are detached and drained, the
    /// resources they need are revoked, and what was suppressed in the debug log is told.
    ///
    /// Only an order makes one handler wait for another: those that have none are closed together
    /// and then awaited. Each stage may take its share of what is left of the deadline; who overruns
    /// it is left running, and awaited again at the end. A resource that another running telemetry
    /// uses too is left to that one. [`ShutdownReport::parts`](crate::ShutdownReport) says how it
    /// went with each.
    ///
    /// A second call waits for the first and gives the same report; [`report`](Telemetry::report)
    /// has the counts of later. From inside a handler it does not wait, since the handler would
    /// wait for itself. In an async runtime use [`shutdown_async`](Telemetry::shutdown_async): this
    /// one blocks its thread, and where that is the only one that could run them it does not wait
    /// for async handlers.
    ///
    /// # Panics
    ///
    /// In strict mode, once all has ended, with the payload of the first panic of a queued handler that
    /// no [`flush`](Telemetry::flush) has gone on with; not inside a handler, nor while the thread
    /// unwinds. So does the drop that shuts a telemetry down.
    pub fn shutdown(&self) -> Report {
        self.shutdown_within(self.core.conduct.config.shutdown.deadline)
    }

    /// As [`shutdown`](Telemetry::shutdown), with another deadline.
    ///
    /// # Panics
    ///
    /// As [`shutdown`](Telemetry::shutdown).
    pub fn shutdown_within(&self, deadline: Duration) -> Report {
        self.core.shut_down(deadline, Asker::Stays);
        let report = report_of(&self.core, &self.ended);
        self.core.raise();
        report
    }

    /// As [`shutdown`](Telemetry::shutdown), without blocking the thread: on any async runtime, or
    /// none. It is drained by a thread of its own, so that async handlers are waited for wherever
    /// they run, also on this very thread.
    ///
    /// It begins at once, and goes on when the future is dropped.
    ///
    /// ```
    /// # async fn end(telemetry: gambeson::Telemetry) {
    /// let report = telemetry.shutdown_async().await;
    /// assert!(report.shutdown.is_some_and(|shutdown| shutdown.is_complete()));
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// As [`shutdown`](Telemetry::shutdown), when it is awaited.
    pub fn shutdown_async(&self) -> impl Future<Output = Report> + Send + use<> {
        self.shutdown_async_within(self.core.conduct.config.shutdown.deadline)
    }

    /// As [`shutdown_async`](Telemetry::shutdown_async), with another deadline.
    ///
    /// # Panics
    ///
    /// As [`shutdown`](Telemetry::shutdown), when it is awaited.
    pub fn shutdown_async_within(
        &self,
        deadline: Duration,
    ) -> impl Future<Output = Report> + Send + use<> {
        let core = Arc::clone(&self.core);
        let ending = if inside_handler() {
            core.shut_down(deadline, Asker::Stays);
            None
        } else {
            let is_first = core.begin_end();
            let end = move || core.come_to_end(is_first, deadline, Asker::Stays);
            Some(elsewhere(end))
        };
        let (core, ended) = (Arc::clone(&self.core), Arc::clone(&self.ended));
        async move {
            if let Some(ending) = ending {
                ending.await;
            }
            let report = report_of(&core, &ended);
            core.raise();
            report
        }
    }
}

/// The first report after the end, whoever asks for it; that of this moment before.
fn report_of(core: &Core, ended: &OnceLock<Report>) -> Report {
    match core.phase() {
        Phase::Stopped => ended.get_or_init(|| Report::of(core)).clone(),
        _ => Report::of(core),
    }
}
