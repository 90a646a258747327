//! What is refused before a handler is attached.

use std::sync::Arc;

use super::error::AttachError;
use crate::{
    handler::{Entry, Handler},
    instance::Core,
    queue::Queue,
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
        let queued = |entry: &&Arc<Entry>| entry.is_async();
        if self.runtime.is_none() && entries.iter().any(|entry| queued(&entry)) {
            let handlers = entries
                .iter()
                .filter(queued)
                .map(|entry| entry.id.to_string());
            return Err(AttachError::NoRuntime {
                handlers: handlers.collect(),
            });
        }
        if let Some(runtime) = &self.runtime {
            for entry in entries.iter().filter(queued) {
                entry.queue.get_or_init(|| Queue::start(runtime));
            }
        }
        match self.registry.attach(entries, filtered) {
            Ok(change) => Ok(change),
            Err(Refusal::Order(error)) => Err(error.into()),
            Err(Refusal::Closed) => Err(AttachError::NotRunning {
                phase: self.phase(),
            }),
        }
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
