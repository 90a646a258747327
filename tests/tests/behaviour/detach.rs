//! G3: after a successful detach no call is running and none will start.

use std::{
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use gambeson::{DetachError, Event, Handler, HandlerState, Resource, SkipReason, Telemetry, emit};
use gambeson_tests::{PATIENCE, tally, wait_until};

use crate::started;

/// A handler that says when it is in, and stays until it is let go, or until the sender is
/// dropped by a test that fails.
fn blocked(name: &str) -> (Handler, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (entered, is_in) = mpsc::channel();
    let (let_go, waits) = mpsc::channel();
    let waits = Mutex::new(waits);
    let handler = Handler::new(name, "shop.opened", move |_| {
        entered.send(()).unwrap();
        waits.lock().unwrap().recv().unwrap();
    });
    (handler, is_in, let_go)
}

#[test]
fn detach_waits_for_the_call_that_runs() {
    let (handler, is_in, let_go) = blocked("slow");
    let telemetry = started([handler]);
    let detached = AtomicBool::new(false);
    thread::scope(|scope| {
        let let_go = let_go;
        scope.spawn(|| telemetry.enter(|| emit!("shop.opened")));
        is_in.recv().unwrap();
        let detach = scope.spawn(|| {
            let done = telemetry.detach("slow", PATIENCE);
            detached.store(true, Ordering::SeqCst);
            done
        });
        wait_until("the handler takes no more", PATIENCE, || {
            telemetry.handlers().is_empty()
        });
        assert!(!detached.load(Ordering::SeqCst), "the call still runs");
        let_go.send(()).unwrap();
        let done = detach.join().unwrap().unwrap();
        assert!(done.was_attached);
        assert_eq!(done.handler, "slow");
    });
    assert_eq!(tally(&telemetry.report(), "slow"), "1 = 1 handled");
}

/// Emits on a thread of this name.
fn emit_on<'scope>(
    name: &str,
    scope: &'scope thread::Scope<'scope, '_>,
    telemetry: &'scope Telemetry,
) {
    let thread = thread::Builder::new().name(name.to_owned());
    thread
        .spawn_scoped(scope, || telemetry.enter(|| emit!("shop.opened")))
        .unwrap();
}

#[test]
fn a_deadline_that_passes_is_told_and_late_calls_are_refused() {
    let (handler, is_in, let_go) = blocked("slow");
    let telemetry = started([handler]);
    thread::scope(|scope| {
        let let_go = let_go;
        emit_on("till-7", scope, &telemetry);
        is_in.recv().unwrap();
        let error = telemetry.detach("slow", Duration::ZERO).unwrap_err();
        let DetachError::StillRunning {
            handler,
            in_flight,
            threads,
            ..
        } = &error
        else {
            panic!("{error}")
        };
        assert_eq!((&**handler, *in_flight), ("slow", 1));
        assert_eq!(threads, &["till-7"]);
        assert!(error.to_string().ends_with(", on `till-7`"), "{error}");
        let late = telemetry.call("slow", &Event::new("shop.opened", &[], &[]));
        assert_eq!(late.reason(), Some(SkipReason::ShuttingDown));
        let_go.send(()).unwrap();
    });
    let again = telemetry.detach("slow", PATIENCE).unwrap();
    assert!(!again.was_attached);
    assert_eq!(
        tally(&telemetry.report(), "slow"),
        "2 = 1 handled + 1 shutting_down"
    );
}

#[test]
fn a_handler_that_detaches_itself_does_not_wait_for_itself() {
    static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();
    static ANSWER: Mutex<Option<DetachError>> = Mutex::new(None);
    let once = Handler::new("once", "shop.opened", |_| {
        let telemetry = TELEMETRY.get().unwrap();
        *ANSWER.lock().unwrap() = telemetry.detach("once", PATIENCE).err();
    });
    let telemetry = TELEMETRY.get_or_init(|| started([once]));
    telemetry.enter(|| {
        emit!("shop.opened");
        emit!("shop.opened");
    });
    assert_eq!(
        ANSWER.lock().unwrap().take(),
        Some(DetachError::InsideHandler {
            handler: "once".to_owned(),
            in_flight: 1
        })
    );
    assert_eq!(tally(&telemetry.report(), "once"), "1 = 1 handled");
    telemetry.detach("once", PATIENCE).unwrap();
}

#[test]
fn a_shutdown_names_who_still_runs() {
    let (handler, is_in, let_go) = blocked("slow");
    let telemetry = started([
        handler,
        Handler::new("quick", "shop.opened", |_| ()).before("slow"),
    ]);
    thread::scope(|scope| {
        let let_go = let_go;
        emit_on("till-8", scope, &telemetry);
        is_in.recv().unwrap();
        let limit = Duration::from_millis(3);
        let report = telemetry.shutdown_within(limit);
        assert!(
            report
                .to_string()
                .contains("still running: slow (1 call after ")
        );
        let shutdown = report.shutdown.unwrap();
        assert_eq!(shutdown.detached, ["slow", "quick"]);
        assert_eq!(shutdown.stragglers.len(), 1);
        let straggler = &shutdown.stragglers[0];
        assert_eq!((&*straggler.handler, straggler.in_flight), ("slow", 1));
        assert_eq!(straggler.threads, ["till-8"]);
        assert!(straggler.waited >= limit, "{straggler}");
        let_go.send(()).unwrap();
    });
    assert_eq!(tally(&telemetry.report(), "slow"), "1 = 1 handled");
}

static LEDGER: Resource<u32> = Resource::new("detach_ledger");

/// The call ends by a panic while somebody waits for it, and gives back what it has leased.
#[test]
fn a_panic_during_the_drain_ends_the_wait() {
    let (entered, is_in) = mpsc::channel();
    let gate = Arc::new(AtomicBool::new(false));
    let opened = Arc::clone(&gate);
    let handler = Handler::new("panics", "shop.opened", move |_| {
        entered.send(()).unwrap();
        wait_until("it may panic", PATIENCE, || opened.load(Ordering::SeqCst));
        assert!(!opened.load(Ordering::SeqCst), "boom");
    });
    let ledger = LEDGER.provide(1);
    let telemetry = started([handler.needs(&LEDGER)]);
    thread::scope(|scope| {
        scope.spawn(|| telemetry.enter(|| emit!("shop.opened")));
        is_in.recv().unwrap();
        assert_eq!(ledger.revoke(Duration::ZERO).outstanding, 1, "it has one");
        let shutdown = scope.spawn(|| telemetry.shutdown_within(PATIENCE));
        wait_until("it is detached", PATIENCE, || {
            telemetry.handlers().is_empty()
        });
        gate.store(true, Ordering::SeqCst);
        let report = shutdown.join().unwrap();
        assert_eq!(report.shutdown.as_ref().unwrap().stragglers, []);
        assert_eq!(tally(&report, "panics"), "1 = 0 handled + 1 unexpected");
        assert_eq!(LEDGER.revoke(Duration::ZERO).outstanding, 0);
    });
}

#[test]
fn pause_and_resume() {
    let telemetry = started([Handler::new("till", "shop.opened", |_| ())]);
    let state = || telemetry.report().handler("till").unwrap().state;
    let open = || telemetry.enter(|| emit!("shop.opened"));
    open();
    telemetry.pause("till").unwrap();
    assert_eq!(state(), HandlerState::Paused);
    open();
    open();
    telemetry.resume("till").unwrap();
    assert_eq!(state(), HandlerState::Attached);
    open();
    assert_eq!(
        tally(&telemetry.report(), "till"),
        "4 = 2 handled + 2 disabled"
    );
}

#[test]
fn a_wrong_name_is_told_with_the_nearest() {
    let telemetry = started([Handler::new("till", "shop.opened", |_| ())]);
    let told = "no handler is called `tilt`; did you mean `till`?";
    assert_eq!(telemetry.pause("tilt").unwrap_err().to_string(), told);
    assert_eq!(telemetry.resume("tilt").unwrap_err().to_string(), told);
    assert_eq!(telemetry.reset("tilt").unwrap_err().to_string(), told);
    assert_eq!(
        telemetry.detach("tilt", PATIENCE).unwrap_err().to_string(),
        told
    );
}
