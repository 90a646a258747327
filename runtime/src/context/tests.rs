//! What is kept, where it is found, and what is given back.

use std::{
    fmt,
    panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind},
    pin::pin,
    task::Waker,
};

use super::*;
use crate::{contain, event::Number};

fn shown() -> String {
    Context::current().to_string()
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> std::task::Poll<F::Output> {
    future.poll(&mut std::task::Context::from_waker(Waker::noop()))
}

/// What a future is ready with at its first poll.
fn now(future: impl Future<Output = String>) -> String {
    match poll(pin!(future)) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("still pending"),
    }
}

/// Ready at the second poll, with what it saw at both.
async fn seen_twice() -> (String, String) {
    let first = shown();
    let mut polled = false;
    let once = |_: &mut std::task::Context<'_>| {
        if std::mem::replace(&mut polled, true) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    };
    std::future::poll_fn(once).await;
    (first, shown())
}

#[test]
fn a_scope_is_laid_over_those_around_it() {
    scope([("a", 1), ("b", 1)], || {
        scope([("b", 2), ("c", 2)], || {
            assert_eq!(shown(), "a=1 b=2 c=2");
            scope([("c", 3)], || assert_eq!(shown(), "a=1 b=2 c=3"));
            assert_eq!(shown(), "a=1 b=2 c=2");
        });
        assert_eq!(shown(), "a=1 b=1");
    });
    assert!(Context::current().is_empty());
}

#[test]
fn a_panic_gives_back_what_was_there() {
    scope([("a", 1)], || {
        let inner = || {
            scope([("b", 2)], || {
                scope([("c", 3)], || panic!("on the way out"))
            })
        };
        catch_unwind(inner).expect_err("it panics");
        assert_eq!(shown(), "a=1");
    });
    assert!(Context::current().is_empty());
}

#[test]
fn a_context_hides_what_is_around_it() {
    let carried = scope([("a", 1)], Context::current);
    scope([("b", 2)], || {
        carried.scope(|| assert_eq!(shown(), "a=1"));
        Context::default().scope(|| assert_eq!(shown(), ""));
        assert_eq!(shown(), "b=2");
    });
    let both = carried.with("b", 2).with("a", "x");
    assert_eq!(both.to_string(), r#"a="x" b=2"#);
    assert_eq!(both.get("b"), Some(Value::Number(Number::Signed(2))));
    assert_eq!(both.fields().count(), 2);
    assert_eq!(carried.to_string(), "a=1");
}

#[test]
fn fields_are_bounded_in_number_and_size() {
    let many = (0..100).map(|n| (format!("key{n}"), n));
    scope(many, || {
        let context = Context::current();
        assert_eq!((context.fields().count(), context.is_cut()), (32, true));
        assert!(context.to_string().ends_with("key31=31 .."), "{context}");
        scope([("key0", -1)], || {
            let context = Context::current();
            assert_eq!(
                context.fields().next().map(|(_, value)| value.to_string()),
                Some("-1".into())
            );
        });
    });
    let long = "é".repeat(5_000);
    scope([("key", &long)], || {
        let context = Context::current();
        let text = context.get("key").and_then(|value| value.as_text());
        assert_eq!((text.map(str::len), context.is_cut()), (Some(1_024), false));
    });
    let names = ["k".repeat(64), "k".repeat(65), "last".to_owned()];
    scope(names.map(|name| (name, 1)), || {
        let context = Context::current();
        let kept: Vec<_> = context.fields().map(|(key, _)| key.len()).collect();
        assert_eq!((kept, context.is_cut()), (vec![64, 4], true));
    });
}

#[test]
fn an_endless_list_ends() {
    scope((0..).map(|n| (format!("key{n}"), n)), || {
        assert!(Context::current().is_cut());
    });
}

struct Hostile;

impl ToValue for Hostile {
    fn to_value(&self) -> Value<'_> {
        panic!("in to_value");
    }
}

impl fmt::Display for Hostile {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("in Display");
    }
}

struct PanicsWhenDropped;

impl ToValue for PanicsWhenDropped {
    fn to_value(&self) -> Value<'_> {
        Value::Bool(true)
    }
}

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("in drop");
    }
}

#[test]
fn values_that_panic_hurt_nobody() {
    assert!(
        catch_unwind(|| Hostile.to_value().to_string()).is_err(),
        "the twin"
    );
    let seen = scope([("a", Hostile)], || {
        breadcrumb(Hostile);
        (
            Context::current().is_cut(),
            Context::current().breadcrumbs(),
        )
    });
    assert_eq!(seen, (true, vec![contain::PANICKED.to_owned()]));
    scope([("a", PanicsWhenDropped)], || {
        assert_eq!(shown(), "a=true ..");
    });
}

#[test]
fn nothing_that_is_shown_can_forge_a_line() {
    scope([("a\nb", "c\nd\u{1b}[2J\u{202e}")], || {
        breadcrumb("e\nf\u{202e}");
        let context = Context::current();
        let texts = [
            context.to_string(),
            format!("{context:?}"),
            context.breadcrumbs().concat(),
        ];
        for text in texts {
            assert!(
                !text.contains(|char: char| char.is_control() || char == '\u{202e}'),
                "{text:?}"
            );
        }
    });
}

#[test]
fn the_last_breadcrumbs_are_kept_and_cut() {
    breadcrumb(Hostile); // never formatted
    scope([("a", 1)], || {
        (0..100).for_each(|n| breadcrumb(format_args!("step {n}")));
        let crumbs = Context::current().breadcrumbs();
        let last: Vec<_> = (68..100).map(|n| format!("step {n}")).collect();
        assert_eq!(crumbs, last);
        breadcrumb("x".repeat(100_000));
        assert_eq!(Context::current().breadcrumbs()[31].len(), 256);
    });
    assert!(Context::current().breadcrumbs().is_empty());
    scope([("a", 1)], || {
        assert!(Context::current().breadcrumbs().is_empty());
    });
}

/// However they write, the ring holds as many as it can, and nobody waits.
#[test]
fn threads_share_the_breadcrumbs_of_a_work() {
    scope([("a", 1)], || {
        let context = Context::current();
        std::thread::scope(|threads| {
            for thread in 0..4 {
                let context = context.clone();
                threads.spawn(move || {
                    context.scope(|| {
                        (0..1_000).for_each(|n| breadcrumb(format_args!("{thread}.{n}")));
                    });
                });
            }
        });
        let crumbs = context.breadcrumbs();
        assert_eq!(crumbs.len(), 32);
        let number = |crumb: &String| {
            crumb
                .split_once('.')
                .map(|(thread, n)| (thread.to_owned(), n.parse::<u32>()))
        };
        let mut last = std::collections::BTreeMap::new();
        for (thread, n) in crumbs.iter().filter_map(number) {
            let n = n.expect("a number");
            assert!(
                last.insert(thread, n).is_none_or(|before| before < n),
                "{crumbs:?}"
            );
        }
    });
}

#[test]
fn a_future_has_its_context_in_every_poll() {
    let mut future = pin!(scope([("a", 1)], || seen_twice().in_context([("b", 2)])));
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(shown(), "");
    let std::task::Poll::Ready(seen) = poll(future) else {
        panic!("ready at the second poll")
    };
    assert_eq!(seen, ("a=1 b=2".to_owned(), "a=1 b=2".to_owned()));
}

/// The one who made it and the one who polls it agree on what is around it; a stranger's scope is
/// not.
#[test]
fn a_future_is_laid_over_the_scope_in_which_it_is_awaited() {
    let seen = || async { shown() };
    scope([("k", "outer")], || {
        let chained = seen().in_context([("b", "in")]);
        let chained = now(chained.in_context([("k", "over")]));
        assert_eq!(chained, r#"k="over" b="in""#);
        let made = scope([("tenant", "A")], || seen().in_context([("b", "in")]));
        let elsewhere = scope([("tenant", "B")], || now(made));
        assert_eq!(elsewhere, r#"k="outer" tenant="A" b="in""#);
        let exactly = seen().in_current_context();
        let elsewhere = scope([("tenant", "B")], || now(exactly));
        assert_eq!(elsewhere, r#"k="outer""#);
    });
}

#[test]
fn a_future_that_panics_leaves_no_context() {
    let mut future = pin!(async { panic!("in poll") }.in_context([("a", 1)]));
    catch_unwind(AssertUnwindSafe(|| poll::<Contextual<_>>(future.as_mut())))
        .expect_err("it panics");
    assert_eq!(shown(), "");
}

#[test]
fn a_chain_of_tasks_keeps_nothing_of_those_before() {
    let mut context = Context::default().with("n", 0);
    let first = Arc::downgrade(context.0.as_ref().expect("it has a field"));
    for n in 1..100_000 {
        context = context.with("n", n);
    }
    assert_eq!(context.to_string(), "n=99999");
    assert!(first.upgrade().is_none());
}

#[test]
fn a_future_is_what_it_was() {
    fn is_send<T: Send>(_: &T) {}
    fn is_sync<T: Sync>(_: &T) {}
    fn is_unpin<T: Unpin>(_: &T) {}
    fn is_unwind_safe<T: UnwindSafe + RefUnwindSafe>(_: &T) {}
    let future = std::future::ready(1).in_context([("a", 1)]);
    is_send(&future);
    is_sync(&future);
    is_unpin(&future);
    is_unwind_safe(&future);
    is_unwind_safe(&Context::current());
}
