//! Drops, and the ends of threads.

use std::{
    cell::RefCell,
    future::pending,
    sync::{
        Arc, Mutex,
        mpsc::{self, Sender},
    },
    thread,
};

use gambeson::{
    Handler, Telemetry,
    context::{self, InContext},
};
use gambeson_tests::tally;

use super::shown;
use crate::started;

/// Tells the context in which it is dropped.
struct TellsWhenDropped(Sender<String>);

impl Drop for TellsWhenDropped {
    fn drop(&mut self) {
        let _ = self.0.send(shown());
    }
}

#[test]
fn a_dropped_future_is_dropped_in_its_context() {
    let (sender, told) = mpsc::channel();
    let waits = || {
        let owned = TellsWhenDropped(sender.clone());
        async move {
            let _owned = owned;
            pending::<()>().await;
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.spawn(waits().in_context([("order_id", "polled")]));
    runtime.block_on(tokio::task::yield_now());
    drop(runtime);
    assert_eq!(told.recv().unwrap(), r#"order_id="polled""#);
    drop(waits().in_context([("order_id", "never polled")]));
    assert_eq!(told.recv().unwrap(), r#"order_id="never polled""#);
    drop(waits());
    assert_eq!(told.recv().unwrap(), "", "the twin");
}

/// What is asked while a thread's locals go away.
struct Last(Option<Box<dyn FnOnce() + Send>>);

impl Drop for Last {
    fn drop(&mut self) {
        if let Some(code) = self.0.take() {
            code();
        }
    }
}

thread_local! {
    static OLDER: RefCell<Last> = const { RefCell::new(Last(None)) };
    static YOUNGER: RefCell<Last> = const { RefCell::new(Last(None)) };
    /// As the context would be, had it a destructor.
    static TWIN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn at_the_end(code: impl FnOnce(&'static str) + Clone + Send + 'static) {
    let end = code.clone();
    OLDER.with(|last| last.borrow_mut().0 = Some(Box::new(|| end("older"))));
    TWIN.with(|twin| twin.borrow_mut().push(shown()));
    context::scope([("a", 1)], || assert_eq!(shown(), "a=1"));
    YOUNGER.with(|last| last.borrow_mut().0 = Some(Box::new(|| code("younger"))));
}

/// One is made before the first use of the context on its thread, and so destroyed after what was
/// made then; the other is made after it.
#[test]
fn in_destructors_of_older_and_younger_thread_locals() {
    let kept: Arc<Mutex<Vec<String>>> = Arc::default();
    let keep = Arc::clone(&kept);
    let telemetry: Arc<Telemetry> = Arc::new(started([Handler::new(
        "keeps",
        "context.ended",
        move |_| keep.lock().unwrap().push(shown()),
    )]));
    let (sender, told) = mpsc::channel();
    let emitter = Arc::clone(&telemetry);
    let end = move |which| {
        let twin_is_there = TWIN.try_with(|_| ()).is_ok();
        let order = [("which", which)];
        let crumbs = context::scope(order, || {
            context::breadcrumb("in a destructor");
            emitter.emit("context.ended", &[], &[]).unwrap();
            context::Context::current().breadcrumbs()
        });
        sender
            .send((which, twin_is_there, crumbs, shown()))
            .unwrap();
    };
    thread::spawn(move || at_the_end(end)).join().unwrap();
    let crumbs = || vec!["in a destructor".to_owned()];
    let mut told: Vec<_> = told.iter().collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("older", false, crumbs(), String::new()),
            ("younger", true, crumbs(), String::new()),
        ],
        "the twin is gone for the older"
    );
    let mut kept = kept.lock().unwrap().clone();
    kept.sort_unstable();
    assert_eq!(kept, [r#"which="older""#, r#"which="younger""#]);
    assert_eq!(tally(&telemetry.report(), "keeps"), "2 = 2 handled");
}
