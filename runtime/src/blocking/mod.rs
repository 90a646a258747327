//! Between threads that block and futures that must not.

mod elsewhere;

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

pub(crate) use self::elsewhere::elsewhere;

struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Blocks this thread until the future is ready: for threads that are there for nothing else.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Some(output) = poll_within(future.as_mut(), Duration::MAX) {
            return output;
        }
    }
}

/// Blocks this thread until the future is ready, for `limit` at most. It is polled once at least.
pub(crate) fn poll_within<F: Future>(future: F, limit: Duration) -> Option<F::Output> {
    let started = Instant::now();
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        let left = limit.saturating_sub(started.elapsed());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::{
        future::{pending, poll_fn, ready},
        sync::mpsc,
    };

    use super::{elsewhere::Elsewhere, *};

    #[test]
    fn what_is_ready_needs_no_time() {
        assert_eq!(poll_within(ready(7), Duration::ZERO), Some(7));
        assert_eq!(poll_within(pending::<()>(), Duration::ZERO), None);
    }

    #[test]
    fn a_wake_on_another_thread_ends_the_wait() {
        let (sender, wakers) = mpsc::channel::<Waker>();
        let waking = thread::spawn(move || {
            let waker = wakers.recv().expect("the first poll sends one");
            waker.wake();
        });
        let mut polls = 0;
        let counted = poll_fn(|context| {
            polls += 1;
            if sender.send(context.waker().clone()).is_err() || polls > 1 {
                return Poll::Ready(());
            }
            Poll::Pending
        });
        assert_eq!(poll_within(counted, Duration::MAX), Some(()));
        waking.join().expect("it was sent a waker");
    }

    #[test]
    fn work_elsewhere_is_done_though_nobody_awaits_it() {
        let (sender, done) = mpsc::channel();
        drop(elsewhere(move || sender.send(thread::current().id())));
        assert_ne!(done.recv(), Ok(thread::current().id()));
    }

    #[test]
    fn work_elsewhere_is_awaited() {
        let (let_go, waits) = mpsc::channel::<()>();
        let work = elsewhere(move || {
            waits.recv().expect("the test lets it go");
            7
        });
        let mut work = pin!(work);
        assert_eq!(poll_within(work.as_mut(), Duration::ZERO), None);
        let_go.send(()).expect("the work waits for it");
        assert_eq!(poll_within(work, Duration::MAX), Some(Some(7)));
    }

    #[test]
    fn work_elsewhere_that_panics_comes_to_an_end() {
        let work = elsewhere(|| std::panic::resume_unwind(Box::new("boom")));
        assert_eq!(
            poll_within::<Elsewhere<()>>(work, Duration::MAX),
            Some(None)
        );
    }
}
