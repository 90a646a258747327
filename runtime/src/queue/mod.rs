//! A bounded queue of work for one async handler, served by one worker in order.

#[cfg(feature = "tokio")]
mod tokio_queue;
#[cfg(not(feature = "tokio"))]
mod without_runtime;

use std::{future::Future, pin::Pin};

#[cfg(feature = "tokio")]
pub(crate) use self::tokio_queue::{Queue, Runtime};
#[cfg(not(feature = "tokio"))]
pub(crate) use self::without_runtime::{Queue, Runtime};

/// What waits for its turn. It must know by itself that it was dropped instead.
pub(crate) type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Why nothing can be queued.
#[cfg_attr(not(feature = "tokio"), allow(dead_code, reason = "there is no queue"))]
pub(crate) enum Refused {
    /// As many jobs wait as may.
    Full,
    /// The runtime is gone.
    Ended,
}

/// How many events wait for an async handler; the next one is skipped as `overloaded`.
#[cfg(feature = "tokio")]
const CAPACITY: usize = 1024;
