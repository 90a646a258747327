//! The opener of a resource that is an actor.

use ::ractor::{Actor, ActorName, ActorProcessingErr, SpawnErr};
use tokio::{
    runtime::{Handle, TryCurrentError},
    task::JoinError,
};

use super::{
    OwnedActor,
    supervisor::{LastWords, Supervisor},
    waiting::Waiting,
};
use crate::resource::Resource;

/// Spawns the actor that a resource's opener opens, and makes its death the resource's.
///
/// After the resource come the arguments of [`Actor::spawn`]. An actor that has a name can only
/// be spawned again when the one before has ended: drained, it keeps its name until then, and the
/// opening is tried again. The supervisor that it is linked to is the resource's own.
///
/// It is for the opener of that very resource, whose thread it blocks until the actor has started:
///
/// ```
/// use gambeson::{Resource, SkipReason, ractor::{OwnedActor, spawn}};
/// # use ractor::{Actor, ActorProcessingErr, ActorRef};
///
/// struct Printer;
///
/// impl Actor for Printer {
///     type Msg = String;
///     type State = ();
///     type Arguments = &'static str;
///
///     async fn pre_start(
///         &self,
///         _: ActorRef<String>,
///         device: &'static str,
///     ) -> Result<(), ActorProcessingErr> {
///         std::fs::File::open(device)?;
///         Ok(())
///     }
/// }
///
/// static PRINTER: Resource<OwnedActor<String>> =
///     Resource::with_opener("printer", || spawn(&PRINTER, None, Printer, "no/such/device"));
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let error = PRINTER.ensure_started().unwrap_err();
/// assert_eq!(error.reason(), SkipReason::StateUnavailable);
/// assert!(error.cause().text().starts_with("the actor did not start: No such file"));
/// # PRINTER.revoke(std::time::Duration::ZERO);
/// # }
/// ```
///
/// # Errors
///
/// If `pre_start` failed or panicked, with what it said; if the name is taken; if the opener was
/// asked for outside of a tokio runtime, or inside one that has ended; and outside of the opener.
pub fn spawn<A: Actor>(
    resource: &'static Resource<OwnedActor<A::Msg>>,
    name: Option<ActorName>,
    actor: A,
    arguments: A::Arguments,
) -> Result<OwnedActor<A::Msg>, NotSpawned> {
    if !resource.is_opened_here() {
        return Err(NotSpawned::OutsideOpener(resource.name()));
    }
    let runtime = Handle::try_current()?;
    runtime.block_on(async {
        let words = LastWords::default();
        let supervisor = start_supervisor(words.clone()).await?;
        let supervised = A::spawn_linked(name, actor, arguments, supervisor.get_cell());
        let (actor, _) = supervised.await?;
        // Linked, it is heard from its first moment; monitored, also if it is linked to another.
        supervisor.monitor(actor.get_cell());
        let waiting = Waiting::new(actor.get_cell(), words, resource.watch_by_hand());
        tokio::spawn(waiting.with(supervisor));
        Ok(actor.into())
    })
}

/// Owned, for it is not to outlive an actor that does not start.
async fn start_supervisor(words: LastWords) -> Result<OwnedActor<()>, NotSpawned> {
    let (supervisor, task) = Supervisor::spawn(None, Supervisor, words).await?;
    if task.is_finished()
        && let Err(error) = task.await
    {
        return Err(NotSpawned::RuntimeEnded(error));
    }
    Ok(supervisor.into())
}

/// Why an actor was not spawned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotSpawned {
    /// It was not the opener of the resource that asked.
    #[error(
        "`spawn` is for the opener of resource `{0}`; elsewhere, spawn the actor with ractor, and \
         give it to `gambeson::ractor::provide`"
    )]
    OutsideOpener(&'static str),
    /// There is no runtime to spawn it on.
    #[error("ask for the resource, or start the telemetry, inside a tokio runtime")]
    NoRuntime(#[from] TryCurrentError),
    /// The runtime has ended.
    #[error("the runtime to spawn the actor on has ended")]
    RuntimeEnded(#[source] JoinError),
    /// `pre_start` failed or panicked.
    #[error("the actor did not start")]
    Failed(#[source] ActorProcessingErr),
    /// ractor refused it, because of its name.
    #[error(transparent)]
    Refused(SpawnErr),
}

impl From<SpawnErr> for NotSpawned {
    fn from(error: SpawnErr) -> Self {
        match error {
            SpawnErr::StartupFailed(error) => NotSpawned::Failed(error),
            error => NotSpawned::Refused(error),
        }
    }
}
