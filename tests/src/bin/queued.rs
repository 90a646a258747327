//! What could end a process, or keep it from its end: `queued PLACE`, of which
//! `tests/queued/processes.rs` says what each shall do.

use std::{
    future::{Future, pending},
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Waker},
    time::Duration,
};

use gambeson::{Config, Event, Handler, Telemetry, defensive_handler, emit, exit_with_flush};
use gambeson_tests::{PATIENCE, tally, wait_until};

fn main() {
    match std::env::args().nth(1).unwrap_or_default().as_str() {
        "drop_while_unwinding" => drop_while_unwinding(defended()),
        "bare_drop_while_unwinding" => drop_while_unwinding(bare()),
        "exit_inside_handler" => exit_inside_handler(),
        unknown => panic!("no place is called `{unknown}`"),
    }
}

/// Panics when it is dropped.
struct Fragile;

impl Drop for Fragile {
    fn drop(&mut self) {
        panic!("in the drop of a local");
    }
}

async fn bare() {
    let _fragile = Fragile;
    pending::<()>().await;
}

#[defensive_handler]
async fn defended() {
    bare().await;
}

/// A future that was polled is dropped by a panic that passes.
fn drop_while_unwinding(future: impl Future<Output = ()>) {
    let telemetry = start(Config::default(), []);
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
        std::panic::resume_unwind(Box::new("of the host"));
    }));
    assert!(unwound.is_err());
    say(&tally(&telemetry.report(), "defended"));
}

static EMITTED: AtomicBool = AtomicBool::new(false);
static EXITING: AtomicBool = AtomicBool::new(false);

/// It waits for the events of the other handler, and not for its own call.
fn exit_inside_handler() {
    let quits = Handler::new("quits", "queued.sent", |_| -> () {
        wait_until("all is emitted", PATIENCE, || {
            EMITTED.load(Ordering::SeqCst)
        });
        EXITING.store(true, Ordering::SeqCst);
        exit_with_flush(7)
    });
    let slow = Handler::new("slow", "queued.sent", |_: &Event<'_>| {
        wait_until("the exit has begun", PATIENCE, || {
            EXITING.load(Ordering::SeqCst)
        });
        say("handled");
    });
    // Longer than the test waits for the process.
    let config = Config::default().with_shutdown_deadline(Duration::from_secs(600));
    let _telemetry = start(config, [quits.queue(4), slow.queue(4)]);
    (0..3).for_each(|_| emit!("queued.sent"));
    EMITTED.store(true, Ordering::SeqCst);
    std::thread::park();
}

fn start(config: Config, handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    let builder = Telemetry::builder().filter(|_| false).config(config);
    let builder = handlers
        .into_iter()
        .fold(builder, gambeson::Builder::handler);
    match builder.start() {
        Ok(telemetry) => telemetry,
        Err(error) => panic!("{error}"),
    }
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say(line: &str) {
    println!("{line}");
}
