//! Actors of ractor as resources: how they come up, how their deaths are told, who ends them.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

mod clerk;
mod deaths;
mod leases;
mod openings;
mod owned;
mod runtimes;
mod storm;
mod trees;

use gambeson::{Resource, ractor::OwnedActor};
use gambeson_tests::PATIENCE;
use tokio::runtime::{Builder, Runtime};

use self::clerk::Work;

type Clerks = Resource<OwnedActor<Work>>;

/// A runtime with two workers.
fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

/// What the clerk of a resource has added up.
fn total(runtime: &Runtime, clerks: &Clerks) -> u32 {
    let clerk = clerks.lease().unwrap().clone();
    runtime.block_on(async { ractor::call!(clerk, Work::Total).unwrap() })
}

/// The next death that a monitor tells of, as `reason: cause`.
#[track_caller]
fn next(monitor: &mut gambeson::Monitor) -> String {
    let down = monitor.wait(PATIENCE).expect("it has died");
    format!("{}: {}", down.reason, down.cause)
}
