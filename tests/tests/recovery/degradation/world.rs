//! Everything that handlers can need, on a disk of its own.

use std::{
    error::Error,
    future::pending,
    io,
    panic::resume_unwind,
    path::PathBuf,
    sync::{Mutex, MutexGuard, atomic::AtomicU64},
    thread,
};

use gambeson::{
    Event, Handler, Need, Provided, Resource, Restart, SkipReason, defensive_handler, handler,
};
use gambeson_tests::{
    PATIENCE,
    stores::{Peer, Server, Table},
};
use tokio::{
    runtime::{self, Runtime},
    task::AbortHandle,
};

use crate::{
    AT_ONCE, annotated,
    stores::{Disk, Exchange, Ledger, LedgerError, Line, folder_of},
};

const DISK: &str = "extreme";

static TABLE: Resource<Table> = Resource::with_opener("table", open_table).restart(AT_ONCE);
static LEDGER: Resource<Ledger> = Resource::with_opener("ledger", || {
    Ledger::open(&Disk::path(DISK).join("sales"), &LEDGER)
})
.restart(AT_ONCE);
static SERVER: Resource<Server> =
    Resource::with_opener("server", || Server::open(&SERVER, &SERVED))
        .needs(&[&TABLE])
        .restart(AT_ONCE);
static LINE: Resource<Line> =
    Resource::with_opener("line", || Line::open(&address(), &LINE)).restart(AT_ONCE);
static PEER: Resource<Peer> =
    Resource::with_opener("process", || Peer::open(&PEER)).restart(Restart::never());
static TASK: Resource<()> = Resource::new("task");
static TILL: Resource<()> = Resource::new("till");
static NOBODYS: Resource<()> = Resource::new("nobody's");

static SERVED: AtomicU64 = AtomicU64::new(0);
static LOCKED: Mutex<u64> = Mutex::new(0);

/// Where the exchange is: beside the disk, for it dies in another way.
const SOCKETS: &str = "extreme-sockets";

fn address() -> PathBuf {
    Disk::path(SOCKETS).join("exchange")
}

/// The handlers, and for which reason each is skipped once everything is dead.
pub(super) const REASONS: [(&str, SkipReason); 9] = [
    ("asks_process", SkipReason::PeerDead),
    ("asks_server", SkipReason::StateUnavailable),
    ("fills_ledger", SkipReason::StateUnavailable),
    ("fills_table", SkipReason::StateUnavailable),
    ("locks", SkipReason::StateCorrupted),
    ("needs_nobody", SkipReason::Unavailable),
    ("needs_task", SkipReason::ShuttingDown),
    ("needs_till", SkipReason::ShuttingDown),
    ("pings", SkipReason::PeerDead),
];

fn open_table() -> io::Result<Table> {
    folder_of(&Disk::path(DISK).join("table"))?;
    Ok(Table::default())
}

#[defensive_handler(on = "extreme.call")]
fn fills_table(_: &Event<'_>, #[needs(TABLE)] table: &Table) {
    table.add(1, 1);
}

#[defensive_handler(on = "extreme.call")]
fn fills_ledger(_: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Result<(), LedgerError> {
    ledger.insert(1)
}

#[defensive_handler(on = "extreme.call")]
fn asks_server(
    _: &Event<'_>,
    #[needs(SERVER)] server: &Server,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    server.double(1).map(|answer| assert_eq!(answer, 2))
}

#[defensive_handler(on = "extreme.call")]
fn asks_process(_: &Event<'_>, #[needs(PEER)] peer: &Peer) -> io::Result<()> {
    peer.ask("hello").map(|answer| assert_eq!(answer, "hello"))
}

#[defensive_handler(on = "extreme.call")]
fn pings(_: &Event<'_>, #[needs(LINE)] line: &Line) -> io::Result<()> {
    line.ping()
}

/// Whoever died with the lock left it poisoned.
fn lock() -> MutexGuard<'static, u64> {
    LOCKED.lock().unwrap()
}

/// The folder of the exchange.
pub(super) fn sockets() -> Disk {
    Disk::new(SOCKETS)
}

pub(super) fn handlers() -> Vec<Handler> {
    let on = |name, resource| Handler::new(name, "extreme.call", |_| ()).needs(resource);
    vec![
        annotated(handler!(fills_table)),
        annotated(handler!(fills_ledger)),
        annotated(handler!(asks_server)),
        annotated(handler!(asks_process)),
        annotated(handler!(pings)),
        on("needs_task", &TASK),
        on("needs_till", &TILL),
        on("needs_nobody", &NOBODYS),
        Handler::new("locks", "extreme.call", |_| *lock() += 1),
        Handler::new("needs_nothing", "extreme.call", |_| ()),
    ]
}

/// What keeps alive what does not open by itself.
pub(super) struct World {
    disk: Disk,
    exchange: Exchange,
    runtime: Runtime,
    task: AbortHandle,
    provided: [Provided<()>; 2],
}

impl World {
    /// Makes everything but what nobody provides; what opens by itself does so from now on.
    pub(super) fn make() -> Self {
        let disk = Disk::new(DISK);
        let exchange = Exchange::open(&address()).unwrap();
        PEER.ensure_started_within(PATIENCE).unwrap();
        let provided = [TASK.provide(()), TILL.provide(())];
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let task = runtime.spawn(pending::<()>());
        let abort = task.abort_handle();
        runtime.block_on(async { TASK.watch(task) }).unwrap();
        LOCKED.clear_poison();
        World {
            disk,
            exchange,
            runtime,
            task: abort,
            provided,
        }
    }

    /// Kills all of it, and returns once it is dead and nothing of it can be opened again.
    pub(super) fn kill(self) {
        let World {
            disk,
            exchange,
            runtime,
            task,
            provided: [provided_task, till],
        } = self;
        dies(&SERVER, || assert!(SERVER.lease().unwrap().poison()));
        SERVER.wait_ready(PATIENCE).unwrap();
        drop(disk);
        dies(&TABLE, || assert!(Table::delete(&TABLE)));
        dies(&LEDGER, || {
            let inserted = LEDGER.lease().unwrap().insert(1);
            assert!(matches!(inserted, Err(LedgerError::Gone)));
        });
        exchange.close();
        dies(&LINE, || assert!(LINE.lease().unwrap().ping().is_err()));
        dies(&PEER, || PEER.lease().unwrap().kill().unwrap());
        dies(&TASK, || task.abort());
        assert_eq!(till.revoke(PATIENCE).outstanding, 0);
        let poisons = thread::spawn(|| {
            let _locked = lock();
            resume_unwind(Box::new("dies with the lock"));
        });
        assert!(poisons.join().is_err());
        for opened in OPENED {
            let refused = opened.ensure_started_within(PATIENCE);
            let refused = refused.expect_err(opened.name());
            assert_ne!(refused.reason(), SkipReason::TimedOut, "{refused}");
        }
        drop((provided_task, runtime));
    }
}

/// Ends what would open them again.
pub(super) fn give_up() {
    for opened in OPENED {
        assert_eq!(opened.revoke(PATIENCE).outstanding, 0);
    }
}

/// What nobody provided until now.
pub(super) fn provide_the_rest() -> Provided<()> {
    NOBODYS.provide(())
}

/// Those that come back by themselves.
static OPENED: [&dyn Need; 4] = [&TABLE, &LEDGER, &SERVER, &LINE];

/// Waits until all are there again that come back by themselves.
pub(super) fn wait_until_recovered() {
    TABLE.wait_ready(PATIENCE).unwrap();
    LEDGER.wait_ready(PATIENCE).unwrap();
    SERVER.wait_ready(PATIENCE).unwrap();
    LINE.wait_ready(PATIENCE).unwrap();
}

/// Kills, and waits until the death is told and nothing is lent any more.
fn dies(resource: &'static dyn Need, kill: impl FnOnce()) {
    let mut monitor = resource.monitor();
    kill();
    let down = monitor.wait(PATIENCE).expect("it was killed");
    assert_eq!(down.resource, resource.name());
    // Asked under its lock, and so when its death is over.
    let _ = resource.readiness();
}
