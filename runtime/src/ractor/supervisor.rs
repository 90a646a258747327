//! Our end of ractor's supervision: an actor that keeps what is said of another's end.

use std::sync::{Arc, Mutex, PoisonError};

use ::ractor::{ActorCell, ActorId, ActorProcessingErr, ActorRef, Signal, SupervisionEvent};

use crate::{contain, reason::SkipReason, resource::DownCause};

/// What ractor says of an actor whose task was dropped by its runtime.
const TASK_CANCELLED: &str = "actor_task_cancelled";

/// Hears the supervision events of one actor.
pub(super) struct Supervisor;

/// What was said last of an actor's end.
#[derive(Clone, Debug, Default)]
pub(super) struct LastWords(Arc<Mutex<Option<(ActorId, DownCause)>>>);

// Without messages of its own, since those are declared otherwise with ractor's feature `cluster`.
#[::ractor::actor(message = (), state = LastWords, arguments = LastWords)]
impl Supervisor {
    async fn pre_start(
        &self,
        _myself: ActorRef<()>,
        words: LastWords,
    ) -> Result<LastWords, ActorProcessingErr> {
        Ok(words)
    }

    /// What ractor's supervisors do by default, which is to end as well, would be too early.
    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<()>,
        event: SupervisionEvent,
        words: &mut LastWords,
    ) -> Result<(), ActorProcessingErr> {
        words.hear(event);
        Ok(())
    }
}

impl LastWords {
    /// What was said of the end of this actor.
    pub(super) fn of(&self, actor: &ActorCell) -> Option<DownCause> {
        let words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_it = words.as_ref().filter(|(id, _)| *id == actor.get_id());
        of_it.map(|(_, cause)| cause.clone())
    }

    fn hear(&self, event: SupervisionEvent) {
        let words = match event {
            SupervisionEvent::ActorTerminated(actor, state, reason) => {
                // The state's drop is the user's code.
                contain::attempt(|| drop(state));
                let cause = cause_of_termination(&actor, reason.as_deref());
                (actor.get_id(), cause)
            }
            SupervisionEvent::ActorFailed(actor, error) => {
                let cause = cause_of_failure(&actor, &error);
                contain::attempt(|| drop(error));
                (actor.get_id(), cause)
            }
            _ => return,
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(words);
    }
}

fn cause_of_termination(actor: &ActorCell, reason: Option<&str>) -> DownCause {
    let actor = naming(actor);
    match reason {
        Some(reason) if reason == Signal::Kill.to_string() => {
            DownCause::new(SkipReason::PeerDead, format!("{actor} was killed"))
        }
        Some(TASK_CANCELLED) => DownCause::new(
            SkipReason::ShuttingDown,
            format!("the task of {actor} was cancelled"),
        ),
        Some(reason) => DownCause::new(
            SkipReason::ShuttingDown,
            format!("{actor} stopped: {reason}"),
        ),
        None => DownCause::new(SkipReason::ShuttingDown, format!("{actor} stopped")),
    }
}

/// Whatever the error, for others its actor is a dead peer.
fn cause_of_failure(actor: &ActorCell, error: &ActorProcessingErr) -> DownCause {
    let said = DownCause::of(&**error);
    let text = format!("{} failed: {}", naming(actor), said.text());
    DownCause::new(SkipReason::PeerDead, text)
}

/// The cause of an end of which nothing was heard.
pub(super) fn cause_unheard(actor: &ActorCell) -> DownCause {
    DownCause::new(SkipReason::PeerDead, format!("{} has ended", naming(actor)))
}

/// The cause of an end after which, or before which, the supervisor's runtime has ended.
pub(super) fn cause_with_runtime(actor: &ActorCell) -> DownCause {
    let actor = naming(actor);
    let text = format!("{actor} has ended, and so has the runtime that watched it");
    DownCause::new(SkipReason::ShuttingDown, text)
}

fn naming(actor: &ActorCell) -> String {
    match actor.get_name() {
        Some(name) => format!("actor `{name}`"),
        None => "the actor".to_owned(),
    }
}
