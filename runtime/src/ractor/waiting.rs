//! Whoever waits for an actor's end, and tells it to the resource.

use std::io;

use ::ractor::{ActorCell, ActorRef, ActorRuntime, ActorStatus, Message};
use tokio::runtime::Handle;

use super::{
    OwnedActor,
    supervisor::{LastWords, Supervisor, cause_unheard, cause_with_runtime},
};
use crate::{
    blocking::block_on,
    resource::{DownCause, Watch, Watched, wait_aside},
};

/// Waits for the end of an actor, and then for what its supervisor has heard of it.
///
/// Dropped before that, with the runtime, it lets a thread go on: the actor may be in another one.
pub(super) struct Waiting(Option<Ending>);

/// The end of an actor, that has come or will.
struct Ending {
    actor: ActorCell,
    words: LastWords,
    watch: Watch,
}

impl Waiting {
    pub(super) fn new(actor: ActorCell, words: LastWords, watch: Watch) -> Self {
        Waiting(Some(Ending {
            actor,
            words,
            watch,
        }))
    }

    /// Waits, and ends the supervisor.
    pub(super) async fn with(mut self, supervisor: OwnedActor<()>) {
        let Some(Ending { actor, .. }) = &self.0 else {
            return;
        };
        // Without a limit there is no timeout.
        let _ = actor.clone().wait(None).await;
        // All that is to be heard was sent before the actor had ended. Of an actor's ports the one
        // of these words comes first, but it may have been found empty before they came, and then
        // the next one is looked at: so there is a message to be found in it before the drain.
        let _ = supervisor.cast(());
        // One that is dead already hears nothing more.
        let _ = supervisor.drain_and_wait(None).await;
        if let Some(ending) = self.0.take() {
            ending.tell(cause_unheard);
        }
    }

    fn without_runtime(mut self) -> io::Result<()> {
        match self.0.take() {
            Some(ending) => ending.tell_without_runtime(cause_unheard),
            None => Ok(()),
        }
    }
}

impl Ending {
    fn tell(self, unheard: fn(&ActorCell) -> DownCause) {
        let words = self.words.of(&self.actor);
        let cause = words.unwrap_or_else(|| unheard(&self.actor));
        self.watch.ended(cause);
    }

    /// Tells it at once if it has come, else from a thread that waits for it.
    fn tell_without_runtime(self, unheard: fn(&ActorCell) -> DownCause) -> io::Result<()> {
        if self.actor.get_status() == ActorStatus::Stopped {
            self.tell(unheard);
            return Ok(());
        }
        wait_aside("actor", move || {
            let _ = block_on(self.actor.wait(None));
            self.tell(unheard);
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(ending) = self.0.take() {
            // Without a thread the watch is dropped, and so is lost.
            let _ = ending.tell_without_runtime(cause_with_runtime);
        }
    }
}

/// The actor's place in a supervision tree stays as it is. Outside of a tokio runtime it is only
/// known that it has ended, not why.
impl Watched for ActorCell {
    fn watch(self, watch: Watch) -> io::Result<()> {
        let words = LastWords::default();
        let waiting = Waiting::new(self.clone(), words.clone(), watch);
        let Ok(runtime) = Handle::try_current() else {
            return waiting.without_runtime();
        };
        let Ok((supervisor, started)) = ActorRuntime::spawn_instant(None, Supervisor, words) else {
            return waiting.without_runtime();
        };
        supervisor.monitor(self);
        runtime.spawn(async move {
            // Drained before it has started, it would hear nothing.
            let _ = started.await;
            waiting.with(supervisor.into()).await;
        });
        Ok(())
    }
}

/// As an [`ActorCell`].
impl<M: Message> Watched for ActorRef<M> {
    fn watch(self, watch: Watch) -> io::Result<()> {
        self.get_cell().watch(watch)
    }
}
