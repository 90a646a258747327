//! The contract's quick start, with a ledger that fits on a page.

use std::{error::Error, sync::Mutex};

use gambeson::{Classify, Config, Event, Resource, Telemetry, defensive_handler, emit};

/// The sales ledger: handlers that need it are skipped while it is gone.
static LEDGER: Resource<Ledger> = Resource::new("ledger");

#[derive(Debug, thiserror::Error)]
#[error("the disk is full")]
struct Full;

#[derive(Debug, thiserror::Error, Classify)]
enum LedgerError {
    #[error("the ledger's file is gone")]
    #[skip(state_unavailable)]
    Gone,
    #[error(transparent)]
    Sqlite(#[from] Full),
    #[error(transparent)]
    Field(#[from] gambeson::FieldError),
}

#[derive(Default)]
struct Ledger(Mutex<Vec<(String, f64)>>);

impl Ledger {
    fn insert(&self, order: &str, amount: f64) -> Result<(), LedgerError> {
        let mut lines = self.0.lock().map_err(|_| LedgerError::Gone)?;
        if lines.len() == 1 {
            return Err(Full.into());
        }
        lines.push((order.to_owned(), amount));
        Ok(())
    }
}

#[defensive_handler(on = "shop.order.*")]
fn audit_order(event: &Event<'_>) {
    println!("{event}");
}

#[defensive_handler(on = "shop.order.stop", after(audit_order))]
fn record_sale(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Result<(), LedgerError> {
    ledger.insert(event.text("order_id")?, event.number("amount")?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = Telemetry::builder().config(Config::default()).start()?;
    let _ledger = LEDGER.provide(Ledger::default());
    emit!("shop.opened", { tills = 3 }, { city = "Lyon" });
    for order_id in ["A-1", "A-2"] {
        emit!("shop.order.stop", { amount = 9.5 }, { order_id });
    }
    let report = telemetry.shutdown();
    println!("{report}");
    let counts = |name| report.handler(name).map(|it| (it.matched, it.handled));
    assert_eq!(counts("audit_order"), Some((2, 2)));
    assert_eq!(counts("record_sale"), Some((2, 1)));
    Ok(())
}
