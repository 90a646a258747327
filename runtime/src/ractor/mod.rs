//! Actors of [`ractor`](https://docs.rs/ractor) 0.16, on tokio, as resources (feature `ractor`).
//!
//! An actor is a resource, its supervision events are the resource's deaths, and leases talk to
//! it. Handlers that need it are skipped while it is dead, and it is spawned again as the
//! resource's [`Restart`](crate::Restart) policy says. There is no other supervision here: what
//! becomes of an actor's children is ractor's business, and they end with it.
//!
//! | the actor | is a death of reason | and its cause says |
//! |---|---|---|
//! | panics or returns an error | `peer_dead` | what it said |
//! | is killed | `peer_dead` | that it was |
//! | stops or is drained | `shutting_down` | the reason it was given |
//! | is dropped by its runtime | `shutting_down` | that it was |
//! | had ended before it was watched | `peer_dead` | that it has |
//!
//! Each is told exactly once. An actor that fails to start is no death: its opening has failed,
//! and [`ensure_started`](crate::Resource::ensure_started) says why.
//!
//! ```
//! use std::time::Duration;
//! use gambeson::{Event, Resource, Telemetry, defensive_handler, emit};
//! use gambeson::ractor::{OwnedActor, spawn};
//! use ractor::{Actor, ActorProcessingErr, ActorRef, MessagingErr, RpcReplyPort, call};
//!
//! /// Counts the letters it sends.
//! struct PostOffice;
//!
//! enum Mail {
//!     Send(String),
//!     Sent(RpcReplyPort<u32>),
//! }
//!
//! impl Actor for PostOffice {
//!     type Msg = Mail;
//!     type State = u32;
//!     type Arguments = ();
//!
//!     async fn pre_start(&self, _: ActorRef<Mail>, (): ()) -> Result<u32, ActorProcessingErr> {
//!         Ok(0)
//!     }
//!
//!     async fn handle(
//!         &self,
//!         _: ActorRef<Mail>,
//!         mail: Mail,
//!         sent: &mut u32,
//!     ) -> Result<(), ActorProcessingErr> {
//!         match mail {
//!             Mail::Send(_letter) => *sent += 1,
//!             Mail::Sent(reply) => reply.send(*sent)?,
//!         }
//!         Ok(())
//!     }
//! }
//!
//! static MAIL: Resource<OwnedActor<Mail>> =
//!     Resource::with_opener("mail", || spawn(&MAIL, None, PostOffice, ()));
//!
//! #[defensive_handler(on = "shop.order.stop")]
//! fn confirm(
//!     event: &Event<'_>,
//!     #[needs(MAIL)] mail: &OwnedActor<Mail>,
//! ) -> Result<(), MessagingErr<Mail>> {
//!     mail.cast(Mail::Send(format!("thank you for {event}")))
//! }
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let telemetry = Telemetry::builder().start()?; // spawns the post office
//!     emit!("shop.order.stop", {}, { item = "lamp" });
//!     let mail = MAIL.lease()?.clone();
//!     assert_eq!(call!(mail, Mail::Sent)?, 1);
//!
//!     let monitor = MAIL.monitor();
//!     mail.kill();
//!     println!("{}", monitor.await); // resource `mail` went down (peer_dead): the actor was killed
//!     MAIL.wait_ready(Duration::from_secs(5))?; // another one, which has sent nothing yet
//!     emit!("shop.order.stop", {}, { item = "bulb" });
//!     let mail = MAIL.lease()?.clone();
//!     assert_eq!(call!(mail, Mail::Sent)?, 1);
//!     telemetry.shutdown();
//!     Ok(())
//! }
//! ```
//!
//! # Who ends the actor
//!
//! The resource owns the [`OwnedActor`] in it. Once the resource is revoked or crashed, or the
//! actor replaced, and nobody leases that actor any more nor keeps what [`provide`] returned for it,
//! it is drained: it handles every message that was sent before, is given `post_stop`, and ends.
//! [`revoke`](crate::Resource::revoke) waits for the leases, not for the actor; to wait for that
//! too, keep a reference to it:
//!
//! ```no_run
//! # use gambeson::{Resource, ractor::OwnedActor};
//! # async fn close(mail: &'static Resource<OwnedActor<String>>) -> Result<(), Box<dyn std::error::Error>> {
//! # let deadline = std::time::Duration::from_secs(1);
//! let actor = mail.lease()?.get_cell();
//! mail.revoke(deadline);
//! actor.wait(Some(deadline)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! An actor that somebody else owns is put in a plain `Resource<ActorRef<M>>`, and
//! [watched](crate::Resource::watch): its death is the resource's, and it lives on without it.
//!
//! # Limits
//!
//! - ractor tells a panic and an error alike, and a kill and a `stop` with the reason `killed`.
//! - A message that was accepted is lost when the actor dies before it handles it. To know that
//!   one was handled, `call` the actor in place of a `cast`.
//! - An actor in a handler that never returns does not end when it is drained.
//! - [`spawn`] runs `pre_start` on the opener's thread, inside the runtime. On the single thread of
//!   a `current_thread` runtime that is blocked in `ensure_started`, or in the start of a telemetry,
//!   timers and spawned tasks stand still meanwhile: a `pre_start` that awaits them does not end.

mod owned;
mod spawn;
mod supervisor;
mod waiting;

use std::io;

use ::ractor::{ActorRef, Message};

pub use self::{
    owned::OwnedActor,
    spawn::{NotSpawned, spawn},
};
use crate::resource::{Provided, Resource};

/// Makes an actor that the program has spawned available until what this returns is dropped, or
/// the actor dies. From then on the resource owns the actor.
///
/// Its place in the program's own supervision tree stays as it is.
///
/// # Errors
///
/// Outside of a tokio runtime, if there is no thread to wait for the actor's end. Then the actor
/// is drained.
///
/// ```
/// use std::time::Duration;
/// use gambeson::{Resource, SkipReason, ractor::{OwnedActor, provide}};
/// # use ractor::{Actor, ActorProcessingErr, ActorRef};
/// # struct Clerk;
/// # impl Actor for Clerk {
/// #     type Msg = u32;
/// #     type State = ();
/// #     type Arguments = ();
/// #     async fn pre_start(&self, _: ActorRef<u32>, (): ()) -> Result<(), ActorProcessingErr> {
/// #         Ok(())
/// #     }
/// # }
///
/// static CLERK: Resource<OwnedActor<u32>> = Resource::new("clerk");
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (clerk, _) = Actor::spawn(None, Clerk, ()).await?;
/// let _provided = provide(&CLERK, clerk)?;
/// let monitor = CLERK.monitor();
/// CLERK.lease()?.kill();
/// assert_eq!(monitor.await.reason, SkipReason::PeerDead);
/// # Ok(())
/// # }
/// ```
pub fn provide<M: Message>(
    resource: &'static Resource<OwnedActor<M>>,
    actor: ActorRef<M>,
) -> io::Result<Provided<OwnedActor<M>>> {
    let provided = resource.provide(actor.clone().into());
    resource.watch(actor)?;
    Ok(provided)
}
