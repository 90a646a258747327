//! A future that is dropped before it was ready.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    pin::Pin,
};

use gambeson::instrumented;

use super::{heard, name::current, pause, poll_once, run, seen::seen};

const CANCELLED: &str =
    r#"exception kind="cancelled" reason="cancelled" error="dropped before its end""#;

#[instrumented(event = "cancel.later", skip_all, level = "warn")]
async fn later<T>(owned: T) -> Option<T> {
    pause().await;
    Some(owned)
}

#[instrumented(event = "cancel.err", err, level = "debug")]
async fn with_err() -> Result<(), String> {
    pause().await;
    Ok(())
}

#[instrumented(event = "cancel.ret", ret(level = "trace"), target = "shop")]
async fn with_ret() -> u8 {
    pause().await;
    1
}

#[instrumented(event = "cancel.boxed", err)]
fn boxed() -> Pin<Box<dyn Future<Output = Result<(), String>>>> {
    Box::pin(async {
        pause().await;
        Ok(())
    })
}

/// Polls a future once, and drops it.
fn cancel(future: impl Future) {
    let mut future = Box::pin(future);
    poll_once(future.as_mut());
}

fn start_and(name: &str, end: &str) -> Vec<String> {
    ["start", end]
        .map(|end| format!("cancel.{name}.{end}"))
        .into()
}

#[test]
fn between_two_polls() {
    let ((), events) = heard("cancel.**", || cancel(later(())));
    assert_eq!(events, start_and("later", CANCELLED));
    let ((), events) = heard("cancel.**", || cancel(boxed()));
    assert_eq!(events, start_and("boxed", CANCELLED));
}

#[test]
fn before_the_first_poll_an_async_function_has_not_begun() {
    let ((), events) = heard("cancel.**", || drop(later(())));
    assert_eq!(events, [""; 0]);
}

#[test]
fn before_the_first_poll_a_function_that_made_its_future_has() {
    let ((), events) = heard("cancel.**", || drop(boxed()));
    assert_eq!(events, start_and("boxed", CANCELLED));
}

#[test]
fn after_the_end_it_is_none() {
    let (_, events) = heard("cancel.**", || {
        let mut future = Box::pin(boxed());
        let value = run(&mut future);
        drop(future);
        value
    });
    assert_eq!(events, start_and("boxed", "stop"));
}

#[test]
fn while_a_thread_unwinds() {
    let (payload, events) = heard("cancel.**", || {
        let unwinds = || {
            let mut future = Box::pin(later(()));
            poll_once(future.as_mut());
            panic_any("unwinding")
        };
        catch_unwind(AssertUnwindSafe(unwinds)).unwrap_err()
    });
    assert_eq!(payload.downcast_ref(), Some(&"unwinding"));
    assert_eq!(events, start_and("later", CANCELLED));
}

#[test]
fn with_err_or_ret_it_leaves_a_record_at_the_level_of_the_span() {
    let calls: [(fn(), &str); 3] = [
        (
            || cancel(with_err()),
            "with_err: DEBUG instrumented::cancellation",
        ),
        (|| cancel(with_ret()), "with_ret: INFO shop"),
        (|| cancel(boxed()), "boxed: INFO instrumented::cancellation"),
    ];
    for (call, place) in calls {
        let ((), mut lines) = seen(call);
        lines.retain(|line| line.starts_with("event"));
        assert_eq!(
            lines,
            [format!(
                "event in {place} message=str cancelled error.type=str cancelled"
            )]
        );
    }
}

#[test]
fn without_them_only_the_span_says_so() {
    let ((), lines) = seen(|| cancel(later(())));
    assert_eq!(
        lines,
        [
            "WARN instrumented::cancellation later:",
            "later later: error.type=str cancelled"
        ]
    );
}

#[test]
fn what_the_future_owns_is_dropped_before_and_in_the_span() {
    struct Notes<'a>(&'a mut Vec<Option<&'static str>>);
    impl Drop for Notes<'_> {
        fn drop(&mut self) {
            self.0.push(current());
            inside();
        }
    }
    #[instrumented(event = "cancel.inside")]
    fn inside() {}
    let mut notes = Vec::new();
    let cancelled = || seen(|| cancel(later(Notes(&mut notes))));
    let (_, events) = heard("cancel.**", cancelled);
    assert_eq!(notes, [Some("later")]);
    assert_eq!(
        events,
        [
            "cancel.later.start".to_owned(),
            "cancel.inside.start".into(),
            "cancel.inside.stop".into(),
            format!("cancel.later.{CANCELLED}")
        ]
    );
}
