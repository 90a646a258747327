//! Registered handlers, sync and async, with every option.

use std::{future::ready, io};

use gambeson::{Event, Outcome, Resource, defensive_handler};

/// A resource.
pub static LEDGER: Resource<Vec<u32>> = Resource::new("ledger");

/// Without options.
#[defensive_handler(on = "shop.order.*")]
pub fn audit(event: &Event<'_>) {
    assert_ne!(event.name(), "shop.order.lost", "an order is lost");
}

/// With every option.
#[defensive_handler(
    on("shop.order.stop", "shop.order.exception"),
    name = "record",
    needs(LEDGER),
    available = || !LEDGER.name().is_empty(),
    after(audit),
    before("later", super::needed::last),
    classify = reason,
    quarantine(failures = 3, within = "10s", cooldown = "1s"),
    budget = "5ms",
    crate = ::gambeson
)]
pub fn record(
    event: &Event<'_>,
    #[needs(LEDGER)] ledger: &[u32],
    #[needs(super::needed::CITY)] city: &str,
) -> Result<(), io::Error> {
    if ledger.is_empty() || city.is_empty() || event.name().is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(())
}

fn reason(error: &io::Error) -> gambeson::SkipReason {
    if error.kind() == io::ErrorKind::NotFound {
        gambeson::SkipReason::StateUnavailable
    } else {
        gambeson::SkipReason::Unexpected
    }
}

/// Async, after all others.
#[defensive_handler(on = "shop.**", name = "later", quarantine = false)]
pub(crate) async fn later(event: &Event<'_>, #[needs(LEDGER)] ledger: &Vec<u32>) -> Outcome<()> {
    ready(()).await;
    if ledger.is_empty() || event.name().is_empty() {
        return Outcome::Skipped(gambeson::SkipReason::Overloaded.into());
    }
    Outcome::Handled(())
}

/// Named by a word, its lifetime named too.
#[defensive_handler(on = "shop.closed")]
pub fn r#match<'event>(event: &'event Event<'event>) -> io::Result<()> {
    if event.measurements().is_empty() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(())
}

/// Told to be old, which the site is not told for.
#[deprecated = "nobody closes"]
#[defensive_handler(on = "shop.closed")]
pub fn old(_event: &Event<'_>) {}

/// Registered together, by an attribute that is imported for them alone.
#[gambeson::defensive_handlers]
pub mod together {
    use gambeson::{Event, defensive_handler};

    /// Imported.
    #[defensive_handler(on = "shop.opened")]
    pub fn open(_event: &Event<'_>) {}

    /// Named by its path, and old.
    #[deprecated = "nobody locks"]
    #[gambeson::defensive_handler(on = "shop.opened", after(open))]
    pub(crate) fn lock(_event: &Event<'_>) {}

    #[cfg(any())]
    use gambeson as guard;

    /// Not compiled, and neither is the import of its attribute.
    #[cfg(any())]
    #[guard::defensive_handler(on = "shop.opened")]
    pub fn nothing(_event: &Event<'_>) {}
}
