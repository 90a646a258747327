//! A clock that a test drives.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::nanos;

/// A clock that stands still until it is [advanced](Clock::advance), for
/// [`Builder::clock`](crate::Builder::clock). Its clones are the same clock.
///
/// ```
/// use std::time::Duration;
/// use gambeson::{Clock, Handler, HandlerState, Quarantine, Telemetry, emit};
///
/// let clock = Clock::new();
/// let till = Handler::new("till", "shop.opened", |event| event.text("city").map(|_| ()));
/// let till = till.quarantine(Quarantine::INHERIT.failures(1).cooldown("1h"));
/// let telemetry = Telemetry::builder().isolated().clock(&clock).handler(till).start()?;
/// let state = || telemetry.report().handler("till").map(|till| till.state);
///
/// telemetry.enter(|| emit!("shop.opened"));
/// assert_eq!(state(), Some(HandlerState::Quarantined));
///
/// clock.advance(Duration::from_secs(3600));
/// telemetry.enter(|| emit!("shop.opened", {}, { city = "Lyon" }));
/// assert_eq!(state(), Some(HandlerState::Attached));
/// # Ok::<(), gambeson::StartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Clock {
    began: Instant,
    passed: Arc<AtomicU64>,
}

impl Clock {
    /// A clock on which no time has passed.
    #[expect(clippy::new_without_default, reason = "no clock is the default one")]
    pub fn new() -> Self {
        Clock {
            began: Instant::now(),
            passed: Arc::default(),
        }
    }

    /// Lets time pass, which is seen at once on all threads. It runs no code: what is due then
    /// happens with the next call, as it does on the system's clock.
    pub fn advance(&self, by: Duration) {
        let more = |passed: u64| Some(passed.saturating_add(nanos(by)));
        let relaxed = Ordering::Relaxed;
        let _ = self.passed.fetch_update(relaxed, relaxed, more);
    }

    /// How much time has passed on it.
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.passed.load(Ordering::Relaxed))
    }

    pub(super) fn now(&self) -> Instant {
        self.began.checked_add(self.elapsed()).unwrap_or(self.began)
    }
}
