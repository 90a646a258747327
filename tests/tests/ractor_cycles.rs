//! An actor that comes and goes leaves nothing behind: no task, no thread.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

use std::fs;

use gambeson::{
    Resource, Restart,
    ractor::{OwnedActor, provide, spawn},
};
use gambeson_tests::{PATIENCE, wait_until};
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, call};
use tokio::runtime::{Builder, Runtime};

struct Echo;

impl Actor for Echo {
    type Msg = RpcReplyPort<()>;
    type State = ();
    type Arguments = ();

    async fn pre_start(
        &self,
        _: ActorRef<RpcReplyPort<()>>,
        (): (),
    ) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _: ActorRef<RpcReplyPort<()>>,
        reply: RpcReplyPort<()>,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        Ok(reply.send(())?)
    }
}

type Echoes = Resource<OwnedActor<RpcReplyPort<()>>>;

static OPENED: Echoes =
    Resource::with_opener("opened", || spawn(&OPENED, None, Echo, ())).restart(Restart::never());

static PROVIDED: Echoes = Resource::new("provided");

/// How many threads the process has, where that is known.
fn threads() -> usize {
    fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

fn answers(runtime: &Runtime, echoes: &Echoes) -> ActorRef<RpcReplyPort<()>> {
    let echo = echoes.lease().unwrap().clone();
    runtime.block_on(async { call!(echo, |reply| reply).unwrap() });
    echo
}

/// One life of each, ended in one of three ways.
fn cycle(runtime: &Runtime, number: u32) {
    OPENED.ensure_started().unwrap();
    let opened = answers(runtime, &OPENED);
    let (echo, _) = runtime.block_on(Echo::spawn(None, Echo, ())).unwrap();
    let provided = provide(&PROVIDED, echo).unwrap();
    let given = answers(runtime, &PROVIDED);
    let mut monitors = [OPENED.monitor(), PROVIDED.monitor()];
    match number % 3 {
        0 => [&opened, &given].map(|echo| echo.kill()).len(),
        1 => [&opened, &given].map(|echo| echo.stop(None)).len(),
        _ => [&OPENED, &PROVIDED]
            .map(|echoes| echoes.revoke(PATIENCE))
            .len(),
    };
    for monitor in &mut monitors {
        monitor.wait(PATIENCE).expect("it has ended");
        assert!(monitor.try_next().is_none(), "once");
    }
    drop(provided);
}

#[test]
fn twenty_cycles_leave_nothing_behind() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let _inside = runtime.enter();
    let before = threads();
    for number in 0..20 {
        cycle(&runtime, number);
    }
    wait_until("no task is left", PATIENCE, || {
        runtime.metrics().num_alive_tasks() == 0
    });
    wait_until("no thread is left", PATIENCE, || threads() == before);
}
