//! Threads and processes: a thread waits for each.

use std::{io, process::Child, thread};

use super::{Watch, Watched};
use crate::{contain, reason::SkipReason, resource::DownCause};

impl<R: Send + 'static> Watched for thread::JoinHandle<R> {
    fn watch(self, watch: Watch) -> io::Result<()> {
        let name = self.thread().name().map(str::to_owned);
        let name = name.unwrap_or_else(|| format!("{:?}", self.thread().id()));
        wait_aside("thread", move || {
            let cause = match self.join() {
                Ok(value) => {
                    contain::attempt(|| drop(value));
                    DownCause::new(SkipReason::PeerDead, format!("thread `{name}` ended"))
                }
                Err(payload) => {
                    let what = format!("thread `{name}`");
                    let cause = DownCause::of_panic(&what, &*payload, SkipReason::PeerDead);
                    contain::dispose(payload);
                    cause
                }
            };
            watch.ended(cause);
        })
    }
}

/// The process is waited for, and so leaves no zombie. What is not taken of its pipes stays open
/// until then.
impl Watched for Child {
    fn watch(mut self, watch: Watch) -> io::Result<()> {
        wait_aside("process", move || {
            let process = self.id();
            // The wait would close it, and so end what reads it.
            let _input = self.stdin.take();
            match self.wait() {
                Ok(status) => watch.ended(DownCause::new(
                    SkipReason::PeerDead,
                    format!("process {process} ended: {status}"),
                )),
                // Nobody knows; dropped, the watch says so.
                Err(_) => drop(watch),
            }
        })
    }
}

/// Runs what blocks on a thread of its own.
pub(crate) fn wait_aside(what: &str, wait: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let name = format!("watch {what}");
    thread::Builder::new().name(name).spawn(wait).map(drop)
}
