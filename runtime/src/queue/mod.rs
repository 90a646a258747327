//! The queue of an async handler: the event is owned by it, and served by one worker task.

#[cfg(feature = "tokio")]
mod tokio_queue;
#[cfg(not(feature = "tokio"))]
mod without_runtime;

#[cfg(feature = "tokio")]
pub(crate) use self::tokio_queue::{Queue, Runtime};
#[cfg(not(feature = "tokio"))]
pub(crate) use self::without_runtime::{Queue, Runtime};

/// How many events wait for an async handler; the next one is skipped as `overloaded`.
#[cfg(feature = "tokio")]
const CAPACITY: usize = 1024;
