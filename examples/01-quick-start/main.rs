//! A shop's sales ledger in one file: two handlers, the resource that one of them needs, and the
//! report of what became of every event. `cargo run --example quick-start`
//!
//! Of five sales one comes before the ledger is open, one lacks its amount, and one comes when the
//! ledger's file is gone. Each costs its own line in the ledger and nothing else, and the report
//! says why.

#![allow(clippy::print_stdout, reason = "the output is what the example is for")]

mod ledger;

use gambeson::{Classify, Config, Event, Resource, Telemetry, defensive_handler, emit};

use crate::ledger::Ledger;

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/01-quick-start/gambeson.toml");

/// The sales ledger: handlers that need it are skipped while it is gone.
static LEDGER: Resource<Ledger> = Resource::new("ledger");

#[derive(Debug, thiserror::Error, Classify)]
enum LedgerError {
    #[error("the ledger's file is gone")]
    #[skip(state_unavailable)]
    Gone,
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Field(#[from] gambeson::FieldError),
}

#[defensive_handler(on = "shop.order.*")]
fn audit_order(event: &Event<'_>) {
    println!("{event}");
}

#[defensive_handler(on = "shop.order.stop", after(audit_order))]
fn record_sale(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Result<(), LedgerError> {
    ledger.insert(event.text("order_id")?, event.number("amount")?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().without_time().init();
    let telemetry = Telemetry::builder().config(Config::load(CONFIG)?).start()?;

    emit!("shop.order.stop", { amount = 4.2 }, { order_id = "A-1" });

    let _ledger = LEDGER.provide(Ledger::open(std::env::temp_dir())?);
    emit!("shop.order.start", {}, { order_id = "A-2" });
    emit!("shop.order.stop", { amount = 19.9 }, { order_id = "A-2" });
    emit!("shop.order.stop", {}, { order_id = "A-3" });
    emit!("shop.order.stop", { amount = 7.5 }, { order_id = "A-4" });

    LEDGER.lease()?.remove()?;
    emit!("shop.order.stop", { amount = 12.0 }, { order_id = "A-5" });

    let report = telemetry.shutdown();
    println!("\n{report}");
    Ok(())
}
