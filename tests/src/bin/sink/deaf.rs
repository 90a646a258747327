//! Logs that do not take the record of a bug, though there is a subscriber in the process.

use gambeson::{Config, Handler, Telemetry, emit};
use gambeson_tests::Records;
use tracing_subscriber::{EnvFilter, Layer as _, layer::SubscriberExt as _, registry};

use crate::{boom, process, say};

fn till() -> Telemetry {
    process(
        Config::default(),
        [Handler::new("till", "shop.opened", boom)],
    )
}

/// The thread on which the bug occurs has no subscriber; another one has.
pub(crate) fn thread() {
    let telemetry = till();
    let fail = || emit!("shop.opened");
    Records::new().capture(|| std::thread::spawn(fail).join().ok());
    fail();
    say(&telemetry, "till");
}

/// The subscriber wants nothing of ours.
pub(crate) fn filtered() {
    let telemetry = till();
    let records = Records::new();
    let filtered = records.clone().with_filter(EnvFilter::new("my_app=info"));
    tracing::subscriber::with_default(registry().with(filtered), || emit!("shop.opened"));
    assert_eq!(records.all().len(), 0);
    say(&telemetry, "till");
}
