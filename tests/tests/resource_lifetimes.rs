//! What resources leave behind once everything is dropped: nothing. Alone in its process, whose
//! threads and files are counted.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::{
    fs,
    future::Future,
    path::Path,
    pin::pin,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::Duration,
};

use gambeson::{Handler, Resource, Restart, Telemetry, emit};
use gambeson_tests::{PATIENCE, tally, wait_until};
use tokio::sync::mpsc;

const HOUR: Duration = Duration::from_secs(3600);

/// How many values there are.
static ALIVE: AtomicUsize = AtomicUsize::new(0);

struct Value;

impl Value {
    fn new() -> Self {
        ALIVE.fetch_add(1, Ordering::SeqCst);
        Value
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Wake for Value {
    fn wake(self: Arc<Self>) {}
}

static STORE: Resource<Value> = Resource::new("store");
static SERVER: Resource<(Value, mpsc::UnboundedSender<&str>)> =
    Resource::with_opener("server", || {
        let (sender, mut requests) = mpsc::unbounded_channel();
        let (mine, value) = (Value::new(), Value::new());
        let served = tokio::spawn(async move {
            let _mine = mine;
            if let Some(request) = requests.recv().await {
                panic!("cannot serve {request}");
            }
        });
        SERVER.watch(served).map(|()| (value, sender))
    })
    .needs(&[&STORE])
    .restart(
        Restart::new()
            .backoff(Duration::ZERO, Duration::ZERO)
            .at_most(100, HOUR),
    );
static JAMMED: Resource<Value> = Resource::with_opener("jammed", || {
    let _value = Value::new();
    Err::<Value, _>("jammed")
})
.restart(Restart::new().backoff(HOUR, HOUR));

/// A resource that is opened in a runtime, dies of its task, comes back, falls with its need.
fn live_in_a_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let store = STORE.provide(Value::new());
    runtime.block_on(async { SERVER.ensure_started_within(PATIENCE).unwrap() });
    let mut monitor = SERVER.monitor();
    for _ in 0..3 {
        SERVER.wait_ready(PATIENCE).unwrap();
        SERVER.lease().unwrap().1.send("tea").unwrap();
        let down = monitor.wait(PATIENCE).unwrap();
        assert_eq!(down.cause, "the task panicked: cannot serve tea");
    }
    SERVER.wait_ready(PATIENCE).unwrap();
    drop(store);
    assert_eq!(SERVER.revoke(PATIENCE).outstanding, 0);
    drop(runtime);
}

/// A value that is leased by threads and handlers, polled for, replaced and watched.
fn live_by_hand() {
    let handler = Handler::new("reads", "store.read", |_| ());
    let telemetry = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .handler(handler.needs(&STORE))
        .start()
        .unwrap();
    let first = STORE.provide(Value::new());
    let mut monitors = [STORE.monitor(), STORE.monitor()];
    let waker = Waker::from(Arc::new(Value::new()));
    for monitor in &mut monitors {
        let polled = pin!(monitor).poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let _lease = STORE.lease().unwrap();
                telemetry.enter(|| emit!("store.read"));
            });
        }
    });
    STORE.watch(thread::spawn(Value::new)).unwrap();
    assert!(
        monitors[0]
            .wait(PATIENCE)
            .unwrap()
            .cause
            .ends_with(" ended")
    );
    let second = STORE.provide(Value::new());
    let child = Command::new("sleep").arg("1000").spawn().unwrap();
    let process = child.id().to_string();
    STORE.watch(child).unwrap();
    assert!(
        Command::new("kill")
            .arg(process)
            .status()
            .unwrap()
            .success()
    );
    let polled = pin!(&mut monitors[1]).poll(&mut Context::from_waker(&waker));
    assert!(matches!(polled, Poll::Ready(_)));
    assert!(
        monitors[1]
            .wait(PATIENCE)
            .unwrap()
            .cause
            .ends_with("(SIGTERM)")
    );
    assert_eq!(tally(&telemetry.report(), "reads"), "8 = 8 handled");
    let third = STORE.provide(Value::new());
    drop((first, second, third));
}

/// A resource whose thread waits for the next try.
fn live_in_vain() {
    JAMMED.ensure_started_within(PATIENCE).unwrap_err();
    JAMMED.revoke(PATIENCE);
}

/// Values, threads and open files.
fn counts() -> [usize; 3] {
    let entries = |path| fs::read_dir(path).unwrap().count();
    let alive = ALIVE.load(Ordering::SeqCst);
    [alive, entries("/proc/self/task"), entries("/proc/self/fd")]
}

#[test]
fn everything_that_is_dropped_is_gone() {
    let live = || {
        live_in_a_runtime();
        live_by_hand();
        live_in_vain();
    };
    // What is made once for a process is made by the first.
    live();
    wait_until(
        "the threads of the first have ended",
        PATIENCE,
        has_only_ours,
    );
    let baseline = counts();
    assert_eq!(baseline[0], 0, "no value is left");
    for _ in 0..10 {
        live();
    }
    wait_until("the threads have ended", PATIENCE, has_only_ours);
    assert_eq!(counts(), baseline);
}

/// Whether no thread is left but the process's first one and the test's. Their names would not say
/// so: a thread without one has that of whoever spawned it.
fn has_only_ours() -> bool {
    let number = |path: &Path| path.file_name().unwrap().to_owned();
    let ours = [
        fs::read_link("/proc/self"),
        fs::read_link("/proc/thread-self"),
    ];
    let ours = ours.map(|path| number(&path.unwrap()));
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let mut tasks = tasks.map(|task| task.unwrap().file_name());
    tasks.all(|task| ours.contains(&task))
}
