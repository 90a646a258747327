//! Processes that end with work in hand: by a code, a panic, a signal.

use std::{
    future::Future,
    process::Command,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Wake, Waker},
    thread,
    time::Duration,
};

use gambeson::{
    Builder, Config, Event, Handler, Phase, Resource, Telemetry, defensive_handler, emit,
    exit_with_flush, handler, signals::Signals,
};
use gambeson_tests::{PATIENCE, wait_until};
use tokio::runtime::Runtime;

use crate::say;

const EVENTS: u32 = 1_000;

static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();

/// Longer than the tests wait for any of these processes.
pub(crate) fn builder() -> Builder {
    let config = Config::default().with_shutdown_deadline(Duration::from_secs(600));
    Telemetry::builder().filter(|_| false).config(config)
}

pub(crate) fn start(builder: Builder) -> Telemetry {
    match builder.start() {
        Ok(telemetry) => telemetry,
        Err(error) => panic!("{error}"),
    }
}

fn phase() -> Option<Phase> {
    TELEMETRY.get().map(Telemetry::phase)
}

/// Events are handled in their order.
#[defensive_handler(on = "ends.queued")]
#[expect(clippy::print_stdout, reason = "the test reads it")]
async fn tells_the_last(event: &Event<'_>) -> Result<(), gambeson::FieldError> {
    tokio::task::yield_now().await;
    if event.number("n")? >= f64::from(EVENTS) {
        println!("handled {EVENTS}");
    }
    Ok(())
}

/// A telemetry with a queue full of events.
pub(crate) fn busy(runtime: &Runtime) -> Telemetry {
    let builder = builder().handler(handler!(tells_the_last));
    let telemetry = start(builder.runtime(runtime.handle().clone()));
    for n in 1..=EVENTS {
        emit!("ends.queued", { n = n });
    }
    telemetry
}

pub(crate) fn runtime() -> Runtime {
    match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn exit() {
    let runtime = runtime();
    let _telemetry = busy(&runtime);
    let exiting = thread::spawn(|| exit_with_flush(3));
    let _ = exiting.join();
}

pub(crate) fn panic_in_main() {
    let runtime = runtime();
    let _telemetry = busy(&runtime);
    panic!("in main");
}

/// A handler whose call ends once a shutdown has begun.
#[expect(clippy::print_stdout, reason = "the test reads it")]
fn slow(begins: impl Fn() + Send + Sync + 'static) -> Handler {
    Handler::new("slow", "ends.slow", move |_| {
        begins();
        wait_until("it drains", PATIENCE, || phase() == Some(Phase::Draining));
        println!("slow is drained");
    })
}

/// Emits on a thread of its own, once the telemetry can be found.
fn begin(telemetry: Telemetry) {
    let _ = TELEMETRY.set(telemetry);
    thread::spawn(|| emit!("ends.slow"));
}

pub(crate) fn wait_for_ever() -> ! {
    loop {
        thread::park();
    }
}

/// The handler that exits holds a lease, which nobody waits for either.
pub(crate) fn exit_inside_handler() {
    static IS_IN: AtomicBool = AtomicBool::new(false);
    static TILL: Resource<u32> = Resource::new("till");
    let _provided = TILL.provide(1);
    let exits = Handler::new("exits", "ends.exit", |_: &Event<'_>| -> () {
        exit_with_flush(4)
    });
    let exits = exits.needs(&TILL);
    let slow = slow(|| IS_IN.store(true, Ordering::SeqCst));
    begin(start(builder().handler(exits).handler(slow)));
    wait_until("it is slow", PATIENCE, || IS_IN.load(Ordering::SeqCst));
    emit!("ends.exit");
}

/// The handler ends only when this thread is about to exit.
pub(crate) fn exit_while_another_shuts_down() {
    static EXITS: AtomicBool = AtomicBool::new(false);
    let slow = slow(|| {
        thread::spawn(|| TELEMETRY.get().map(Telemetry::shutdown));
        wait_until("this one exits", PATIENCE, || EXITS.load(Ordering::SeqCst));
    });
    begin(start(builder().handler(slow)));
    wait_until("the other one drains", PATIENCE, || {
        phase() == Some(Phase::Draining)
    });
    EXITS.store(true, Ordering::SeqCst);
    exit_with_flush(5);
}

/// Sends this process a signal.
pub(crate) fn kill(signal: &str) {
    let id = std::process::id().to_string();
    match Command::new("kill").args([signal, &id]).status() {
        Ok(status) => assert!(status.success(), "{status}"),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn signal(signal: &'static str) {
    let slow = slow(move || kill(signal));
    begin(start(builder().handler(slow).exit_on_signals()));
    wait_for_ever();
}

/// The handler never ends; the second signal does.
pub(crate) fn second_signal() {
    let hangs = Handler::new("hangs", "ends.slow", |_: &Event<'_>| -> () {
        kill("-TERM");
        wait_until("it drains", PATIENCE, || phase() == Some(Phase::Draining));
        kill("-TERM");
        wait_for_ever();
    });
    begin(start(builder().handler(hangs).exit_on_signals()));
    wait_for_ever();
}

/// The host ends by itself, and has the report.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn signal_for_host() {
    let Ok(signals) = Signals::new() else {
        panic!("no signals")
    };
    assert_eq!(signals.wait(Duration::ZERO), None);
    begin(start(builder().handler(slow(|| kill("-INT")))));
    match signals.wait(PATIENCE) {
        Some(signal) => println!("{signal}"),
        None => panic!("no signal within {PATIENCE:?}"),
    }
    if let Some(telemetry) = TELEMETRY.get() {
        telemetry.shutdown();
        say(telemetry, "slow");
    }
}

/// A waker of an executor that has gone.
struct BrokenWaker;

impl Wake for BrokenWaker {
    fn wake(self: Arc<Self>) {
        panic!("the executor has gone");
    }
}

/// The same on an executor that is not blocked.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn signal_for_async_host() {
    let Ok(signals) = Signals::new() else {
        panic!("no signals")
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let Ok(runtime) = runtime else {
        panic!("no runtime")
    };
    // Who listened before the runtime has gone, and must not take the one who listens with it.
    let mut listened_before = Box::pin(signals.recv());
    let broken = Waker::from(Arc::new(BrokenWaker));
    let mut context = Context::from_waker(&broken);
    assert!(listened_before.as_mut().poll(&mut context).is_pending());
    runtime.block_on(async {
        let telemetry = start(builder().handler(handler!(tells_the_last)));
        tokio::spawn(async { kill("-TERM") });
        println!("{}", signals.recv().await);
        emit!("ends.queued", { n = EVENTS });
        telemetry.shutdown_async().await;
        say(&telemetry, "tells_the_last");
    });
}
