//! Tasks: a task of the same runtime waits for each, or a thread where there is none any more.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    runtime::Handle,
    task::{JoinError, JoinHandle},
};

use super::{Watch, Watched, std_handles::wait_aside};
use crate::{blocking::block_on, contain, reason::SkipReason, resource::DownCause};

impl<R: Send + 'static> Watched for JoinHandle<R> {
    fn watch(self, watch: Watch) -> io::Result<()> {
        let waiting = Waiting(Some((self, watch)));
        match Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(waiting);
                Ok(())
            }
            Err(_) => waiting.on_a_thread(),
        }
    }
}

/// Waits for a task. Where the runtime that polls it ends first, a thread goes on: the task may
/// run on another one.
struct Waiting<R: Send + 'static>(Option<(JoinHandle<R>, Watch)>);

impl<R: Send + 'static> Waiting<R> {
    fn on_a_thread(mut self) -> io::Result<()> {
        let Some((task, watch)) = self.0.take() else {
            return Ok(());
        };
        wait_aside("task", move || {
            let ended = block_on(task);
            watch.ended(cause_of(ended));
        })
    }
}

impl<R: Send + 'static> Future for Waiting<R> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some((task, _)) = &mut self.0 else {
            return Poll::Ready(());
        };
        let Poll::Ready(ended) = Pin::new(task).poll(context) else {
            return Poll::Pending;
        };
        let cause = cause_of(ended);
        if let Some((_, watch)) = self.0.take() {
            watch.ended(cause);
        }
        Poll::Ready(())
    }
}

impl<R: Send + 'static> Drop for Waiting<R> {
    fn drop(&mut self) {
        if self.0.is_some() {
            // Without a thread the watch is dropped, and so is lost.
            let _ = Waiting(self.0.take()).on_a_thread();
        }
    }
}

fn cause_of<R>(ended: Result<R, JoinError>) -> DownCause {
    match ended {
        Ok(value) => {
            contain::attempt(|| drop(value));
            DownCause::new(SkipReason::PeerDead, "the task ended")
        }
        Err(error) if error.is_cancelled() => {
            DownCause::new(SkipReason::ShuttingDown, "the task was cancelled")
        }
        Err(error) => match error.try_into_panic() {
            Ok(payload) => {
                let cause = DownCause::of_panic("the task", &*payload, SkipReason::PeerDead);
                contain::dispose(payload);
                cause
            }
            Err(error) => DownCause::of(&error),
        },
    }
}
