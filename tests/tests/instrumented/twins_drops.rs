//! What is dropped, and when, beside a twin without the attribute.

#![allow(
    clippy::unused_self,
    unused_assignments,
    unused_variables,
    unused_mut,
    reason = "arguments that nobody uses are dropped too"
)]

use std::{
    cell::RefCell,
    future::Future,
    pin::pin,
    task::{Context, Waker},
};

use gambeson::instrumented;

use super::pause;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct Noted(&'static str);

impl Noted {
    fn again(&self) -> Noted {
        Noted("again")
    }

    fn number(&self) -> usize {
        self.0.len()
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

fn pair() -> (Noted, Noted) {
    (Noted("left"), Noted("right"))
}

/// What the future drops when it is polled so often, and then dropped.
fn dropped_after(polls: usize, future: impl Future) -> (usize, Vec<&'static str>) {
    DROPPED.take();
    let mut context = Context::from_waker(Waker::noop());
    let ready = {
        let mut future = pin!(future);
        (0..polls)
            .take_while(|_| future.as_mut().poll(&mut context).is_pending())
            .count()
    };
    (ready, DROPPED.take())
}

/// A body, sync and async, without and with a value, with and without the options that look at it.
/// Each must drop what its twin drops: at its end, and wherever its future is dropped before that.
macro_rules! same_drops {
    ($($name:ident($($pattern:pat_param => $ty:ty = $value:expr),*) $body:block)*) => {
        $(#[test]
        fn $name() {
            fn bare($($pattern: $ty),*) { let value: usize = $body; }
            #[instrumented(skip_all)]
            fn flat($($pattern: $ty),*) { let value: usize = $body; }
            fn bare_value($($pattern: $ty),*) -> usize $body
            #[instrumented(skip_all)]
            fn value($($pattern: $ty),*) -> usize $body
            #[instrumented]
            #[track_caller]
            fn tracked($($pattern: $ty),*) -> usize $body
            #[instrumented(err, ret)]
            fn records($($pattern: $ty),*) -> Result<usize, String> { Ok($body) }
            #[instrumented(skip_all)]
            fn opaque($($pattern: $ty),*) -> impl Send $body
            let dropped = |code: fn($($ty),*) -> usize| {
                DROPPED.take();
                let value = code($($value),*);
                (value, DROPPED.take())
            };
            let of_value = dropped(bare_value);
            assert!(of_value.1.len() > 2);
            assert_eq!(dropped(value), of_value);
            assert_eq!(dropped(tracked), of_value);
            assert_eq!(dropped(|$($pattern: $ty),*| $body).0, of_value.0);
            DROPPED.take();
            assert_eq!(records($($value),*), Ok(of_value.0));
            assert_eq!(DROPPED.take(), of_value.1);
            let _opaque = opaque($($value),*);
            assert_eq!(DROPPED.take(), of_value.1);
            bare($($value),*);
            let of_nothing = DROPPED.take();
            flat($($value),*);
            assert_eq!(DROPPED.take(), of_nothing);
        }

        mod $name {
            use super::*;

            async fn bare($($pattern: $ty),*) -> usize { pause().await; let value = $body; pause().await; value }
            #[instrumented(skip_all)]
            async fn ours($($pattern: $ty),*) -> usize { pause().await; let value = $body; pause().await; value }
            #[instrumented]
            async fn records($($pattern: $ty),*) -> usize { pause().await; let value = $body; pause().await; value }

            #[test]
            fn later() {
                for polls in 0..4 {
                    let expected = dropped_after(polls, bare($($value),*));
                    assert_eq!(dropped_after(polls, ours($($value),*)), expected, "{polls} polls");
                    assert_eq!(dropped_after(polls, records($($value),*)), expected, "{polls} polls");
                }
            }
        })*
    };
}

same_drops! {
    used_arguments(a => Noted = Noted("a"), b => Noted = Noted("b"), c => Noted = Noted("c")) {
        let local = Noted("local");
        a.number() + c.number() + b.number()
    }
    unused_arguments(a => Noted = Noted("a"), _ => Noted = Noted("wild"), _b => Noted = Noted("b"), c => Noted = Noted("c")) {
        let local = Noted("local");
        c.number()
    }
    arguments_dropped_early(a => Noted = Noted("a"), b => Noted = Noted("b"), c => Noted = Noted("c")) {
        let local = Noted("local");
        drop(b);
        local.number()
    }
    arguments_moved_under_a_condition(a => Noted = Noted("a"), b => Noted = Noted("b"), c => Noted = Noted("c")) {
        let number = c.number();
        if number == 1 {
            drop(a);
        } else {
            drop(b);
        }
        number
    }
    arguments_let_go(a => Noted = Noted("a"), b => (Noted, Noted) = pair(), c => Noted = Noted("c")) {
        let _ = a;
        let _ = b.0;
        let (left, _) = b;
        let moved = c;
        left.number()
    }
    assigned_arguments(mut a => Noted = Noted("a"), b => Noted = Noted("b"), mut c => Noted = Noted("c")) {
        let local = Noted("local");
        a = Noted("other a");
        let taken = std::mem::replace(&mut c, Noted("other c"));
        taken.number()
    }
    patterns(a => Noted = Noted("a"), (left, _) => (Noted, Noted) = pair(), (_, ref right) => (Noted, Noted) = pair(), b => Noted = Noted("b")) {
        let local = Noted("local");
        left.number() + right.number()
    }
    mutable_patterns((mut left, right) => (Noted, Noted) = pair(), whole @ (_, _) => (Noted, Noted) = pair(), [first, ..] => [Noted; 2] = [Noted("first"), Noted("second")]) {
        left = Noted("other left");
        drop(whole.1);
        first.number()
    }
    temporaries_of_the_tail(a => Noted = Noted("a"), b => Noted = Noted("b")) {
        let local = Noted("local");
        a.again().again().number() + b.again().number()
    }
    a_match_in_the_tail(a => Noted = Noted("a"), b => Noted = Noted("b")) {
        let local = Noted("local");
        match a.again().number() {
            0 => 0,
            number => number + b.again().number(),
        }
    }
    early_returns(a => Noted = Noted("a"), b => Noted = Noted("b")) {
        let local = Noted("local");
        if let Some(number) = Some(a.again().number()) {
            let inner = Noted("inner");
            drop(b);
            number
        } else {
            0
        }
    }
}

#[test]
fn returns_and_questions_leave_as_they_do_in_the_twin() {
    fn leaves(a: Noted, fails: Result<usize, String>, b: Noted) -> Result<usize, String> {
        let local = Noted("local");
        if a.again().number() == 0 {
            return Ok(0);
        }
        let number = fails?;
        let other = b;
        Ok(number)
    }
    #[instrumented(skip_all, err, ret)]
    fn ours(a: Noted, fails: Result<usize, String>, b: Noted) -> Result<usize, String> {
        let local = Noted("local");
        if a.again().number() == 0 {
            return Ok(0);
        }
        let number = fails?;
        let other = b;
        Ok(number)
    }
    for fails in [Ok(1), Err("fails".to_owned())] {
        let bare = (
            leaves(Noted("a"), fails.clone(), Noted("b")),
            DROPPED.take(),
        );
        let instrumented = (ours(Noted("a"), fails, Noted("b")), DROPPED.take());
        assert_eq!(instrumented, bare);
        assert_eq!(bare.1.len(), 4);
    }
}

#[test]
fn what_only_the_spans_relatives_use_is_dropped_by_them() {
    use gambeson::private::tracing::Id;

    fn ask(noted: Noted) -> Option<Id> {
        assert_eq!(noted.0, "cause");
        None
    }
    #[instrumented(skip_all, follows_from = [ask(cause)])]
    async fn ours(a: Noted, cause: Noted, b: Noted) -> usize {
        a.number()
    }
    // Nobody wants a span here, so the cause is not asked for, and dropped last.
    let (_, dropped) = dropped_after(1, ours(Noted("a"), Noted("cause"), Noted("b")));
    assert_eq!(dropped, ["b", "a", "cause"]);
}

#[test]
fn a_panic_drops_what_it_drops_in_the_twin() {
    fn panics(a: Noted, b: Noted) -> usize {
        let local = Noted("local");
        std::panic::resume_unwind(Box::new(b.number()))
    }
    #[instrumented(skip_all)]
    fn ours(a: Noted, b: Noted) -> usize {
        let local = Noted("local");
        std::panic::resume_unwind(Box::new(b.number()))
    }
    let dropped = |code: fn(Noted, Noted) -> usize| {
        let code = || code(Noted("a"), Noted("b"));
        assert!(std::panic::catch_unwind(code).is_err());
        DROPPED.take()
    };
    assert_eq!(dropped(ours), dropped(panics));
}
