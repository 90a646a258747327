//! What is compared, a topic a file.

pub(crate) mod containment;
pub(crate) mod disabled;
pub(crate) mod events;
pub(crate) mod instrumented;
pub(crate) mod recovery;
pub(crate) mod registered;
mod state;
