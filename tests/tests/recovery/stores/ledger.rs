//! A database in a file.

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use gambeson::{Classify, DownCause, Resource, SkipReason};
use rusqlite::{Connection, ErrorCode, ffi};

use super::{Alarm, folder_of};

/// A table of amounts in an `SQLite` file.
pub(crate) struct Ledger {
    file: PathBuf,
    connection: Mutex<Connection>,
    alarm: Alarm,
}

#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum LedgerError {
    #[error("the ledger's file is gone")]
    #[skip(state_unavailable)]
    Gone,
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

impl Ledger {
    /// The opener: the file as it is, or a new one. Its folder must be there.
    pub(crate) fn open(
        file: &Path,
        resource: &'static Resource<Ledger>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        folder_of(file)?;
        let connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA synchronous = OFF; CREATE TABLE IF NOT EXISTS sales (amount INTEGER)",
        )?;
        Ok(Ledger {
            file: file.to_owned(),
            connection: Mutex::new(connection),
            alarm: Alarm::new(resource.watch_by_hand()),
        })
    }

    /// Adds a row. Where the file is gone, that is the death of the resource.
    pub(crate) fn insert(&self, amount: u32) -> Result<(), LedgerError> {
        let inserted =
            self.with(|connection| connection.execute("INSERT INTO sales VALUES (?1)", [amount]));
        match inserted {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) => {
                let gone = LedgerError::Gone;
                let cause = DownCause::new(SkipReason::StateUnavailable, gone.to_string());
                self.alarm.sound(cause);
                Err(gone)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes the file under whoever uses it.
    pub(crate) fn delete(&self) -> std::io::Result<()> {
        std::fs::remove_file(&self.file)
    }

    /// How many rows there are, and the sum of their amounts; also of a file that is gone.
    pub(crate) fn totals(&self) -> (u64, u64) {
        let totals = "SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM sales";
        let totals = self.with(|connection| {
            connection.query_row(totals, [], |row| {
                Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?))
            })
        });
        let (rows, sum) = totals.unwrap();
        (rows.into(), sum.into())
    }

    fn with<R>(&self, code: impl FnOnce(&Connection) -> R) -> R {
        code(
            &self
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

/// Whether the file was deleted or moved under the connection.
fn is_gone(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        error.extended_code == ffi::SQLITE_READONLY_DBMOVED
            || error.code == ErrorCode::CannotOpen
            || error.code == ErrorCode::SystemIoFailure
    })
}
