//! Attached, detached, paused and shut down from inside a handler: nothing waits for itself.

use std::{
    sync::{Arc, Barrier, Mutex, OnceLock, Weak},
    thread,
};

use gambeson::{DetachError, Event, Handler, Telemetry, emit};
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
