//! How soon calls are handled again after what they need has died. For information: most of it is
//! the delay that a policy asks for before it opens something again.

use std::{
    sync::atomic::AtomicU64,
    thread,
    time::{Duration, Instant},
};

use gambeson::{Builder, Event, Handler, Need, Quarantine, Resource, Restart, Telemetry};
use gambeson_tests::{
    PATIENCE,
    stores::{Peer, Server, Table},
};

use crate::harness::{Options, Row, median};

/// The goals end at 20.
const NUMBER: u8 = 21;

const DEATHS: usize = 200;

/// As often as it dies.
const BY_DEFAULT: Restart = Restart::new().at_most(u32::MAX, Duration::from_secs(1));
const AT_ONCE: Restart = BY_DEFAULT.backoff(Duration::ZERO, Duration::from_millis(1));

static PATIENT: Resource<Table> =
    Resource::with_opener("patient table", Table::open).restart(BY_DEFAULT);
static TABLE: Resource<Table> = Resource::with_opener("table", Table::open).restart(AT_ONCE);
static SERVER: Resource<Server> =
    Resource::with_opener("server", || Server::open(&SERVER, &SERVED)).restart(AT_ONCE);
static PEER: Resource<Peer> =
    Resource::with_opener("process", || Peer::open(&PEER)).restart(AT_ONCE);

static SERVED: AtomicU64 = AtomicU64::new(0);

/// Something that is killed, and whose handler has its name.
struct Victim {
    what: &'static str,
    resource: &'static dyn Need,
    handler: fn(&str) -> Handler,
    /// `None` where it is not there to be killed.
    kill: fn() -> Option<()>,
}

fn victims() -> [Victim; 4] {
    [
        Victim {
            what: "a deleted table, by the default policy",
            resource: &PATIENT,
            handler: |name| Handler::new(name, "recovery.call", |_| PATIENT.lease().map(drop)),
            kill: || Table::delete(&PATIENT).then_some(()),
        },
        Victim {
            what: "a deleted table, to be opened at once",
            resource: &TABLE,
            handler: |name| Handler::new(name, "recovery.call", |_| TABLE.lease().map(drop)),
            kill: || Table::delete(&TABLE).then_some(()),
        },
        Victim {
            what: "a killed thread, to be started at once",
            resource: &SERVER,
            handler: |name| {
                Handler::new(name, "recovery.call", |_| {
                    SERVER.lease()?.double(1).map(drop)
                })
            },
            kill: || SERVER.lease().ok()?.poison().then_some(()),
        },
        Victim {
            what: "a killed process, to be started at once",
            resource: &PEER,
            handler: |name| {
                Handler::new(
                    name,
                    "recovery.call",
                    |_| -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
                        Ok(PEER.lease()?.ask("hello").map(drop)?)
                    },
                )
            },
            kill: || PEER.lease().ok()?.kill().ok(),
        },
    ]
}

/// From before the kill to after the first call that was handled again, in nanoseconds.
fn recovery(telemetry: &Telemetry, victim: &Victim) -> Option<f64> {
    let mut monitor = victim.resource.monitor();
    let killed = Instant::now();
    (victim.kill)()?;
    monitor.wait(PATIENCE)?;
    let event = Event::new("recovery.call", &[], &[]);
    while !telemetry.call(victim.what, &event).is_handled() {
        if killed.elapsed() > PATIENCE {
            return None;
        }
        thread::yield_now();
    }
    Some(killed.elapsed().as_secs_f64() * 1e9)
}

/// The median of each.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let victims = victims();
    let handlers = victims.iter().map(|victim| {
        let handler = (victim.handler)(victim.what).needs(victim.resource);
        handler.quarantine(Quarantine::OFF)
    });
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let Ok(telemetry) = handlers.fold(builder, Builder::handler).start() else {
        return Vec::new();
    };
    let row = |victim: &Victim| {
        let deaths = 0..options.samples(DEATHS);
        let times: Option<Vec<f64>> = deaths.map(|_| recovery(&telemetry, victim)).collect();
        let what = format!("{}: until a call is handled", victim.what);
        Row::micros(NUMBER, what, times.map_or(f64::NAN, median))
    };
    let rows = victims.iter().map(row).collect();
    for victim in &victims {
        victim.resource.revoke(PATIENCE);
    }
    rows
}
