//! The sales ledger: one row for each order, in a file of its own.
//!
//! The file may be moved away under the open connection, which is noticed at the next write:
//! that is the handler's own error, and its type says for which reason the call is skipped. Or
//! the whole ledger may be closed: then the resource is gone, and the handler is not called.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use gambeson::{Classify, Event, FieldError, Resource, defensive_handler};
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi, params};

/// The ledger, for as long as somebody keeps it open.
pub(crate) static LEDGER: Resource<Ledger> = Resource::new("ledger");

const SCHEMA: &str = "
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS sales (order_id TEXT PRIMARY KEY, total_cents INTEGER NOT NULL);";

/// Enters a sale. It comes last of the handlers that run where the order is placed.
#[defensive_handler(
    on = "shop.order.stop",
    after(super::audit::audit_order, super::fraud::check_for_fraud)
)]
pub(crate) fn record_sale(
    event: &Event<'_>,
    #[needs(LEDGER)] ledger: &Ledger,
) -> Result<(), LedgerError> {
    ledger.insert(event.text("order_id")?, event.number("total_cents")?)
}

/// A sale that could not be entered.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum LedgerError {
    #[error("the ledger's file is gone")]
    #[skip(state_unavailable)]
    Gone(#[source] rusqlite::Error),
    #[error("the ledger's file is no ledger any more")]
    #[skip(state_corrupted)]
    Corrupted(#[source] rusqlite::Error),
    #[error("there is no room for the ledger")]
    #[skip(resource_exhausted)]
    Full(#[source] rusqlite::Error),
    #[error("somebody else holds the ledger")]
    #[skip(overloaded)]
    Busy(#[source] rusqlite::Error),
    #[error("the ledger fails")]
    Sqlite(#[source] rusqlite::Error),
    #[error("a panic left the ledger locked")]
    #[skip(state_corrupted)]
    Poisoned,
    #[error(transparent)]
    Field(#[from] FieldError),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(failure) = error.sqlite_error() else {
            return LedgerError::Sqlite(error);
        };
        match failure.code {
            _ if failure.extended_code == ffi::SQLITE_READONLY_DBMOVED => LedgerError::Gone(error),
            ErrorCode::CannotOpen => LedgerError::Gone(error),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => LedgerError::Corrupted(error),
            ErrorCode::DiskFull => LedgerError::Full(error),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => LedgerError::Busy(error),
            _ => LedgerError::Sqlite(error),
        }
    }
}

/// An open ledger.
#[derive(Debug)]
pub(crate) struct Ledger {
    connection: Mutex<Connection>,
}

impl Ledger {
    /// Opens a ledger, and makes it where there is none.
    pub(crate) fn create(path: &Path) -> Result<Self, LedgerError> {
        Self::open_with(path, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens a ledger that is there.
    pub(crate) fn open(path: &Path) -> Result<Self, LedgerError> {
        Self::open_with(path, OpenFlags::empty())
    }

    /// How many sales are entered.
    pub(crate) fn rows(&self) -> Result<u64, LedgerError> {
        let connection = self.connection.lock().map_err(poisoned)?;
        Ok(connection.query_row("SELECT count(*) FROM sales", [], |row| row.get(0))?)
    }

    /// How many of the sales are orders of the store in `orders`, for the same amount.
    pub(crate) fn rows_that_are_orders(&self, orders: &Path) -> Result<u64, LedgerError> {
        let connection = self.connection.lock().map_err(poisoned)?;
        connection.execute("ATTACH ?1 AS shop", [orders.to_string_lossy()])?;
        let query = "SELECT count(*) FROM sales JOIN shop.orders AS bought
                     ON bought.id = CAST(order_id AS INTEGER)
                     AND bought.total_cents = sales.total_cents";
        Ok(connection.query_row(query, [], |row| row.get(0))?)
    }

    fn open_with(path: &Path, flags: OpenFlags) -> Result<Self, LedgerError> {
        let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.execute_batch(SCHEMA)?;
        Ok(Ledger {
            connection: Mutex::new(connection),
        })
    }

    /// The number comes from the event as a float; the column makes an integer of it.
    fn insert(&self, order_id: &str, total_cents: f64) -> Result<(), LedgerError> {
        let connection = self.connection.lock().map_err(poisoned)?;
        connection
            .prepare_cached("INSERT INTO sales (order_id, total_cents) VALUES (?1, ?2)")?
            .execute(params![order_id, total_cents])?;
        Ok(())
    }
}

fn poisoned<T>(_: PoisonError<T>) -> LedgerError {
    LedgerError::Poisoned
}

#[cfg(test)]
mod tests {
    use std::fs;

    use gambeson::{Number, SkipReason, Value};

    use super::*;
    use crate::data::Data;

    fn sale<R>(order_id: &str, run: impl FnOnce(&Event<'_>) -> R) -> R {
        run(&Event::new(
            "shop.order.stop",
            &[("total_cents", Number::Unsigned(450))],
            &[("order_id", Value::Text(order_id))],
        ))
    }

    #[test]
    fn a_file_that_is_moved_away_under_the_connection_is_gone_until_it_is_back() {
        let data = Data::temporary("ledger-test").unwrap();
        let (path, away) = (data.ledger(), data.ledger_away());
        let ledger = Ledger::create(&path).unwrap();
        sale("1", |event| record_sale(event, &ledger)).unwrap();

        fs::rename(&path, &away).unwrap();
        let error = sale("2", |event| record_sale(event, &ledger)).unwrap_err();
        assert!(matches!(error, LedgerError::Gone(_)), "{error:?}");
        assert_eq!(error.classify(), Some(SkipReason::StateUnavailable));
        let reopened = Ledger::open(&path).unwrap_err();
        assert!(matches!(reopened, LedgerError::Gone(_)), "{reopened:?}");

        fs::rename(&away, &path).unwrap();
        sale("3", |event| record_sale(event, &ledger)).unwrap();
        assert_eq!(ledger.rows().unwrap(), 2);
    }

    #[test]
    fn a_file_that_is_no_ledger_is_corrupted() {
        let data = Data::temporary("ledger-corrupted-test").unwrap();
        fs::write(data.ledger(), "not a database, ".repeat(64)).unwrap();
        let error = Ledger::open(&data.ledger()).unwrap_err();
        assert_eq!(error.classify(), Some(SkipReason::StateCorrupted));
    }

    #[test]
    fn an_event_without_an_order_is_a_contract_violation() {
        let ledger = Ledger::create(Path::new(":memory:")).unwrap();
        let event = Event::new("shop.order.stop", &[], &[]);
        let error = record_sale(&event, &ledger).unwrap_err();
        assert_eq!(error.classify(), Some(SkipReason::ContractViolation));
    }
}
