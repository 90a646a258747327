//! Values that are revoked beside others.

use std::{sync::mpsc, thread};

use gambeson::{Readiness, Resource};
use gambeson_tests::{PATIENCE, wait_until};

/// Tells its number when it is dropped.
struct Tells(u32, mpsc::Sender<u32>);

impl Drop for Tells {
    fn drop(&mut self) {
        let _ = self.1.send(self.0);
    }
}

static DESK: Resource<Tells> = Resource::new("desk");

#[test]
fn a_value_is_dropped_with_its_last_lease_though_an_older_one_is_waited_for() {
    let (sender, dropped) = mpsc::channel();
    let _first = DESK.provide(Tells(1, sender.clone()));
    let first = DESK.lease().unwrap();
    let _second = DESK.provide(Tells(2, sender));
    let second = DESK.lease().unwrap();
    thread::scope(|scope| {
        let revoking = scope.spawn(|| DESK.revoke(PATIENCE));
        wait_until("it is revoked", PATIENCE, || {
            DESK.readiness() == Readiness::Draining
        });
        drop(second);
        let is_dropped = dropped.recv_timeout(PATIENCE / 2);
        drop(first);
        assert_eq!(is_dropped, Ok(2));
        assert_eq!(revoking.join().unwrap().outstanding, 0);
    });
}
