//! Panics on ractor's errors, and the errors themselves.

use std::{future::Future, io, time::Duration};

use gambeson::{
    Classify,
    SkipReason::{self, ContractViolation, PeerDead, StateUnavailable, TimedOut, Unavailable},
};
use ractor::{
    Actor, ActorErr, ActorProcessingErr, ActorRef, ActorRuntime, Message, MessagingErr, RactorErr,
    RpcReplyPort, SpawnErr, call, call_t, cast, concurrency::Timeout, message::BoxedDowncastErr,
    rpc::CallResult,
};

use super::{
    Panic,
    errors::{self, Row, Typed},
    panic,
    tokio_failures::runtime,
};

/// Every case of this file.
pub(super) fn cases() -> impl Iterator<Item = &'static Panic> {
    CASES.iter()
}

const CASES: &[Panic] = &[
    panic("SendErr", PeerDead, || refused_message().unwrap()),
    panic("RecvErr", PeerDead, || unanswered().unwrap()),
    panic("InvalidActorType", ContractViolation, || {
        misdirected().unwrap();
    }),
    panic("StartupFailed(", PeerDead, || {
        not_started(How::Panic).unwrap();
    }),
    panic("on a `SenderError` value", PeerDead, || {
        result_of_call(None).unwrap();
    }),
    panic("on a `Timeout` value", TimedOut, || {
        result_of_call(Some(Duration::ZERO)).unwrap();
    }),
];

/// Errors whose type has that of a message in it.
pub(super) const ROWS: &[Row] = &[
    (
        "Messaging failed because channel is closed",
        PeerDead,
        || unanswered().unwrap_err().into(),
    ),
    ("Messaging failed to enqueue the message", PeerDead, || {
        refused_message().unwrap_err().into()
    }),
    (
        "Messaging failed due to the provided actor type",
        ContractViolation,
        || misdirected().unwrap_err().into(),
    ),
    ("Actor panicked", PeerDead, || {
        RactorErr::<Letter>::from(not_started(How::Panic).unwrap_err()).into()
    }),
    ("timeout", TimedOut, || late().unwrap_err().into()),
];

/// Errors that are known by their type.
const ERRORS: &[Typed] = &[
    (PeerDead, || not_started(How::Panic).unwrap_err().into()),
    (PeerDead, || not_started(How::Error).unwrap_err().into()),
    (StateUnavailable, || {
        not_started(How::NotFound).unwrap_err().into()
    }),
    (Unavailable, || same_name().unwrap_err().into()),
    (ContractViolation, || {
        drained_before_it_started().unwrap_err().into()
    }),
    // ractor itself lets none of these out.
    (PeerDead, || ActorErr::Cancelled.into()),
    (PeerDead, || {
        ActorErr::Failed(io::Error::from(io::ErrorKind::NotFound).into()).into()
    }),
    (TimedOut, || outlived().unwrap_err().into()),
    (ContractViolation, || taken_for_text().unwrap_err().into()),
];

/// Takes letters, and answers none of them.
struct Clerk;

struct Letter(Option<RpcReplyPort<()>>);

/// How a clerk starts.
enum How {
    Well,
    Panic,
    Error,
    NotFound,
}

impl Actor for Clerk {
    type Msg = Letter;
    type State = Vec<Letter>;
    type Arguments = How;

    async fn pre_start(
        &self,
        _: ActorRef<Letter>,
        how: How,
    ) -> Result<Vec<Letter>, ActorProcessingErr> {
        match how {
            How::Well => Ok(Vec::new()),
            How::Panic => panic!("the clerk is ill"),
            How::Error => Err("the clerk is away".into()),
            How::NotFound => Err(io::Error::from(io::ErrorKind::NotFound).into()),
        }
    }

    /// Keeps letters that nobody waits for any more, so that their time runs out.
    async fn handle(
        &self,
        _: ActorRef<Letter>,
        letter: Letter,
        kept: &mut Vec<Letter>,
    ) -> Result<(), ActorProcessingErr> {
        if letter
            .0
            .as_ref()
            .is_some_and(|port| port.get_timeout().is_some())
        {
            kept.push(letter);
        }
        Ok(())
    }
}

/// What a clerk at work is good for.
fn with_clerk<R, F: Future<Output = R>>(test: impl FnOnce(ActorRef<Letter>) -> F) -> R {
    runtime().block_on(async {
        let (clerk, task) = Actor::spawn(None, Clerk, How::Well).await.unwrap();
        let result = test(clerk.clone()).await;
        clerk.stop(None);
        task.await.unwrap();
        result
    })
}

fn refused_message() -> Result<(), RactorErr<Letter>> {
    with_clerk(|clerk| async move {
        clerk.stop_and_wait(None, None).await.unwrap();
        cast!(clerk, Letter(None))
    })
}

fn unanswered() -> Result<(), RactorErr<Letter>> {
    with_clerk(|clerk| async move { call!(clerk, |port| Letter(Some(port))) })
}

fn late() -> Result<(), RactorErr<Letter>> {
    with_clerk(|clerk| async move { call_t!(clerk, |port| Letter(Some(port)), 0) })
}

fn result_of_call(timeout: Option<Duration>) -> CallResult<()> {
    with_clerk(|clerk| async move {
        let result = clerk.call(|port| Letter(Some(port)), timeout).await;
        result.expect("the clerk is there")
    })
}

fn misdirected() -> Result<(), MessagingErr<u8>> {
    with_clerk(|clerk| async move { clerk.get_cell().send_message(7_u8) })
}

fn not_started(how: How) -> Result<(), SpawnErr> {
    runtime().block_on(async { Clerk::spawn(None, Clerk, how).await.map(drop) })
}

fn same_name() -> Result<(), SpawnErr> {
    runtime().block_on(async {
        let name = || Some("the one clerk of this name".to_owned());
        let (clerk, _) = Clerk::spawn(name(), Clerk, How::Well).await.unwrap();
        let second = Clerk::spawn(name(), Clerk, How::Well).await;
        clerk.stop_and_wait(None, None).await.unwrap();
        second.map(drop)
    })
}

fn drained_before_it_started() -> Result<(), SpawnErr> {
    runtime().block_on(async {
        let (clerk, started) = ActorRuntime::spawn_instant(None, Clerk, How::Well).unwrap();
        clerk.drain().unwrap();
        started.await.unwrap().map(drop)
    })
}

fn outlived() -> Result<(), Timeout> {
    with_clerk(|clerk| async move { clerk.wait(Some(Duration::ZERO)).await })
}

fn taken_for_text() -> Result<String, BoxedDowncastErr> {
    let number = 7_u8.box_message(&ractor::ActorId::Local(0));
    String::from_boxed(number.expect("it is local"))
}

#[test]
fn of_ractor() {
    CASES.iter().for_each(Panic::check);
}

#[test]
fn returned_by_ractor() {
    for (reason, error) in ERRORS {
        errors::check(*reason, *error);
    }
}

/// With the type of the message, and so not by their text.
#[test]
fn returned_by_ractor_with_their_type() {
    type Case = (SkipReason, fn() -> RactorErr<Letter>);
    let cases: [Case; 6] = [
        (PeerDead, || refused_message().unwrap_err()),
        (PeerDead, || unanswered().unwrap_err()),
        (TimedOut, || late().unwrap_err()),
        (PeerDead, || ActorErr::Cancelled.into()),
        (ContractViolation, || MessagingErr::InvalidActorType.into()),
        // Its text would say that a peer is dead.
        (StateUnavailable, || {
            not_started(How::NotFound).unwrap_err().into()
        }),
    ];
    for (reason, error) in cases {
        assert_eq!(error().classify(), Some(reason), "{:?}", error());
    }
    let misdirected = misdirected().unwrap_err();
    assert_eq!(misdirected.classify(), Some(ContractViolation));
    assert_eq!(outlived().unwrap_err().classify(), Some(TimedOut));
}
