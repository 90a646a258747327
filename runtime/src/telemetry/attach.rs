//! What is refused before a handler is attached.

use std::sync::Arc;

use super::error::AttachError;
use crate::{
    handler::{Entry, Handler},
    instance::Core,
    queue::{Queue, Server},
    registry::{Change, Refusal},
};

impl Core {
    pub(super) fn attach(
        &self,
        entries: Vec<Arc<Entry>>,
        filtered: Vec<Arc<Entry>>,
    ) -> Result<Change, AttachError> {
        if let Some(plain) = entries.iter().find(|entry| entry.patterns.is_empty()) {
            return Err(AttachError::Plain {
                handler: plain.id.to_string(),
            });
        }
        if self.runtime.is_none() && entries.iter().any(|entry| entry.is_async()) {
            let awaiting = entries.iter().filter(|entry| entry.is_async());
            return Err(AttachError::NoRuntime {
                handlers: awaiting.map(|entry| entry.id.to_string()).collect(),
            });
        }
        entries.iter().try_for_each(|entry| self.serve(entry))?;
        match self.registry.attach(entries, filtered) {
            Ok(change) => Ok(change),
            Err(Refusal::Order(error)) => Err(error.into()),
            Err(Refusal::Closed) => Err(AttachError::NotRunning {
                phase: self.phase(),
            }),
        }
    }
}

impl Core {
    /// Starts the worker of a handler that runs off the emitter's thread.
    fn serve(&self, entry: &Entry) -> Result<(), AttachError> {
        let Some(capacity) = entry.capacity() else {
            return Ok(());
        };
        let handler = || entry.id.to_string();
        if capacity == 0 {
            return Err(AttachError::NoRoom { handler: handler() });
        }
        let server = match &self.runtime {
            Some(runtime) if entry.is_async() => Server::Task(runtime.clone()),
            runtime => Server::Thread {
                handler: Arc::clone(&entry.id),
                runtime: runtime.clone(),
            },
        };
        let queue = Queue::start(server, capacity).map_err(|error| AttachError::NoThread {
            handler: handler(),
            error: error.to_string(),
        })?;
        // It is the entry's first: nobody else has it until it is attached.
        let _ = entry.queue.set(queue);
        Ok(())
    }
}

impl Handler {
    pub(super) fn checked(self) -> Result<Arc<Entry>, AttachError> {
        match self.malformed {
            None if self.entry.id.is_empty() => Err(AttachError::Unnamed),
            None => Ok(self.entry),
            Some((pattern, error)) => Err(AttachError::Pattern {
                handler: self.entry.id.to_string(),
                pattern,
                error,
            }),
        }
    }
}
