//! Servers that are killed while they are asked: a thread by a message that makes it panic, a
//! process by a signal.

use std::{
    error::Error,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use gambeson::{
    Event, Monitor, Need, Report, Resource, SkipReason, Telemetry, defensive_handler, emit, handler,
};
use gambeson_tests::{
    Choices, PATIENCE, crowd, seed,
    stores::{Peer, Server},
};

use crate::{AT_ONCE, annotated, started};

const THREADS: usize = 8;
const CALLS: u64 = 125;

/// Makes 1,000 calls, on eight threads, while one of them also kills what they need, and waits
/// until it is dead. Returns how often it was killed.
fn killed_under_1000_operations(
    telemetry: &Arc<Telemetry>,
    needed: &'static dyn Need,
    operation: fn(),
    kill: fn(),
) -> u64 {
    let seed = seed("RECOVERY_SEED");
    let caller = Arc::clone(telemetry);
    let kills = crowd(THREADS, move |thread| {
        let mut choices = Choices::new(seed, thread as u64);
        let mut kills = 0;
        for _ in 0..CALLS {
            caller.enter(operation);
            if thread == 0 && choices.below(25) == 0 {
                needed.ensure_started_within(PATIENCE).unwrap();
                let mut monitor = needed.monitor();
                kill();
                died_of(&mut monitor, SkipReason::PeerDead);
                kills += 1;
            }
        }
        kills
    });
    kills.join().into_iter().sum()
}

fn died_of(monitor: &mut Monitor, reason: SkipReason) {
    let down = monitor.wait(PATIENCE).expect("it was killed");
    assert_eq!(down.reason, reason, "{down}");
}

/// What was not served was skipped because the peer was dead, and for nothing else.
#[track_caller]
fn is_exact(report: &Report, handler: &str, served: &AtomicU64) {
    let counts = report.handler(handler).unwrap();
    assert_eq!(counts.matched, THREADS as u64 * CALLS);
    assert_eq!(counts.handled, served.load(Ordering::SeqCst), "{report}");
    let skipped = counts.skipped(SkipReason::PeerDead);
    assert_eq!(skipped, counts.matched - counts.handled, "{report}");
}

#[test]
fn a_server_killed_under_1000_operations() {
    static SERVED: AtomicU64 = AtomicU64::new(0);
    static SERVER: Resource<Server> =
        Resource::with_opener("server", || Server::open(&SERVER, &SERVED)).restart(AT_ONCE);

    #[defensive_handler(on = "server.asked")]
    fn asks(
        _: &Event<'_>,
        #[needs(SERVER)] server: &Server,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        server.double(21).map(|answer| assert_eq!(answer, 42))
    }

    let mut monitor = SERVER.monitor();
    let telemetry = Arc::new(started([annotated(handler!(asks))]));
    let kill = || assert!(SERVER.lease().unwrap().poison());
    let ask = || emit!("server.asked");
    let kills = killed_under_1000_operations(&telemetry, &SERVER, ask, kill);
    is_exact(&telemetry.report(), "asks", &SERVED);
    for _ in 0..kills {
        let down = monitor.try_next().unwrap();
        assert_eq!(down.cause, "thread `server` panicked: poisoned");
    }
    assert!(monitor.try_next().is_none(), "one death for each kill");
    SERVER.wait_ready(PATIENCE).unwrap();
    assert_eq!(SERVER.lease().unwrap().double(4).unwrap(), 8);
}

#[test]
fn a_process_killed_under_1000_operations() {
    static ANSWERED: AtomicU64 = AtomicU64::new(0);
    static PEER: Resource<Peer> =
        Resource::with_opener("process", || Peer::open(&PEER)).restart(AT_ONCE);

    #[defensive_handler(on = "process.asked")]
    fn asks(_: &Event<'_>, #[needs(PEER)] peer: &Peer) -> io::Result<()> {
        let answer = peer.ask("are you there?")?;
        assert_eq!(answer, "are you there?");
        ANSWERED.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    let mut monitor = PEER.monitor();
    let telemetry = Arc::new(started([annotated(handler!(asks))]));
    let kill = || PEER.lease().unwrap().kill().unwrap();
    let ask = || emit!("process.asked");
    let kills = killed_under_1000_operations(&telemetry, &PEER, ask, kill);
    is_exact(&telemetry.report(), "asks", &ANSWERED);
    for _ in 0..kills {
        let down = monitor.try_next().unwrap();
        assert!(down.cause.contains("ended: signal: 9"), "{down}");
    }
    assert!(monitor.try_next().is_none(), "one death for each kill");
    PEER.wait_ready(PATIENCE).unwrap();
    assert_eq!(PEER.lease().unwrap().ask("again").unwrap(), "again");
}
