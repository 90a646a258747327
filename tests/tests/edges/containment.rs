//! Panics where user code is easily forgotten: drops, probes, unwinding.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    task::{Context, Waker},
    thread,
    time::Duration,
};

use gambeson::{
    Config, DetachError, Event, Handler, Provided, Quarantine, Resource, SkipReason, Telemetry,
    defensive_handler, emit, handler, instrumented,
};

const LONG: Duration = Duration::from_secs(3600);

/// Runs code when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn panics(code: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(code)).is_err()
}

#[test]
fn a_payload_is_dropped_before_a_detach_succeeds() {
    let (entered, begun) = mpsc::channel();
    let (go_on, wait) = mpsc::channel();
    let payload = OnDrop(move || {
        entered.send(()).expect("the test waits for it");
        wait.recv().expect("the test lets it go on");
    });
    let payload = Mutex::new(Some(payload));
    let telemetry = Telemetry::isolated();
    let thrower = move |_: &Event<'_>| match payload.lock().unwrap().take() {
        Some(payload) => panic_any(payload),
        None => unreachable!("one event"),
    };
    let handler = Handler::new::<()>("thrower", "edge.payload", thrower);
    telemetry.attach(handler).unwrap();
    let detached = thread::scope(|scope| {
        scope.spawn(|| telemetry.enter(|| emit!("edge.payload")));
        begun.recv().unwrap();
        let detached = telemetry.detach("thrower", Duration::ZERO);
        go_on.send(()).unwrap();
        detached
    });
    assert!(matches!(
        detached,
        Err(DetachError::StillRunning { in_flight: 1, .. })
    ));
}

#[test]
fn a_payload_that_emits_does_not_run_its_handler_again() {
    struct Echo;
    impl Drop for Echo {
        fn drop(&mut self) {
            emit!("edge.echo");
        }
    }
    let telemetry = Telemetry::isolated();
    let handler = Handler::new::<()>("echo", "edge.echo", |_| panic_any(Echo));
    telemetry
        .attach(handler.quarantine(Quarantine::OFF))
        .unwrap();
    telemetry.enter(|| emit!("edge.echo"));
    let report = telemetry.report();
    let counts = report.handler("echo").unwrap();
    assert_eq!(counts.matched, 2);
    assert_eq!(counts.skipped(SkipReason::Unexpected), 1);
    assert_eq!(counts.skipped(SkipReason::Reentrant), 1);
}

#[test]
fn what_a_replaced_closure_owns_may_panic_on_the_emitters_thread() {
    let (entered, begun) = mpsc::channel();
    let (go_on, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let owned = OnDrop(|| panic!("dropped by the emitter"));
    let telemetry = Telemetry::isolated();
    let handler = Handler::new("owner", "edge.owner", move |_| {
        let _ = &owned;
        entered.send(()).expect("the test waits for it");
        wait.lock().unwrap().recv().expect("the test lets it go on");
    });
    telemetry.attach(handler).unwrap();
    thread::scope(|scope| {
        let emitter = scope.spawn(|| panics(|| telemetry.enter(|| emit!("edge.owner"))));
        begun.recv().unwrap();
        telemetry.detach("owner", Duration::ZERO).unwrap_err();
        let replacing = Handler::new("owner", "edge.owner", |_| ());
        telemetry.attach(replacing).unwrap();
        go_on.send(()).unwrap();
        assert!(!emitter.join().unwrap());
    });
}

#[test]
fn a_value_that_a_plain_call_drops_last_may_panic() {
    type Fragile = OnDrop<fn()>;
    static FRAGILE: Resource<Fragile> = Resource::new("fragile");
    static OWNER: Mutex<Option<Provided<Fragile>>> = Mutex::new(None);

    #[defensive_handler(needs(FRAGILE), fallback = false)]
    fn take_it_away() -> bool {
        drop(OWNER.lock().unwrap().take());
        true
    }

    *OWNER.lock().unwrap() = Some(FRAGILE.provide(OnDrop(|| panic!("the value"))));
    let telemetry = Telemetry::isolated();
    assert_eq!(
        catch_unwind(AssertUnwindSafe(|| telemetry.enter(take_it_away))).ok(),
        Some(true)
    );
}

#[test]
fn a_probe_that_emits_does_not_ask_itself() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    fn asking() -> bool {
        ASKED.fetch_add(1, Ordering::Relaxed);
        emit!("edge.asked");
        true
    }

    #[defensive_handler(on = "edge.asked", available = asking)]
    fn asked(_event: &Event<'_>) {}

    let telemetry = Telemetry::isolated();
    telemetry.attach(handler!(asked)).unwrap();
    telemetry.enter(|| emit!("edge.asked"));
    let report = telemetry.report();
    let counts = report.handler("asked").unwrap();
    assert_eq!(ASKED.load(Ordering::Relaxed), 1);
    assert_eq!((counts.matched, counts.handled), (2, 1));
    assert_eq!(counts.skipped(SkipReason::Reentrant), 1);
}

#[test]
fn a_probe_that_detaches_its_handler_does_not_wait_for_itself() {
    static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();
    static ANSWER: OnceLock<DetachError> = OnceLock::new();
    fn leaving() -> bool {
        let telemetry = TELEMETRY.get().expect("set by the test");
        let error = telemetry.detach("left", LONG).expect_err("a call runs");
        ANSWER.set(error).is_ok()
    }

    #[defensive_handler(on = "edge.left", available = leaving)]
    fn left(_event: &Event<'_>) {}

    let telemetry = TELEMETRY.get_or_init(Telemetry::isolated);
    telemetry.attach(handler!(left)).unwrap();
    telemetry.enter(|| emit!("edge.left"));
    assert!(matches!(
        ANSWER.get(),
        Some(DetachError::InsideHandler { in_flight: 1, .. })
    ));
}

#[test]
fn a_future_that_detaches_its_handler_when_dropped_does_not_wait_for_itself() {
    static ANSWER: OnceLock<DetachError> = OnceLock::new();

    #[defensive_handler]
    async fn waiting(_guard: impl Send) {
        std::future::pending::<()>().await;
    }

    let telemetry = Telemetry::isolated();
    telemetry.enter(|| {
        let mut future = Box::pin(waiting(OnDrop(|| {
            let error = telemetry.detach("waiting", LONG).expect_err("a call runs");
            ANSWER.set(error).expect("dropped once");
        })));
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
    });
    assert!(matches!(
        ANSWER.get(),
        Some(DetachError::InsideHandler { in_flight: 1, .. })
    ));
    let report = telemetry.report();
    let counts = report.handler("waiting").unwrap();
    assert_eq!(counts.skipped(SkipReason::Cancelled), 1);
}

#[test]
fn arguments_of_a_refused_async_call_may_panic_when_dropped() {
    #[defensive_handler(available = || false)]
    async fn refused(_guard: impl Send) {}

    let telemetry = Telemetry::isolated();
    assert!(!panics(|| telemetry.enter(|| {
        let mut future = Box::pin(refused(OnDrop(|| panic!("an argument"))));
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_ready());
    })));
    let report = telemetry.report();
    let counts = report.handler("refused").unwrap();
    assert_eq!(counts.skipped(SkipReason::Unavailable), 1);
}

#[test]
fn strict_mode_does_not_raise_out_of_a_destructor_during_unwinding() {
    let failing = Handler::new("failing", "edge.strict", |event| {
        assert!(event.text("kind")? != "panic", "as asked for");
        Err::<(), Box<dyn std::error::Error + Send + Sync>>("as asked for".into())
    });
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let strict = Config::default().with_defensive_mode(false);
    let telemetry = builder.config(strict).handler(failing).start().unwrap();
    telemetry.enter(|| {
        assert!(panics(|| {
            let _errs = OnDrop(|| emit!("edge.strict", {}, { kind = "error" }));
            let _panics = OnDrop(|| emit!("edge.strict", {}, { kind = "panic" }));
            panic!("the first");
        }));
    });
    let report = telemetry.report();
    assert_eq!(report.handler("failing").unwrap().skipped_in_all(), 2);
}

#[test]
fn a_panic_that_an_instrumented_call_passes_on_is_not_taken_for_a_hook() {
    #[instrumented(event = "edge.instrumented")]
    fn panicking() {
        panic!("as asked for");
    }

    let telemetry = Telemetry::isolated();
    let counting = Handler::new("counting", "edge.instrumented.*", |_| ());
    telemetry.attach(counting.on("edge.end")).unwrap();
    telemetry.enter(|| {
        assert!(panics(|| {
            let _end = OnDrop(|| emit!("edge.end"));
            panicking();
        }));
    });
    let report = telemetry.report();
    assert_eq!(report.handler("counting").unwrap().handled, 3, "{report}");
}

#[test]
fn a_panic_that_others_resume_changes_nothing_for_later_ones() {
    let telemetry = Telemetry::isolated();
    let counting = Handler::new("counting", "edge.*", |_| ());
    telemetry.attach(counting).unwrap();
    telemetry.enter(|| {
        assert!(panics(|| {
            let _end = OnDrop(|| emit!("edge.resumed"));
            emit!("edge.begin");
            resume_unwind(Box::new("without a hook"));
        }));
        emit!("edge.between");
        assert!(panics(|| {
            let _end = OnDrop(|| emit!("edge.unwound"));
            panic!("with a hook");
        }));
    });
    let report = telemetry.report();
    let counts = report.handler("counting").unwrap();
    // Nothing tells the first from a hook that was set over ours.
    assert_eq!(counts.skipped(SkipReason::InPanicHook), 1, "{report}");
    assert_eq!(counts.handled, 3, "{report}");
}
