//! Attached, detached, paused and shut down from inside a handler: nothing waits for itself.

use std::{
    sync::{Arc, Barrier, Mutex, OnceLock, Weak},
    thread,
};

use gambeson::{DetachError, Detached, Event, Handler, Telemetry, emit};
use gambeson_tests::{PATIENCE, tally};

use crate::Process;

/// What the handlers of a test act on; it owns them, and not they it.
type Shared = Arc<OnceLock<Weak<Telemetry>>>;

fn acting<R>(
    name: &str,
    on: &str,
    shared: &Shared,
    act: impl Fn(&Telemetry) -> R + Send + Sync + 'static,
) -> Handler {
    let shared = Arc::clone(shared);
    Handler::new(name, on, move |_: &Event<'_>| {
        let telemetry = shared.get().and_then(Weak::upgrade);
        act(&telemetry.expect("set before the first event"));
    })
}

/// Both are inside their calls when they detach each other: both are told that they cannot wait,
/// and both are at rest once the calls have ended.
#[test]
fn two_handlers_detach_each_other() {
    let (shared, both) = (Shared::default(), Arc::new(Barrier::new(2)));
    let answers: Arc<Mutex<Vec<DetachError>>> = Arc::default();
    let detacher = |name: &str, on: &str, other: &'static str| {
        let (both, answers) = (Arc::clone(&both), Arc::clone(&answers));
        acting(name, on, &shared, move |telemetry| {
            both.wait();
            let answer = telemetry.detach(other, PATIENCE).unwrap_err();
            answers.lock().unwrap().push(answer);
            both.wait();
        })
    };
    let process = Process::with([
        detacher("left", "within.left", "right"),
        detacher("right", "within.right", "left"),
    ]);
    let telemetry = Arc::new(process.telemetry);
    assert!(shared.set(Arc::downgrade(&telemetry)).is_ok());
    thread::scope(|scope| {
        scope.spawn(|| emit!("within.left"));
        scope.spawn(|| emit!("within.right"));
    });
    let mut answers = std::mem::take(&mut *answers.lock().unwrap());
    answers.sort_by_key(ToString::to_string);
    let deferred = |handler: &str| DetachError::InsideHandler {
        handler: handler.to_owned(),
        in_flight: 1,
    };
    assert_eq!(answers, [deferred("left"), deferred("right")]);
    for name in ["left", "right"] {
        assert!(!telemetry.detach(name, PATIENCE).unwrap().was_attached);
        assert_eq!(tally(&telemetry.report(), name), "1 = 1 handled");
    }
}

/// All of it in one call, and the emission it is in goes on with the handlers it began with.
#[test]
fn a_handler_attaches_pauses_emits_and_shuts_down() {
    let shared = Shared::default();
    let busy = acting("busy", "within.busy", &shared, |telemetry| {
        telemetry
            .attach(Handler::new("new", "within.inner", |_| ()))
            .unwrap();
        emit!("within.inner");
        telemetry.pause("new").unwrap();
        emit!("within.inner");
        telemetry.resume("new").unwrap();
        telemetry.detach("new", PATIENCE).expect("it is at rest");
        emit!("within.inner");
        emit!("within.busy");
        let shutdown = telemetry
            .shutdown()
            .shutdown
            .expect("it was the first to shut down");
        assert_eq!(shutdown.stragglers.len(), 1, "itself");
    });
    let process = Process::with([busy, Handler::new("calm", "within.busy", |_| ())]);
    let telemetry = Arc::new(process.telemetry);
    assert!(shared.set(Arc::downgrade(&telemetry)).is_ok());
    emit!("within.busy");
    let report = telemetry.report();
    assert_eq!(tally(&report, "busy"), "2 = 1 handled + 1 reentrant");
    assert_eq!(tally(&report, "new"), "2 = 1 handled + 1 disabled");
    assert_eq!(tally(&report, "calm"), "2 = 1 handled + 1 shutting_down");
    let stragglers = report.shutdown.expect("a shutdown").stragglers;
    assert_eq!(stragglers[0].handler, "busy");
}

/// Detaches a handler when it is dropped, and keeps the answer.
struct Detaching {
    name: &'static str,
    shared: Shared,
    answer: Arc<Mutex<Option<Result<Detached, DetachError>>>>,
}

impl Drop for Detaching {
    fn drop(&mut self) {
        let telemetry = self.shared.get().and_then(Weak::upgrade);
        let answer = telemetry.map(|telemetry| telemetry.detach(self.name, PATIENCE));
        *self.answer.lock().unwrap() = answer;
    }
}

/// The drop of a payload is a part of the call, which cannot wait for its own end.
#[test]
fn the_payload_of_a_panic_detaches_the_handler_that_panicked() {
    let (shared, answer) = (Shared::default(), Arc::default());
    let bomb = Handler::new("bomb", "within.bomb", {
        let (shared, answer) = (Arc::clone(&shared), Arc::clone(&answer));
        move |_| -> () {
            std::panic::panic_any(Detaching {
                name: "bomb",
                shared: Arc::clone(&shared),
                answer: Arc::clone(&answer),
            })
        }
    });
    let process = Process::with([bomb]);
    let telemetry = Arc::new(process.telemetry);
    assert!(shared.set(Arc::downgrade(&telemetry)).is_ok());
    emit!("within.bomb");
    let refused = DetachError::InsideHandler {
        handler: "bomb".to_owned(),
        in_flight: 1,
    };
    assert_eq!(answer.lock().unwrap().take(), Some(Err(refused)));
    telemetry.detach("bomb", PATIENCE).expect("it is at rest");
    assert_eq!(
        tally(&telemetry.report(), "bomb"),
        "1 = 0 handled + 1 unexpected"
    );
}

/// What a closure owned is dropped where another handler takes its name, without any lock.
#[test]
fn the_drop_of_a_closure_detaches_another_handler() {
    let (shared, answer) = (Shared::default(), Arc::default());
    let process = Process::with([Handler::new("other", "within.other", |_| ())]);
    let telemetry = Arc::new(process.telemetry);
    assert!(shared.set(Arc::downgrade(&telemetry)).is_ok());
    let detaching = Detaching {
        name: "other",
        shared,
        answer: Arc::clone(&answer),
    };
    let owner = Handler::new("owner", "within.other", move |_| {
        let _ = &detaching;
    });
    telemetry.attach(owner).unwrap();
    emit!("within.other");
    telemetry.detach("owner", PATIENCE).unwrap();
    assert!(answer.lock().unwrap().is_none(), "its closure is kept");
    telemetry
        .attach(Handler::new("owner", "within.other", |_| ()))
        .unwrap();
    let answer = answer.lock().unwrap().take().expect("it was dropped");
    assert!(answer.expect("nobody is inside").was_attached);
    emit!("within.other");
    assert_eq!(telemetry.handlers(), ["owner"]);
    assert_eq!(tally(&telemetry.report(), "owner"), "2 = 2 handled");
    assert_eq!(tally(&telemetry.report(), "other"), "1 = 1 handled");
}
