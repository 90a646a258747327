//! Whoever works a queue off, wherever it is polled.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::Poll,
};

use super::{
    Job,
    line::{Line, drop_job},
};
use crate::{contain, hazard};

/// How many jobs are run one after the other before other tasks of the runtime have their turn.
const TURN: u64 = 32;

/// The worker's end of a line. Its drop says that the worker has gone, also where the worker is a
/// task that its runtime drops before the first poll.
pub(super) struct Serving(Arc<Line>);

impl Serving {
    pub(super) fn new(line: &Arc<Line>) -> Self {
        Serving(Arc::clone(line))
    }

    /// Runs one job after the other until the line has ended.
    pub(super) async fn serve(self) {
        let line = &self.0;
        while let Some((number, job)) = poll_fn(|context| line.poll_next(context)).await {
            run(line, job).await;
            line.pass(number);
            if number % TURN == 0 {
                step_back().await;
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// Ready at the second poll.
fn step_back() -> impl Future<Output = ()> + Send {
    let mut has_stepped_back = false;
    poll_fn(move |context| {
        if std::mem::replace(&mut has_stepped_back, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

/// A job that has begun.
struct Running(Option<Job>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.take().into_iter().for_each(drop_job);
    }
}

/// Runs a job to its end. Users' code is guarded inside of it; whatever else panics there, the worker
/// goes on with the next one.
async fn run(line: &Line, job: Job) {
    let mut running = Running(Some(job));
    poll_fn(|context| {
        let Some(job) = &mut running.0 else {
            return Poll::Ready(());
        };
        line.set_thread(hazard::current_thread());
        let polled = catch_unwind(AssertUnwindSafe(|| job.as_mut().poll(context)));
        line.set_thread(None);
        polled.unwrap_or_else(|payload| {
            contain::dispose(payload);
            Poll::Ready(())
        })
    })
    .await;
}
