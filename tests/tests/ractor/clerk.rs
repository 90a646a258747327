//! The actor of these tests: adds up, and fails on demand.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort};
use tokio::sync::oneshot;

/// What a clerk is asked to do.
pub(crate) enum Work {
    Add(u32),
    Total(RpcReplyPort<u32>),
    Panic,
    Fail,
    /// Do nothing else until the sender says so.
    Wait(oneshot::Receiver<()>),
}

/// What becomes of a clerk.
#[derive(Clone, Default)]
pub(crate) struct Fate {
    pub(crate) start: How,
    pub(crate) started: How,
    pub(crate) stop: How,
    /// Counts what was added, also by clerks that are dead.
    pub(crate) added: Arc<AtomicU32>,
    pub(crate) answered: Arc<AtomicU32>,
    pub(crate) stopped: Arc<AtomicU32>,
}

#[derive(Clone, Copy, Default)]
pub(crate) enum How {
    #[default]
    Well,
    Panic,
    Fail,
}

#[derive(Debug, thiserror::Error)]
#[error("the ledger is gone")]
struct LedgerGone(#[source] io::Error);

pub(crate) struct Clerk;

pub(crate) struct Desk {
    total: u32,
    fate: Fate,
}

impl Actor for Clerk {
    type Msg = Work;
    type State = Desk;
    type Arguments = Fate;

    async fn pre_start(&self, _: ActorRef<Work>, fate: Fate) -> Result<Desk, ActorProcessingErr> {
        fate.start.go("the clerk is ill")?;
        Ok(Desk { total: 0, fate })
    }

    async fn post_start(
        &self,
        _: ActorRef<Work>,
        desk: &mut Desk,
    ) -> Result<(), ActorProcessingErr> {
        desk.fate.started.go("the desk is on fire")
    }

    async fn handle(
        &self,
        _: ActorRef<Work>,
        work: Work,
        desk: &mut Desk,
    ) -> Result<(), ActorProcessingErr> {
        match work {
            Work::Add(number) => {
                desk.total += number;
                desk.fate.added.fetch_add(number, Ordering::SeqCst);
            }
            Work::Total(reply) => {
                reply.send(desk.total)?;
                desk.fate.answered.fetch_add(1, Ordering::SeqCst);
            }
            Work::Panic => How::Panic.go("too many letters")?,
            Work::Fail => How::Fail.go("")?,
            Work::Wait(released) => released.await?,
        }
        Ok(())
    }

    async fn post_stop(
        &self,
        _: ActorRef<Work>,
        desk: &mut Desk,
    ) -> Result<(), ActorProcessingErr> {
        desk.fate.stopped.fetch_add(1, Ordering::SeqCst);
        desk.fate.stop.go("the door is stuck")
    }
}

impl How {
    fn go(self, panic: &str) -> Result<(), ActorProcessingErr> {
        match self {
            How::Well => Ok(()),
            How::Panic => panic!("{panic}"),
            How::Fail => Err(LedgerGone(io::Error::from(io::ErrorKind::NotFound)).into()),
        }
    }
}
