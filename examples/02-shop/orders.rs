//! The business: products, orders, and the shop's own order store.
//!
//! None of this knows who watches it. [`Orders::place`] emits three events and goes on; whatever
//! the handlers behind them do, the customer gets the answer that the order deserves.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use gambeson::emit;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

/// What the shop sells: a name and a price in cents.
pub(crate) const PRODUCTS: [(&str, u64); 4] = [
    ("tea", 450),
    ("coffee", 620),
    ("cake", 390),
    ("teapot", 2_900),
];

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS orders (
        id INTEGER PRIMARY KEY, customer TEXT NOT NULL, total_cents INTEGER NOT NULL
    );";

/// An order as a customer sends it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrder {
    pub(crate) customer: String,
    /// The last four digits of the card that pays.
    pub(crate) card_ending: String,
    pub(crate) lines: Vec<Line>,
}

/// One product of an order.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) product: String,
    pub(crate) quantity: u32,
}

/// What the customer gets.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Receipt {
    pub(crate) id: u64,
    pub(crate) customer: String,
    pub(crate) total_cents: u64,
}

/// An order that the shop cannot take.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrderError {
    #[error("the order has no lines")]
    Empty,
    #[error("there is no product `{0}`; see /products")]
    NoProduct(String),
    #[error("a quantity is from 1 to 100, not {0}")]
    Quantity(u32),
    #[error("the order store fails: {0}")]
    Store(#[from] rusqlite::Error),
}

impl OrderError {
    /// A short word for the kind of error, from a closed list.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            OrderError::Empty => "empty",
            OrderError::NoProduct(_) => "no_product",
            OrderError::Quantity(_) => "quantity",
            OrderError::Store(_) => "store",
        }
    }
}

/// The shop's own books: business data, apart from what the handlers keep.
#[derive(Debug)]
pub(crate) struct Orders {
    store: Mutex<Connection>,
}

impl Orders {
    /// Opens the store, and makes it where there is none.
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let store = Connection::open(path)?;
        store.execute_batch(SCHEMA)?;
        Ok(Orders {
            store: Mutex::new(store),
        })
    }

    /// Takes an order. Emits `shop.order.start`, then `.stop` or `.exception`, with the time it took.
    pub(crate) fn place(&self, order: &NewOrder) -> Result<Receipt, OrderError> {
        let started = Instant::now();
        let NewOrder {
            customer,
            card_ending,
            lines,
        } = order;
        emit!("shop.order.start", { lines = lines.len() }, { customer });
        let outcome = self.checkout(order);
        let duration = started.elapsed();
        match &outcome {
            Ok(receipt) => emit!(
                "shop.order.stop",
                { duration, total_cents = receipt.total_cents },
                { order_id = %receipt.id, customer, card_ending },
            ),
            Err(error) => emit!(
                "shop.order.exception",
                { duration },
                { kind = error.kind(), error = %error, customer },
            ),
        }
        outcome
    }

    /// The receipt of an order.
    pub(crate) fn find(&self, id: u64) -> rusqlite::Result<Option<Receipt>> {
        let store = self.lock();
        let mut query =
            store.prepare_cached("SELECT id, customer, total_cents FROM orders WHERE id = ?1")?;
        query.query_row([id], receipt).optional()
    }

    /// The last orders, the newest first.
    pub(crate) fn latest(&self, limit: u32) -> rusqlite::Result<Vec<Receipt>> {
        let store = self.lock();
        let mut query = store.prepare_cached(
            "SELECT id, customer, total_cents FROM orders ORDER BY id DESC LIMIT ?1",
        )?;
        query.query_map([limit], receipt)?.collect()
    }

    /// How many orders there are, and what they cost together.
    pub(crate) fn takings(&self) -> rusqlite::Result<(u64, u64)> {
        let query = "SELECT count(*), coalesce(sum(total_cents), 0) FROM orders";
        self.lock()
            .query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn checkout(&self, order: &NewOrder) -> Result<Receipt, OrderError> {
        let total_cents = total(&order.lines)?;
        let store = self.lock();
        store
            .prepare_cached("INSERT INTO orders (customer, total_cents) VALUES (?1, ?2)")?
            .execute(params![order.customer, total_cents])?;
        Ok(Receipt {
            id: store.last_insert_rowid().unsigned_abs(),
            customer: order.customer.clone(),
            total_cents,
        })
    }

    /// A panic while the lock was held leaves nothing half done: each write is one statement.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn total(lines: &[Line]) -> Result<u64, OrderError> {
    if lines.is_empty() {
        return Err(OrderError::Empty);
    }
    lines.iter().map(line_total).sum()
}

fn line_total(line: &Line) -> Result<u64, OrderError> {
    let (_, price) = PRODUCTS
        .iter()
        .find(|(name, _)| *name == line.product)
        .ok_or_else(|| OrderError::NoProduct(line.product.clone()))?;
    if !(1..=100).contains(&line.quantity) {
        return Err(OrderError::Quantity(line.quantity));
    }
    Ok(price * u64::from(line.quantity))
}

fn receipt(row: &rusqlite::Row<'_>) -> rusqlite::Result<Receipt> {
    Ok(Receipt {
        id: row.get(0)?,
        customer: row.get(1)?,
        total_cents: row.get(2)?,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use gambeson::{Handler, Telemetry};

    use super::*;

    fn order(lines: &[(&str, u32)]) -> NewOrder {
        let line = |&(product, quantity): &(&str, u32)| Line {
            product: product.to_owned(),
            quantity,
        };
        NewOrder {
            customer: "Ada".to_owned(),
            card_ending: "4242".to_owned(),
            lines: lines.iter().map(line).collect(),
        }
    }

    #[test]
    fn a_placed_order_is_found_again_and_tells_two_events() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let telemetry = Telemetry::isolated();
        let sink = Arc::clone(&seen);
        let record = Handler::new("record", "shop.order.*", move |event| {
            sink.lock().unwrap().push(event.to_owned());
        });
        telemetry.attach(record).unwrap();

        let orders = Orders::open(Path::new(":memory:")).unwrap();
        let placed = telemetry.enter(|| orders.place(&order(&[("tea", 2), ("cake", 1)])));
        let receipt = placed.unwrap();
        assert_eq!(receipt.total_cents, 2 * 450 + 390);
        assert_eq!(orders.find(receipt.id).unwrap(), Some(receipt));
        assert_eq!(orders.takings().unwrap(), (1, 1290));
        assert!(orders.find(99).unwrap().is_none());

        let seen = seen.lock().unwrap();
        let names: Vec<&str> = seen.iter().map(gambeson::OwnedEvent::name).collect();
        assert_eq!(names, ["shop.order.start", "shop.order.stop"]);
        seen[1].with(|event| {
            assert!((event.number("total_cents").unwrap() - 1290.0).abs() < f64::EPSILON);
            assert_eq!(event.text("order_id").unwrap(), "1");
            assert_eq!(event.text("card_ending").unwrap(), "4242");
        });
    }

    #[test]
    fn a_wrong_order_is_refused_and_tells_why() {
        let kinds = Arc::new(Mutex::new(Vec::new()));
        let telemetry = Telemetry::isolated();
        let sink = Arc::clone(&kinds);
        let record = Handler::new("record", "shop.order.exception", move |event| {
            sink.lock()
                .unwrap()
                .push(event.text("kind").map(str::to_owned));
        });
        telemetry.attach(record).unwrap();

        let orders = Orders::open(Path::new(":memory:")).unwrap();
        telemetry.enter(|| {
            for wrong in [&[][..], &[("gold", 1)], &[("tea", 0)], &[("tea", 101)]] {
                orders.place(&order(wrong)).unwrap_err();
            }
        });
        assert_eq!(orders.takings().unwrap(), (0, 0));
        let kinds: Vec<String> = kinds
            .lock()
            .unwrap()
            .drain(..)
            .map(Result::unwrap)
            .collect();
        assert_eq!(kinds, ["empty", "no_product", "quantity", "quantity"]);
    }
}
