//! Start everything, use it, kill it, twenty times: what is left of it is nothing.

use std::{
    convert::Infallible,
    error::Error,
    fs,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use gambeson::{Event, Handler, Need, Provided, Resource, Restart, SkipReason, Telemetry, emit};
use gambeson_tests::{
    PATIENCE, crowd,
    stores::{Peer, Server},
    tally, wait_until,
};
use tokio::{
    runtime::{self, Runtime},
    task::AbortHandle,
};

const CYCLES: usize = 20;
const THREADS: usize = 4;
const EVENTS: usize = 10;

const AT_ONCE: Restart = Restart::new()
    .backoff(Duration::from_millis(1), Duration::from_millis(10))
    .at_most(u32::MAX, Duration::from_secs(1));

static TABLE: Resource<Live> = Resource::with_opener("table", Live::open).restart(AT_ONCE);
static SERVER: Resource<Server> =
    Resource::with_opener("server", || Server::open(&SERVER, &SERVED)).restart(AT_ONCE);
static PEER: Resource<Peer> =
    Resource::with_opener("process", || Peer::open(&PEER)).restart(AT_ONCE);
static TASK: Resource<Live> = Resource::new("task");

static OPENED: [&dyn Need; 3] = [&TABLE, &SERVER, &PEER];
static SERVED: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicI64 = AtomicI64::new(0);

/// An object that is counted while it lives.
struct Live;

impl Live {
    fn new() -> Self {
        LIVE.fetch_add(1, Ordering::SeqCst);
        Live
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is an opener")]
    fn open() -> Result<Self, Infallible> {
        Ok(Live::new())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

type Answer = Result<(), Box<dyn Error + Send + Sync>>;

/// A handler that owns an object, and uses what it needs.
fn handler(name: &str, resource: &'static dyn Need, run: fn() -> Answer) -> Handler {
    let live = Live::new();
    let run = move |_: &Event<'_>| {
        let _ = &live;
        run()
    };
    Handler::new(name, "cycle.call", run).needs(resource)
}

fn handlers() -> [Handler; 4] {
    [
        handler("asks process", &PEER, || {
            Ok(PEER.lease()?.ask("hello").map(drop)?)
        }),
        handler("asks server", &SERVER, || {
            SERVER.lease()?.double(1).map(drop)
        }),
        handler("needs table", &TABLE, || Ok(TABLE.lease().map(drop)?)),
        handler("needs task", &TASK, || Ok(TASK.lease().map(drop)?)),
    ]
}

/// A task that holds an object until it is killed.
fn task(runtime: &Runtime) -> (Provided<Live>, AbortHandle) {
    let provided = TASK.provide(Live::new());
    let held = Live::new();
    let task = runtime.spawn(async move {
        pending::<()>().await;
        drop(held);
    });
    let abort = task.abort_handle();
    let watched = runtime.block_on(async { TASK.watch(task) });
    watched.expect("the runtime watches it");
    (provided, abort)
}

/// Emits from all threads, each with an object and a lease of its own, and then dying.
fn use_all(telemetry: &Arc<Telemetry>) {
    let user = Arc::clone(telemetry);
    let users = crowd(THREADS, move |_| {
        let _live = Live::new();
        user.enter(|| (0..EVENTS).for_each(|_| emit!("cycle.call")));
    });
    users.join();
}

fn kill_all(task: &AbortHandle) {
    let gone = "everything was there";
    dies(&TABLE, || {
        assert!(TABLE.crash(SkipReason::StateUnavailable));
    });
    dies(&SERVER, || assert!(SERVER.lease().expect(gone).poison()));
    dies(&PEER, || {
        PEER.lease().expect(gone).kill().expect("it lives");
    });
    dies(&TASK, || task.abort());
}

fn dies(resource: &'static dyn Need, kill: impl FnOnce()) {
    let mut monitor = resource.monitor();
    kill();
    assert!(
        monitor.wait(PATIENCE).is_some(),
        "{} lives",
        resource.name()
    );
    // Asked under its lock, and so when its death is over.
    let _ = resource.readiness();
}

fn cycle() {
    // Without its drivers: tokio's pipe for signals stays for the life of the process.
    let runtime = runtime::Builder::new_multi_thread().build();
    let runtime = runtime.expect("there are threads for it");
    let (provided, abort) = task(&runtime);
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let builder = handlers()
        .into_iter()
        .fold(builder, gambeson::Builder::handler);
    let telemetry = Arc::new(builder.start().expect("all is there"));
    OPENED.into_iter().for_each(is_ready);
    use_all(&telemetry);
    kill_all(&abort);
    OPENED.into_iter().for_each(is_ready);
    use_all(&telemetry);
    let report = telemetry.shutdown();
    for handler in ["asks process", "asks server", "needs table"] {
        assert_eq!(tally(&report, handler), "80 = 80 handled");
    }
    let told = tally(&report, "needs task");
    assert_eq!(told, "80 = 40 handled + 40 shutting_down");
    for opened in OPENED {
        assert_eq!(opened.revoke(PATIENCE).outstanding, 0);
    }
    drop(provided);
}

fn is_ready(resource: &'static dyn Need) {
    let ready = resource.ensure_started_within(PATIENCE);
    assert_eq!(ready, Ok(()));
}

/// What the system has of this process in a folder of `/proc/self`.
fn entries(folder: &str) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

/// Twenty cycles, after each of which all is as it was before the first.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn cycles() {
    let folders = ["/proc/self/task", "/proc/self/fd"];
    let before = folders.map(entries);
    for _ in 0..CYCLES {
        cycle();
        wait_until("all objects are dropped", PATIENCE, || {
            LIVE.load(Ordering::SeqCst) == 0
        });
        for (folder, before) in folders.into_iter().zip(before) {
            let what = format!("{folder} has {before} entries again");
            wait_until(&what, PATIENCE, || entries(folder) == before);
        }
    }
    println!("{CYCLES} cycles, and nothing is left");
}
