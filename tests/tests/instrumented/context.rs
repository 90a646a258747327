//! The context of a work, which the events of failed calls have.

use gambeson::{
    context::{self, InContext as _},
    instrumented,
};

use super::{heard, pause, poll_once, run, thrown};

#[instrumented(event = "context.sync", skip_all, fields(order_id = 7))]
fn call(answer: Result<u8, &'static str>) -> Result<u8, &'static str> {
    if answer == Ok(13) {
        std::panic::panic_any("unlucky");
    }
    answer
}

#[instrumented(event = "context.later")]
async fn later(fails: bool) -> Result<(), &'static str> {
    pause().await;
    if fails { Err("late") } else { Ok(()) }
}

const ERROR: &str = r#"kind="error" reason="unexpected""#;

#[test]
fn an_exception_has_the_context() {
    let in_context = |answer| {
        heard("context.sync.exception", || {
            context::scope([("request", "r-1")], || {
                context::scope([("tenant", "t-2")], || call(answer))
            })
        })
    };
    let (_, events) = in_context(Err("no"));
    assert_eq!(
        events,
        [format!(
            r#"context.sync.exception order_id=7 {ERROR} error="no" request="r-1" tenant="t-2""#
        )]
    );
    let panics = || context::scope([("request", "r-1")], || thrown::<&str, _>(|| call(Ok(13))));
    let (_, events) = heard("context.sync.exception", panics);
    assert_eq!(
        events,
        [concat!(
            r#"context.sync.exception order_id=7 kind="panic" reason="unexpected" "#,
            r#"error="unlucky" request="r-1""#
        )]
    );
}

#[test]
fn a_field_of_the_call_is_not_told_twice() {
    let scoped = || {
        context::scope([("order_id", 9), ("kind", 1), ("till", 3)], || {
            call(Err("no"))
        })
    };
    let (_, events) = heard("context.sync.exception", scoped);
    assert_eq!(
        events,
        [format!(
            r#"context.sync.exception order_id=7 {ERROR} error="no" till=3"#
        )]
    );
}

#[test]
fn a_call_that_starts_or_stops_says_nothing_of_it() {
    let scoped = || context::scope([("request", "r-1")], || call(Ok(1)));
    let (_, events) = heard("context.sync.*", scoped);
    assert_eq!(
        events,
        [
            "context.sync.start order_id=7",
            "context.sync.stop order_id=7"
        ]
    );
}

#[test]
fn a_future_has_the_context_that_it_is_polled_in() {
    let fails = || run(later(true).in_context([("request", "r-1")]));
    let (_, events) = heard("context.later.exception", fails);
    assert_eq!(
        events,
        [format!(
            r#"context.later.exception {ERROR} error="late" request="r-1""#
        )]
    );
    let cancelled = || {
        let mut future = Box::pin(later(true).in_context([("request", "r-1")]));
        poll_once(future.as_mut());
    };
    let ((), events) = heard("context.later.exception", cancelled);
    assert_eq!(
        events,
        [concat!(
            r#"context.later.exception kind="cancelled" reason="cancelled" "#,
            r#"error="dropped before its end" request="r-1""#
        )]
    );
}

#[test]
fn a_field_does_not_hide_how_the_call_failed() {
    #[instrumented(event = "context.hides", fields(kind = "mine", till = 3))]
    fn hides() -> Result<(), &'static str> {
        Err("no")
    }
    let (_, events) = heard("context.hides.*", hides);
    let expected = [
        r#"context.hides.start kind="mine" till=3"#,
        r#"context.hides.exception till=3 kind="error" reason="unexpected" error="no""#,
    ];
    assert_eq!(events, expected);
}
