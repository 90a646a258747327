//! Sales in a database file.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, params};

use crate::LedgerError;

/// An open ledger.
pub(crate) struct Ledger {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Ledger {
    /// Opens a new ledger in the folder.
    pub(crate) fn open(folder: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = folder
            .as_ref()
            .join(format!("quick-start-{}.db", std::process::id()));
        let connection = Connection::open(&path)?;
        connection.execute_batch("CREATE TABLE sale (order_id TEXT PRIMARY KEY, amount REAL)")?;
        let connection = Mutex::new(connection);
        Ok(Ledger { path, connection })
    }

    /// Records a sale.
    pub(crate) fn insert(&self, order_id: &str, amount: f64) -> Result<(), LedgerError> {
        // SQLite would go on writing to a file that has no name any more.
        if !self.path.exists() {
            return Err(LedgerError::Gone);
        }
        // A statement is one step, so a poisoned lock still guards a whole ledger.
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        connection.execute(
            "INSERT INTO sale VALUES (?1, ?2)",
            params![order_id, amount],
        )?;
        Ok(())
    }

    /// Takes the file away under the open ledger.
    pub(crate) fn remove(&self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}
