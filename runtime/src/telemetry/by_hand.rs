//! What is done to a handler by hand.

use std::{sync::Arc, time::Duration};

use super::Telemetry;
use crate::{call, handler::Entry, registry::NameError};

impl Telemetry {
    /// Skips the handler's events as `disabled` until it is resumed.
    ///
    /// # Errors
    ///
    /// If the name is wrong.
    pub fn pause(&self, name: &str) -> Result<(), NameError> {
        self.core
            .registry
            .find(name)
            .map(|entry| entry.breaker.pause(true))
    }

    /// Ends what [`pause`](Telemetry::pause) began.
    ///
    /// # Errors
    ///
    /// If the name is wrong.
    pub fn resume(&self, name: &str) -> Result<(), NameError> {
        self.core
            .registry
            .find(name)
            .map(|entry| entry.breaker.pause(false))
    }

    /// Quarantines the handler for this time, also one that is never quarantined by itself: its events
    /// are skipped as `quarantined`. Then one call is the probe that readmits it, or begins an
    /// ordinary quarantine. [`Duration::MAX`] is until [`reset`](Telemetry::reset). What runs already
    /// goes on.
    ///
    /// ```
    /// use std::time::Duration;
    /// use gambeson::{Handler, HandlerState, Telemetry, emit};
    ///
    /// let telemetry = Telemetry::isolated();
    /// telemetry.attach(Handler::new("till", "shop.opened", |_| ()))?;
    /// telemetry.quarantine("till", Duration::MAX)?;
    /// telemetry.enter(|| emit!("shop.opened"));
    ///
    /// let report = telemetry.report();
    /// let till = report.handler("till").unwrap();
    /// assert_eq!((till.state, till.handled), (HandlerState::QuarantinedByHand, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the name is wrong.
    pub fn quarantine(&self, name: &str, time: Duration) -> Result<(), NameError> {
        let entry = self.core.registry.find(name)?;
        entry.breaker.open_by_hand(time, self.core.conduct.now());
        self.tell_changes(&entry);
        Ok(())
    }

    /// Ends a handler's quarantine.
    ///
    /// # Errors
    ///
    /// If the name is wrong.
    pub fn reset(&self, name: &str) -> Result<(), NameError> {
        let entry = self.core.registry.find(name)?;
        entry.breaker.reset();
        self.tell_changes(&entry);
        Ok(())
    }

    fn tell_changes(&self, entry: &Arc<Entry>) {
        self.enter(|| call::tell_changes(&self.core.conduct, entry));
    }
}
