//! Code of the user's that comes back to the very resource that called it: no lock is held then.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::Duration,
};

use gambeson::{Handler, Provided, Readiness, Resource, Restart, SkipReason};
use gambeson_tests::{PATIENCE, tally};

use super::{
    Opened,
    signal::{Census, Counted},
};
use crate::started;

/// Everything that an opener can ask of the resource that it opens, and of one that needs it.
#[test]
fn an_opener_asks_its_own_resource() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    static SELF: Resource<u32> = Resource::with_opener("self", || {
        let refused = SELF.lease().unwrap_err().to_string();
        let own = SELF.ensure_started_within(Duration::MAX).unwrap_err();
        let ready = SELF.wait_ready(Duration::MAX).unwrap_err();
        let above = ABOVE.ensure_started_within(Duration::ZERO).unwrap_err();
        let told = [
            refused,
            own.to_string(),
            ready.to_string(),
            above.to_string(),
        ];
        TOLD.lock().unwrap().extend(told);
        assert!(!SELF.crash("there is nothing yet"));
        assert!(SELF.monitor().try_next().is_none());
        assert_eq!(SELF.readiness(), Readiness::NotReady);
        assert_eq!(SELF.health().readiness, Readiness::NotReady);
        Opened::Ok(1)
    })
    .restart(Restart::never());
    static ABOVE: Resource<u32> = Resource::with_opener("above", || Opened::Ok(1)).needs(&[&SELF]);
    assert_eq!(SELF.ensure_started_within(PATIENCE), Ok(()));
    let own = "resource `self` could not be started: its own opener waits for it";
    assert_eq!(
        *TOLD.lock().unwrap(),
        ["resource `self` is not available", own, own, own]
    );
    ABOVE.wait_ready(PATIENCE).unwrap();
    SELF.revoke(PATIENCE);
    ABOVE.revoke(PATIENCE);
}

#[test]
fn an_opener_that_revokes_its_own_resource_opens_in_vain() {
    static VALUES: Census = Census::new();
    static VAIN: Resource<Counted> = Resource::with_opener("vain", || {
        assert_eq!(VAIN.revoke(Duration::MAX).outstanding, 0);
        let own = VAIN.ensure_started_within(Duration::MAX).unwrap_err();
        assert_eq!(own.cause().text(), "its own opener waits for it");
        Opened::Ok(VALUES.bear())
    });
    let error = VAIN.ensure_started_within(PATIENCE).unwrap_err();
    assert_eq!(error.reason(), SkipReason::ShuttingDown, "{error}");
    VALUES.wait((1, 1));
    assert_eq!(VAIN.readiness(), Readiness::NotReady);
}

#[test]
fn an_opener_that_provides_its_own_resource_is_overruled_by_itself() {
    static KEPT: Mutex<Option<Provided<Counted>>> = Mutex::new(None);
    static VALUES: Census = Census::new();
    static TWICE: Resource<Counted> = Resource::with_opener("twice", || {
        *KEPT.lock().unwrap() = Some(TWICE.provide(VALUES.bear()));
        TWICE
            .ensure_started_within(Duration::MAX)
            .map(|()| VALUES.bear())
    });
    assert_eq!(TWICE.ensure_started_within(PATIENCE), Ok(()));
    VALUES.wait((2, 1));
    let provided = KEPT.lock().unwrap().take();
    drop(provided);
    assert_eq!(VALUES.counts(), (2, 2));
    assert_eq!(TWICE.readiness(), Readiness::Revoked);
}

/// A value whose drop asks its own resource for everything.
struct Nosy(&'static Resource<Nosy>, mpsc::Sender<String>);

impl Drop for Nosy {
    fn drop(&mut self) {
        let Nosy(resource, sender) = self;
        let lease = resource
            .lease()
            .map_or_else(|refused| refused.reason(), |_| panic!("a lease"));
        let is_crashed = resource.crash("from a drop");
        let report = resource.revoke(Duration::MAX);
        let _ = resource.health();
        drop(resource.monitor());
        let said = format!("{lease} {is_crashed} {}", report.outstanding);
        sender.send(said).unwrap();
    }
}

#[test]
fn the_drop_of_a_value_asks_its_own_resource() {
    static NOSY: Resource<Nosy> = Resource::new("nosy");
    let (sender, said) = mpsc::channel();
    let value = || Nosy(&NOSY, sender.clone());
    let crashed = NOSY.provide(value());
    assert!(NOSY.crash(SkipReason::PeerDead));
    assert_eq!(said.recv_timeout(PATIENCE).unwrap(), "peer_dead false 0");
    let revoked = NOSY.provide(value());
    NOSY.revoke(PATIENCE);
    assert_eq!(
        said.recv_timeout(PATIENCE).unwrap(),
        "shutting_down false 0"
    );
    let dropped = NOSY.provide(value());
    drop(dropped);
    assert_eq!(
        said.recv_timeout(PATIENCE).unwrap(),
        "shutting_down false 0"
    );
    let leased = NOSY.provide(value());
    let lease = NOSY.lease().unwrap();
    assert_eq!(NOSY.revoke(Duration::ZERO).outstanding, 1);
    drop(lease);
    assert_eq!(
        said.recv_timeout(PATIENCE).unwrap(),
        "shutting_down false 0"
    );
    drop((crashed, revoked, leased));
    assert!(said.try_recv().is_err(), "once for each value");
}

/// A value that comes into the place of another whose drop takes it away again.
#[test]
fn the_drop_of_a_value_that_is_replaced_crashes_the_new_one() {
    static SPITE: Resource<Spite> = Resource::new("spite");
    struct Spite(bool);
    impl Drop for Spite {
        fn drop(&mut self) {
            if self.0 {
                assert!(SPITE.crash("spite"));
            }
        }
    }
    let mut monitor = SPITE.monitor();
    let first = SPITE.provide(Spite(true));
    let second = SPITE.provide(Spite(false));
    // Another thread that looks for values without marks may be the one that drops it.
    assert_eq!(monitor.wait(PATIENCE).unwrap().cause, "spite");
    assert_eq!(SPITE.readiness(), Readiness::Failed);
    assert_eq!(monitor.try_next(), None);
    drop((first, second));
}

/// A handler that brings the resource back on its death, and kills it on its return.
#[test]
fn handlers_of_a_death_provide_and_crash_it_again() {
    static GHOST: Resource<u32> = Resource::new("ghost");
    static KEPT: Mutex<Vec<Provided<u32>>> = Mutex::new(Vec::new());
    let haunts = Handler::new("haunts", "gambeson.resource.down", |_| {
        let provided = GHOST.provide(2);
        KEPT.lock().unwrap().push(provided);
        assert!(GHOST.crash("again"));
        let provided = GHOST.provide(3);
        KEPT.lock().unwrap().push(provided);
    });
    let telemetry = started([haunts]);
    let mut monitor = GHOST.monitor();
    let provided = GHOST.provide(1);
    assert!(telemetry.enter(|| GHOST.crash("first")));
    assert_eq!(*GHOST.lease().unwrap(), 3);
    let causes = [monitor.try_next(), monitor.try_next()].map(|down| down.unwrap().cause);
    assert_eq!(causes, ["first", "again"]);
    assert_eq!(monitor.try_next(), None);
    // A handler is not run inside itself.
    assert_eq!(
        tally(&telemetry.report(), "haunts"),
        "2 = 1 handled + 1 reentrant"
    );
    let kept = std::mem::take(&mut *KEPT.lock().unwrap());
    drop((kept, provided));
    assert_eq!(GHOST.readiness(), Readiness::Revoked);
}

/// A waker that subscribes, provides and crashes, as an executor that runs the task at once would.
struct Lively(AtomicUsize);

static LIVELY: Resource<u32> = Resource::new("lively");

impl Wake for Lively {
    fn wake(self: Arc<Self>) {
        let provided = LIVELY.provide(2);
        let mut monitor = LIVELY.monitor();
        assert_eq!(LIVELY.lease().map(|value| *value), Ok(2));
        assert!(LIVELY.crash("from a waker"));
        assert_eq!(monitor.try_next().unwrap().cause, "from a waker");
        drop(provided);
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_waker_asks_the_resource_whose_death_it_tells() {
    let woken = Arc::new(Lively(AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&woken));
    let provided = LIVELY.provide(1);
    let mut monitor = LIVELY.monitor();
    let polled = pin!(&mut monitor).poll(&mut Context::from_waker(&waker));
    assert_eq!(polled, Poll::Pending);
    assert!(LIVELY.crash("first"));
    assert_eq!(woken.0.load(Ordering::SeqCst), 1);
    let causes = [monitor.try_next(), monitor.try_next()].map(|down| down.unwrap().cause);
    assert_eq!(causes, ["first", "from a waker"]);
    drop(provided);
}

/// A waker that puts all back, as a supervisor does that hears of a death first.
struct Gardener(Mutex<Vec<Provided<u32>>>);

static SOIL: Resource<u32> = Resource::new("soil");
static PLANT: Resource<u32> = Resource::new("plant").needs(&[&SOIL]);

impl Wake for Gardener {
    fn wake(self: Arc<Self>) {
        let both = [SOIL.provide(2), PLANT.provide(2)];
        self.0.lock().unwrap().extend(both);
    }
}

#[test]
fn a_death_takes_nothing_down_that_came_after_it() {
    let gardener = Arc::new(Gardener(Mutex::default()));
    let waker = Waker::from(Arc::clone(&gardener));
    let first = [SOIL.provide(1), PLANT.provide(1)];
    let (mut told, mut fallen) = (SOIL.monitor(), PLANT.monitor());
    let polled = pin!(&mut told).poll(&mut Context::from_waker(&waker));
    assert_eq!(polled, Poll::Pending);
    assert!(SOIL.crash("frost"));
    assert_eq!(told.try_next().unwrap().cause, "frost");
    assert_eq!(fallen.try_next(), None, "the plant stands on the new soil");
    assert_eq!(PLANT.lease().map(|value| *value), Ok(2));
    assert!(SOIL.crash("drought"));
    let fall = "needs `soil`, which went down: drought";
    assert_eq!(fallen.try_next().unwrap().cause, fall);
    assert_eq!(PLANT.readiness(), Readiness::Failed);
    let second = std::mem::take(&mut *gardener.0.lock().unwrap());
    drop((second, first));
}

/// In the destructor of a thread-local, when those of the runtime may have gone before.
#[test]
fn a_thread_leases_and_gives_back_while_it_ends() {
    static LAST: Resource<u32> = Resource::new("last of a thread");
    struct AtTheEnd(mpsc::Sender<(u32, bool)>);
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            let value = *LAST.lease().unwrap();
            let is_dead = LAST.monitor().try_next().is_some();
            self.0.send((value, is_dead)).unwrap();
        }
    }
    thread_local! {
        static EARLY: std::cell::RefCell<Option<AtTheEnd>> = const { std::cell::RefCell::new(None) };
    }
    let provided = LAST.provide(7);
    let (sender, told) = mpsc::channel();
    for leases_first in [false, true] {
        let sender = sender.clone();
        let thread = thread::spawn(move || {
            if leases_first {
                drop(LAST.lease().unwrap());
            }
            EARLY.set(Some(AtTheEnd(sender)));
            drop(LAST.lease().unwrap());
        });
        thread.join().unwrap();
        assert_eq!(told.try_recv(), Ok((7, false)));
    }
    assert_eq!(provided.revoke(Duration::ZERO).outstanding, 0);
}
