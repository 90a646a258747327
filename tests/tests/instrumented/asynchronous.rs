//! Futures: the call lasts as long as they do, however they are returned.

use std::{cell::RefCell, pin::Pin};

use gambeson::instrumented;

use super::{heard, name::current, pause, poll_once, run, seen::seen};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The spans that code was in.
type Spans = RefCell<Vec<Option<&'static str>>>;

#[instrumented(event = "async.function", skip_all)]
async fn function(spans: &Spans) -> u8 {
    note_twice(spans).await
}

#[instrumented(event = "async.boxed", skip_all)]
fn boxed(spans: &Spans) -> Boxed<'_, u8> {
    Box::pin(note_twice(spans))
}

#[instrumented(event = "async.opaque", skip_all)]
fn opaque(spans: &Spans) -> impl Future<Output = u8> {
    note_twice(spans)
}

async fn note_twice(spans: &Spans) -> u8 {
    spans.borrow_mut().push(current());
    pause().await;
    spans.borrow_mut().push(current());
    5
}

type Call = for<'a> fn(&'a Spans) -> Boxed<'a, u8>;

const CALLS: [(&str, Call); 3] = [
    ("function", |spans| Box::pin(function(spans))),
    ("boxed", |spans| boxed(spans)),
    ("opaque", |spans| Box::pin(opaque(spans))),
];

#[test]
fn a_call_begins_with_the_first_poll_and_stops_with_the_last() {
    for (name, call) in CALLS {
        let spans = Spans::default();
        let [start, stop] = ["start", "stop"].map(|end| format!("async.{name}.{end}"));
        // What is forgotten never ends.
        let ((), events) = heard("async.**", || std::mem::forget(call(&spans)));
        assert_eq!(events, [""; 0], "made");
        let ((), events) = heard("async.**", || {
            let mut future = call(&spans);
            poll_once(future.as_mut());
            std::mem::forget(future);
        });
        assert_eq!(events, std::slice::from_ref(&start), "polled once");
        let (value, events) = heard("async.**", || run(call(&spans)));
        assert_eq!((value, events), (5, vec![start, stop]), "polled to its end");
    }
}

#[test]
fn every_poll_is_in_the_span_and_nothing_else_is() {
    for (name, call) in CALLS {
        let spans = Spans::default();
        let (value, lines) = seen(|| {
            let mut future = call(&spans);
            assert_eq!(current(), None, "made");
            poll_once(future.as_mut());
            assert_eq!(current(), None, "between two polls");
            run(future)
        });
        assert_eq!((value, current()), (5, None));
        assert_eq!(spans.into_inner(), [Some(name); 2]);
        assert_eq!(lines, [format!("INFO instrumented::asynchronous {name}:")]);
    }
}

#[test]
fn the_error_of_a_boxed_future_is_that_of_the_call() {
    #[instrumented(event = "async.sendable")]
    fn sendable(fails: bool) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send>> {
        Box::pin(async move {
            pause().await;
            if fails { Err("late".to_owned()) } else { Ok(1) }
        })
    }
    let (value, events) = heard("async.**", || run(sendable(true)));
    assert_eq!(value, Err("late".into()));
    assert_eq!(
        events,
        [
            "async.sendable.start",
            r#"async.sendable.exception kind="error" reason="unexpected" error="late""#
        ]
    );
    let (value, events) = heard("async.**", || run(sendable(false)));
    assert_eq!(value, Ok(1));
    assert_eq!(events, ["async.sendable.start", "async.sendable.stop"]);
}

#[test]
fn a_panic_before_there_is_a_future_is_that_of_the_call() {
    #[instrumented(event = "async.unmade")]
    fn unmade(order: u8) -> Boxed<'static, u8> {
        assert!(order > 0, "no order");
        Box::pin(std::future::ready(order))
    }
    let caught = || std::panic::catch_unwind(|| drop(unmade(0))).is_err();
    let (panicked, events) = heard("async.**", caught);
    assert!(panicked);
    assert_eq!(
        events,
        [
            "async.unmade.start",
            r#"async.unmade.exception kind="panic" reason="unexpected" error="no order""#
        ]
    );
}

struct NotesSpan<'a>(&'a Spans);

impl Drop for NotesSpan<'_> {
    fn drop(&mut self) {
        self.0.borrow_mut().push(current());
    }
}

#[test]
fn what_a_future_owns_is_dropped_in_the_span() {
    #[instrumented(skip_all)]
    async fn owner(owned: NotesSpan<'_>) {
        pause().await;
        let _owned = owned;
    }
    let spans = Spans::default();
    seen(|| run(owner(NotesSpan(&spans))));
    assert_eq!(spans.into_inner(), [Some("owner")]);
}
