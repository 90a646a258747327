//! What a handler owns is the user's: its drop is not run under a lock of ours.

use std::{
    sync::{Arc, Weak, mpsc},
    time::Duration,
};

use gambeson::{Handler, Telemetry, emit};

/// Uses the telemetry that it is dropped by, and others, when it is dropped.
struct Meddler {
    telemetry: Weak<Telemetry>,
    dropped: mpsc::Sender<usize>,
}

impl Drop for Meddler {
    fn drop(&mut self) {
        let other = Telemetry::isolated();
        other.enter(|| emit!("locks.never_reached_before"));
        drop(other);
        let handlers = self
            .telemetry
            .upgrade()
            .map_or(0, |owner| owner.report().handlers.len());
        let _ = self.dropped.send(handlers);
    }
}

fn meddling(telemetry: &Arc<Telemetry>, dropped: &mpsc::Sender<usize>) -> Handler {
    let meddler = Meddler {
        telemetry: Arc::downgrade(telemetry),
        dropped: dropped.clone(),
    };
    Handler::new("meddler", "locks.event", move |_| {
        let _ = &meddler;
    })
}

/// The drop runs when the handler is attached anew in its place; under a lock it would never
/// come back.
#[test]
fn a_replaced_handler_may_use_the_telemetry_while_it_is_dropped() {
    let (dropped, drops) = mpsc::channel();
    let (done, finished) = mpsc::channel();
    std::thread::spawn(move || {
        let telemetry = Arc::new(Telemetry::isolated());
        telemetry.attach(meddling(&telemetry, &dropped)).unwrap();
        telemetry.detach("meddler", Duration::ZERO).unwrap();
        telemetry.attach(meddling(&telemetry, &dropped)).unwrap();
        let _ = done.send(());
    });
    let deadline = Duration::from_secs(20);
    assert_eq!(
        drops.recv_timeout(deadline),
        Ok(1),
        "it saw the handler that replaced it"
    );
    assert_eq!(finished.recv_timeout(deadline), Ok(()));
}

#[test]
fn a_refused_handler_may_use_the_telemetry_while_it_is_dropped() {
    let (dropped, drops) = mpsc::channel();
    let (done, finished) = mpsc::channel();
    std::thread::spawn(move || {
        let telemetry = Arc::new(Telemetry::isolated());
        telemetry.attach(meddling(&telemetry, &dropped)).unwrap();
        let refused = telemetry.attach(meddling(&telemetry, &dropped));
        let _ = done.send(refused.is_err());
    });
    let deadline = Duration::from_secs(20);
    assert_eq!(drops.recv_timeout(deadline), Ok(1));
    assert_eq!(
        finished.recv_timeout(deadline),
        Ok(true),
        "a duplicate is refused"
    );
}
