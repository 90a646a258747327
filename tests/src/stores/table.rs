//! A table in memory.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{PoisonError, RwLock},
};

use gambeson::{DownCause, Resource, SkipReason};

/// Numbers by key. It is gone as soon as somebody [deletes](Table::delete) it.
#[derive(Debug, Default)]
pub struct Table(RwLock<HashMap<u64, u64>>);

impl Table {
    /// The opener: a table without entries.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn open() -> Result<Self, Infallible> {
        Ok(Table::default())
    }

    /// Takes the table away from whoever uses it. Returns whether it was there.
    pub fn delete(table: &'static Resource<Table>) -> bool {
        table.crash(Table::deleted())
    }

    /// Why it went.
    pub fn deleted() -> DownCause {
        DownCause::new(SkipReason::StateUnavailable, "the table was deleted")
    }

    /// Adds to the entry of a key.
    pub fn add(&self, key: u64, amount: u64) {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *entries.entry(key).or_default() += amount;
    }

    /// The entry of a key, if there is one.
    pub fn get(&self, key: u64) -> Option<u64> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(&key).copied()
    }

    /// The sum of all entries.
    pub fn sum(&self) -> u64 {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        entries.values().sum()
    }
}
