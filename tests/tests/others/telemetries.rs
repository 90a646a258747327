//! Telemetries that begin while another one ends.

use std::{thread, time::Duration};

use gambeson::{Handler, Readiness, Resource, Telemetry};
use gambeson_tests::{PATIENCE, wait_until};

use crate::alone;

/// A handler's closure with this in it shuts the telemetry down when it is dropped.
struct EndsIt(std::sync::Arc<Telemetry>);

impl Drop for EndsIt {
    fn drop(&mut self) {
        self.0.shutdown();
    }
}

static PRESS: Resource<u32> = Resource::with_opener("press", || Ok::<_, &str>(7));

/// What is attached takes the place of what was detached, whose drop is the user's code.
#[test]
fn a_shutdown_during_an_attachment_leaves_nothing_open() {
    let telemetry = std::sync::Arc::new(alone().start().unwrap());
    let ends_it = EndsIt(std::sync::Arc::clone(&telemetry));
    let first = Handler::new("printer", "others.print", move |_| {
        let _ = &ends_it;
    });
    telemetry.attach(first).unwrap();
    telemetry.detach("printer", PATIENCE).unwrap();
    let second = Handler::new("printer", "others.print", |_| ()).needs(&PRESS);
    telemetry.attach(second).unwrap();
    assert!(telemetry.report().shutdown.is_some());
    let opened = PRESS.wait_ready(Duration::from_millis(200));
    assert!(opened.is_err(), "it is open, and nobody will revoke it");
}

static DISK: Resource<u32> = Resource::with_opener("disk", || Ok::<_, &str>(7));
static FILE: Resource<u32> = Resource::with_opener("file", || Ok::<_, &str>(7)).needs(&[&DISK]);

#[test]
fn what_a_telemetry_uses_that_began_meanwhile_is_not_revoked() {
    let first = alone().resource(&FILE).start().unwrap();
    let lease = FILE.lease().unwrap();
    thread::scope(|scope| {
        let ending = scope.spawn(|| first.shutdown_within(PATIENCE));
        wait_until("the file is drained", PATIENCE, || {
            FILE.readiness() == Readiness::Draining
        });
        let second = alone().resource(&DISK).start().unwrap();
        drop(lease);
        ending.join().unwrap();
        assert_eq!(DISK.readiness(), Readiness::Ready);
        drop(second);
    });
    assert_eq!(DISK.readiness(), Readiness::Revoked);
}

static HORSE: Resource<u32> = Resource::with_opener("horse", || Ok::<_, &str>(7));
static CART: Resource<u32> = Resource::with_opener("cart", || Ok::<_, &str>(7));

#[test]
fn what_was_opened_again_is_not_revoked_while_old_leases_are_waited_for() {
    let first = alone().resource(&HORSE).resource(&CART).start().unwrap();
    let leases = (HORSE.lease().unwrap(), CART.lease().unwrap());
    thread::scope(|scope| {
        let ending = scope.spawn(|| first.shutdown_within(PATIENCE));
        wait_until("both are drained", PATIENCE, || {
            [&HORSE, &CART].map(Resource::readiness) == [Readiness::Draining; 2]
        });
        let second = alone().resource(&HORSE).start().unwrap();
        let was_revoked = HORSE.monitor().wait(Duration::from_millis(100));
        drop(leases);
        let report = ending.join().unwrap();
        assert!(report.shutdown.unwrap().is_complete());
        assert_eq!(was_revoked, None, "the new value is another telemetry's");
        assert_eq!(HORSE.readiness(), Readiness::Ready);
        drop(second);
    });
}
