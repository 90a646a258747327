//! The quick start of the documentation.

#![allow(unreachable_pub, reason = "as it is written there")]

use std::sync::Mutex;

use gambeson::{
    Classify, Config, Event, Resource, Telemetry, defensive_handler, emit, instrumented,
};

/// The sales ledger: handlers that need it are skipped while it is gone.
static LEDGER: Resource<Ledger> = Resource::new("ledger");

#[derive(Debug, thiserror::Error, Classify)]
enum LedgerError {
    #[error("the ledger's file is gone")]
    #[skip(state_unavailable)]
    Gone,
    #[error(transparent)]
    Field(#[from] gambeson::FieldError),
}

#[derive(Default)]
struct Ledger(Mutex<Vec<(String, f64)>>);

impl Ledger {
    fn insert(&self, order_id: &str, amount: f64) -> Result<(), LedgerError> {
        let mut sales = self.0.lock().map_err(|_| LedgerError::Gone)?;
        sales.push((order_id.to_owned(), amount));
        Ok(())
    }
}

static AUDIT: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[defensive_handler(on = "shop.order.*")]
fn audit_order(event: &Event<'_>) {
    AUDIT.lock().unwrap().push(event.name().to_owned());
}

#[defensive_handler(on = "shop.order.stop", after(audit_order))]
fn record_sale(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Result<(), LedgerError> {
    ledger.insert(event.text("order_id")?, event.number("amount")?)
}

struct Order {
    id: u32,
    amount: f64,
}

#[derive(Clone, Copy)]
struct Card {
    limit: f64,
}

#[derive(Debug, PartialEq)]
struct Receipt(u32);

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("the card is refused")]
struct CheckoutError;

struct Checkout;

impl Checkout {
    /// Emits shop.order.start, then .stop (with duration) or .exception.
    #[instrumented(event = "shop.order", skip(self, card), fields(order_id = %order.id, amount = order.amount), err)]
    pub async fn place(&self, order: Order, card: Card) -> Result<Receipt, CheckoutError> {
        if card.limit < order.amount {
            return Err(CheckoutError);
        }
        Ok(Receipt(order.id))
    }
}

#[tokio::test]
async fn the_quick_start_records_its_sale() -> Result<(), Box<dyn std::error::Error>> {
    let telemetry = Telemetry::builder().config(Config::default()).start()?;
    let ledger = LEDGER.provide(Ledger::default());
    emit!("shop.opened", { tills = 3 }, { city = "Lyon" });
    let card = Card { limit: 10.0 };
    let small = Order { id: 1, amount: 9.5 };
    let large = Order {
        id: 2,
        amount: 99.0,
    };
    assert_eq!(Checkout.place(small, card).await, Ok(Receipt(1)));
    assert_eq!(Checkout.place(large, card).await, Err(CheckoutError));
    let sales = LEDGER.lease()?.0.lock().unwrap().clone();
    assert_eq!(sales, [("1".to_owned(), 9.5)]);
    drop(ledger);
    let report = telemetry.shutdown();
    let audited = std::mem::take(&mut *AUDIT.lock().unwrap());
    let expected = ["start", "stop", "start", "exception"];
    assert_eq!(audited, expected.map(|end| format!("shop.order.{end}")));
    let sale = report.handler("record_sale").unwrap();
    assert_eq!((sale.matched, sale.handled), (1, 1));
    Ok(())
}
