use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, mpsc},
    task::{Context, Poll},
    time::Duration,
};

use super::*;
use crate::blocking::poll_within;

const LONG: Duration = Duration::from_secs(20);

fn on_a_thread(capacity: usize) -> Queue {
    let server = Server::Thread {
        handler: "shop::write\0".into(),
        runtime: None,
    };
    Queue::start(server, capacity).expect("a thread")
}

fn job(code: impl FnOnce() + Send + 'static) -> Job {
    Box::pin(async move { code() })
}

/// Is ready, and panics when it is dropped.
struct Fragile;

impl Future for Fragile {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        panic!("in the drop of a job");
    }
}

#[test]
fn a_worker_survives_every_job() {
    let queue = on_a_thread(8);
    let (sender, ran) = mpsc::channel();
    queue.push(|| job(|| panic!("in a job"))).expect("room");
    queue.push(|| Box::pin(Fragile)).expect("room");
    let last = move || sender.send(thread::current().name().map(str::to_owned));
    queue
        .push(|| job(move || last().expect("awaited")))
        .expect("room");
    assert_eq!(
        ran.recv_timeout(LONG),
        Ok(Some("gambeson-write".to_owned()))
    );
    assert!(!queue.is_unserved());
}

#[test]
fn there_is_room_for_as_many_as_wait() {
    let queue = on_a_thread(2);
    let (entered, is_in) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let first = move || {
        entered.send(()).expect("awaited");
        goes_on.recv().expect("let go");
    };
    queue.push(|| job(first)).expect("room");
    is_in.recv_timeout(LONG).expect("it is taken");
    assert!(queue.thread().is_some());
    queue.push(|| job(|| ())).expect("room");
    let pushed = queue.push(|| {
        // The room is taken already while the job is made.
        assert_eq!(queue.push(|| job(|| ())), Err(Refused::Full));
        job(|| ())
    });
    assert_eq!(pushed, Ok(()));
    assert_eq!(queue.push(|| job(|| ())), Err(Refused::Full));
    let passed = queue.passed();
    go_on.send(()).expect("it waits");
    assert_eq!(poll_within(passed, LONG), Some(()));
    assert!(queue.thread().is_none());
}

#[test]
fn what_comes_later_is_not_waited_for() {
    let queue = on_a_thread(8);
    let (go_on, goes_on) = mpsc::channel::<()>();
    queue.push(|| job(|| ())).expect("room");
    let passed = queue.passed();
    let stays = move || goes_on.recv().expect("let go");
    queue.push(|| job(stays)).expect("room");
    assert_eq!(poll_within(passed, LONG), Some(()));
    let all = queue.passed();
    assert_eq!(poll_within(all, Duration::ZERO), None);
    go_on.send(()).expect("it waits");
}

#[test]
fn the_end_drops_what_waits_and_refuses_the_rest() {
    let queue = on_a_thread(8);
    let (go_on, goes_on) = mpsc::channel::<()>();
    let (entered, is_in) = mpsc::channel();
    let first = move || {
        entered.send(()).expect("awaited");
        goes_on.recv().expect("let go");
    };
    queue.push(|| job(first)).expect("room");
    is_in.recv_timeout(LONG).expect("it is taken");
    let waiting = Arc::new(());
    let held = Arc::clone(&waiting);
    queue.push(|| job(move || drop(held))).expect("room");
    let passed = queue.passed();
    queue.abort();
    assert_eq!(Arc::strong_count(&waiting), 1);
    assert_eq!(queue.push(|| job(|| ())), Err(Refused::Unserved));
    assert!(!queue.is_unserved(), "it has ended, and nobody misses it");
    go_on.send(()).expect("it waits");
    assert_eq!(poll_within(passed, LONG), Some(()));
}

#[cfg(feature = "tokio")]
mod on_tokio {
    use std::{
        future::{pending, ready},
        sync::atomic::AtomicU32,
    };

    use tokio::runtime::{Builder, Runtime as Tokio};

    use super::*;

    fn runtime() -> Tokio {
        Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .expect("a runtime")
    }

    fn on(runtime: &Tokio) -> Queue {
        let server = Server::Task(Runtime::of(runtime.handle().clone()));
        Queue::start(server, 8).expect("a task")
    }

    #[test]
    fn a_job_that_comes_while_the_runtime_ends_is_dropped() {
        let runtime = runtime();
        let queue = on(&runtime);
        let job = Arc::new(());
        let held = Arc::clone(&job);
        let pushed = queue.push(|| {
            drop(runtime);
            Box::pin(async move { drop(held) })
        });
        assert_eq!(pushed, Ok(()), "there was room for it");
        assert_eq!(Arc::strong_count(&job), 1, "nobody will ever run it");
        assert_eq!(queue.push(|| Box::pin(async {})), Err(Refused::Unserved));
    }

    #[test]
    fn a_worker_that_went_with_its_runtime_is_replaced_on_another() {
        let first = runtime();
        let queue = on(&first);
        queue.push(|| Box::pin(pending())).expect("room");
        let passed = queue.passed();
        drop(first);
        assert_eq!(poll_within(passed, LONG), Some(()));
        assert!(queue.is_unserved());
        for is_first in [true, false] {
            assert_eq!(queue.push(|| Box::pin(ready(()))), Err(Refused::Unserved));
            assert_eq!(queue.is_to_be_told(), is_first);
        }
        let second = runtime();
        let (sender, ran) = mpsc::channel();
        {
            let _inside = second.enter();
            let sent = move || sender.send(()).expect("awaited");
            queue.push(|| job(sent)).expect("another worker");
        }
        assert_eq!(ran.recv_timeout(LONG), Ok(()));
        assert!(!queue.is_unserved());
        drop(second);
        assert!(queue.is_to_be_told(), "it is told anew");
    }

    /// A queue that is never empty leaves other tasks their turn.
    #[test]
    fn other_tasks_have_their_turn() {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let queue = Arc::new(on(&runtime));
        let left = Arc::new(AtomicU32::new(MANY));
        again(&queue, Arc::clone(&left));
        let turn = async { tokio::spawn(async move { left.load(Ordering::Relaxed) }).await };
        let left = runtime.block_on(turn).expect("it only reads");
        assert!(left > MANY / 2, "it came after {} jobs", MANY - left);
        queue.abort();
    }

    const MANY: u32 = 100_000;

    /// Queues a job that queues the next one.
    fn again(queue: &Arc<Queue>, left: Arc<AtomicU32>) {
        let next = Arc::clone(queue);
        let again = move || {
            if left.fetch_sub(1, Ordering::Relaxed) > 1 {
                again(&next, Arc::clone(&left));
            }
        };
        queue.push(|| job(again)).expect("room");
    }
}
