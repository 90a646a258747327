//! The panic hook, and the hooks of others around it.

use std::{
    fmt,
    panic::{self, AssertUnwindSafe, catch_unwind, panic_any},
    sync::{Arc, Barrier, Mutex},
    thread,
};

use gambeson::{Builder, Config, Event, Handler, Telemetry, context, emit};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
};

use crate::{boom, process, say};

fn till() -> [Handler; 1] {
    [Handler::new("till", "shop.opened", boom)]
}

/// A contained panic says nothing.
pub(crate) fn contained() {
    let telemetry = process(till());
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// Everybody else's panics speak as before.
pub(crate) fn others() {
    let telemetry = process(till());
    emit!("shop.opened");
    let _ = thread::Builder::new()
        .name("other".to_owned())
        .spawn(|| panic!("not ours"))
        .map(thread::JoinHandle::join);
    say(&telemetry, "till");
}

/// A panic that the handler catches by itself is the handler's own, and visible.
pub(crate) fn caught_inside() {
    let telemetry = process([Handler::new("till", "shop.opened", |_| {
        let _ = catch_unwind(|| panic!("its own"));
    })]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

#[expect(clippy::print_stderr, reason = "the test reads it")]
fn own_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        eprintln!("own hook");
        previous(info);
    }));
}

/// The user's hook is behind ours: it hears what is not contained, once.
pub(crate) fn own_hook_before() {
    own_hook();
    let telemetry = process(till());
    emit!("shop.opened");
    let _ = catch_unwind(|| panic!("not ours"));
    say(&telemetry, "till");
}

/// The user's hook is in front of ours: it hears everything, once.
pub(crate) fn own_hook_after() {
    let telemetry = process(till());
    own_hook();
    emit!("shop.opened");
    let _ = catch_unwind(|| panic!("not ours"));
    say(&telemetry, "till");
}

fn emitting_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        emit!("shop.opened");
        previous(info);
    }));
}

/// A panic inside a hook would abort: the handler is skipped before it runs.
pub(crate) fn emitting_hook_before() {
    emitting_hook();
    let telemetry = process(till());
    for _ in 0..3 {
        let _ = catch_unwind(|| panic!("not ours"));
    }
    say(&telemetry, "till");
}

/// The same with a hook that runs before ours, on two threads.
pub(crate) fn emitting_hook_after() {
    let telemetry = process(till());
    for _ in 0..2 {
        let _ = catch_unwind(|| panic!("before there is such a hook"));
    }
    emitting_hook();
    emit!("shop.opened");
    for _ in 0..3 {
        let _ = catch_unwind(|| panic!("not ours"));
    }
    let _ = thread::spawn(|| panic!("not ours either")).join();
    say(&telemetry, "till");
}

/// A hook that asks for whom the thread panicked, and has a scope of its own.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn context_in_hook() {
    panic::set_hook(Box::new(|_| {
        context::breadcrumb("asked");
        let current = context::Context::current();
        println!("for {current} after {:?}", current.breadcrumbs());
        context::scope([("in", "hook")], || {
            println!("inside {}", context::Context::current());
        });
    }));
    let telemetry = process(till());
    let _ = catch_unwind(|| {
        context::scope([("order_id", "A-1")], || {
            context::breadcrumb("the card was charged");
            panic!("not ours");
        });
    });
    println!("then {}", context::Context::current());
    drop(telemetry);
}

/// A hook whose event has a value that cannot be shown, where skips are told to a log that breaks.
pub(crate) fn hostile_hook() {
    panic::set_hook(Box::new(
        |_| emit!("shop.opened", {}, { broken = ?BrokenDebug }),
    ));
    let config = Config::default().with_debug(true);
    let builder = Telemetry::builder().filter(|_| false).config(config);
    let telemetry = till().into_iter().fold(builder, Builder::handler).start();
    let Ok(telemetry) = telemetry else { return };
    let log = tracing_subscriber::registry().with(BrokenLog);
    tracing::subscriber::with_default(log, || {
        let _ = catch_unwind(|| panic!("not ours"));
    });
    say(&telemetry, "till");
}

struct BrokenDebug;

impl fmt::Debug for BrokenDebug {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("in Debug");
    }
}

struct BrokenLog;

impl<S: tracing::Subscriber> Layer<S> for BrokenLog {
    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        panic!("in the log");
    }
}

struct EmitsWhenDropped;

impl Drop for EmitsWhenDropped {
    fn drop(&mut self) {
        emit!("shop.opened");
    }
}

/// While the thread unwinds, no hook is running any more, and handlers run.
pub(crate) fn unwinding() {
    let telemetry = process([
        Handler::new("a_panics", "shop.opened", boom),
        Handler::new("b_works", "shop.opened", |_| ()),
    ]);
    for _ in 0..2 {
        let _ = catch_unwind(|| {
            let _emits = EmitsWhenDropped;
            panic!("not ours");
        });
    }
    say(&telemetry, "a_panics");
    say(&telemetry, "b_works");
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn say_start() {
    match Telemetry::builder().filter(|_| false).start() {
        Ok(_) => println!("started"),
        Err(error) => println!("{error}"),
    }
}

/// Setting a hook inside a hook would abort.
pub(crate) fn start_in_hook() {
    panic::set_hook(Box::new(|_| say_start()));
    let _ = catch_unwind(|| panic!("not ours"));
    let _ = panic::take_hook();
    say_start();
}

/// Setting a hook while panicking would abort.
pub(crate) fn start_while_panicking() {
    struct Starts;
    impl Drop for Starts {
        fn drop(&mut self) {
            say_start();
        }
    }
    let _ = catch_unwind(|| {
        let _starts = Starts;
        panic!("not ours");
    });
    say_start();
}

/// Eight threads that start at once install one hook: a panic outside speaks once.
pub(crate) fn eight_starts() {
    let ready = Arc::new(Barrier::new(8));
    let kept = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..8 {
            let (ready, kept) = (Arc::clone(&ready), &kept);
            scope.spawn(move || {
                ready.wait();
                let telemetry = Telemetry::isolated();
                if let Ok(mut kept) = kept.lock() {
                    kept.push(telemetry);
                }
            });
        }
    });
    let _ = catch_unwind(|| panic!("not ours"));
    let telemetry = process(till());
    emit!("shop.opened");
    say(&telemetry, "till");
}

struct Bomb(u32);

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0 > 0 {
            panic_any(Bomb(self.0 - 1));
        }
    }
}

/// A payload that panics when it is dropped, with another, a hundred times.
pub(crate) fn payload_chain() {
    let telemetry = process([Handler::new("till", "shop.opened", |_| drop(Bomb(101)))]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// What is said of a panic that aborts, by one that does not.
pub(crate) fn words_of_an_abort() {
    fn says_so(_: &Event<'_>) {
        panic!("panic in a destructor during cleanup");
    }
    let telemetry = process([Handler::new("till", "shop.opened", says_so)]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// A limit: two destructors that panic in one unwinding abort, in a handler as elsewhere.
pub(crate) fn two_destructors() {
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("in a destructor");
        }
    }
    let telemetry = process([Handler::new("till", "shop.opened", |_| {
        let _panics = AssertUnwindSafe(Panics);
        panic_unless_false(true);
    })]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

fn panic_unless_false(panics: bool) {
    assert!(!panics, "the first");
}
