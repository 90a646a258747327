//! What is not bounded, as the documentation says.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, mpsc},
    thread,
};

use allocation_counter::measure;
use gambeson::{Telemetry, defensive_handler, emit};
use gambeson_tests::{PATIENCE, tally};

use super::{Heard, telling};

/// A formatter that writes nothing before it may.
struct Waits(Mutex<mpsc::Receiver<()>>, mpsc::Sender<()>);

impl Waits {
    fn wait(&self) {
        self.1.send(()).unwrap();
        self.0.lock().unwrap().recv_timeout(PATIENCE).unwrap();
    }
}

impl fmt::Debug for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wait();
        f.write_str("at last")
    }
}

/// That `emit` returns only once what it asks is let go.
#[track_caller]
fn waits(emit: impl FnOnce(&Waits) + Send + 'static) {
    let (release, released) = mpsc::channel();
    let (asks, asked) = mpsc::channel();
    let (returns, returned) = mpsc::channel();
    let waits = Waits(Mutex::new(released), asks);
    let emitter = thread::spawn(move || {
        emit(&waits);
        returns.send(()).unwrap();
    });
    asked.recv_timeout(PATIENCE).unwrap();
    assert_eq!(returned.try_recv(), Err(mpsc::TryRecvError::Empty));
    release.send(()).unwrap();
    returned.recv_timeout(PATIENCE).unwrap();
    emitter.join().unwrap();
}

#[test]
fn an_emission_waits_for_a_formatter() {
    let heard = Heard::default();
    let telemetry = telling([heard.handler()]);
    waits(move |waits| telemetry.enter(|| emit!("case.run", {}, { waits = ?waits })));
    assert_eq!(heard.all(), ["at last"]);
}

#[test]
fn an_emission_waits_for_a_probe() {
    static ASKED: Mutex<Option<Arc<Waits>>> = Mutex::new(None);
    fn probe() -> bool {
        let asked = ASKED.lock().unwrap().take();
        asked.is_some_and(|asked| {
            asked.wait();
            true
        })
    }
    #[defensive_handler(available = probe)]
    fn guarded() {}
    let telemetry = Arc::new(Telemetry::isolated());
    let theirs = Arc::clone(&telemetry);
    let (release, released) = mpsc::channel();
    let (asks, asked) = mpsc::channel();
    *ASKED.lock().unwrap() = Some(Arc::new(Waits(Mutex::new(released), asks)));
    let caller = thread::spawn(move || theirs.enter(guarded));
    asked.recv_timeout(PATIENCE).unwrap();
    assert!(!caller.is_finished());
    release.send(()).unwrap();
    caller.join().unwrap();
    assert_eq!(tally(&telemetry.report(), "guarded"), "1 = 1 handled");
}

#[test]
fn what_a_formatter_allocates_for_itself_is_not_bounded() {
    const OWN: usize = 16 << 20;
    struct Allocates;
    impl fmt::Debug for Allocates {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&"x".repeat(OWN))
        }
    }
    let heard = Heard::default();
    let telemetry = telling([heard.handler()]);
    let cost = measure(|| {
        telemetry.enter(|| emit!("case.run", {}, { value = ?Allocates }));
    });
    assert!(cost.bytes_max >= OWN as u64, "{cost:?}");
    assert_eq!(heard.all()[0].len(), 64 * 1024);
}

#[test]
fn a_fallback_that_panics_is_the_callers() {
    #[defensive_handler(fallback = panic!("in the fallback"))]
    fn falls() -> u8 {
        panic!("in the body")
    }
    let telemetry = Telemetry::isolated();
    let caught = catch_unwind(AssertUnwindSafe(|| telemetry.enter(falls)));
    assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"in the fallback"));
    assert_eq!(
        tally(&telemetry.report(), "falls"),
        "1 = 0 handled + 1 unexpected"
    );
}
