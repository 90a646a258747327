//! Every kind of function returns, borrows and leaves as its twin does.

#![allow(
    clippy::boxed_local,
    clippy::elidable_lifetime_names,
    clippy::needless_lifetimes,
    clippy::extra_unused_lifetimes,
    reason = "the functions are here for their shape"
)]

use std::{
    future::Future,
    panic::Location,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use gambeson::instrumented;

use super::{heard, pause, run};

/// No `Debug`, and none of its own.
#[derive(Clone, Default)]
struct Till(Vec<u32>);

impl Till {
    #[instrumented]
    fn boxed(self: Box<Self>, index: usize) -> u32 {
        self.0[index]
    }

    #[instrumented]
    fn shared(self: Rc<Self>) -> Rc<Self> {
        self
    }

    #[instrumented(skip_all)]
    fn pinned(self: Pin<&mut Self>) -> Pin<&mut Self> {
        self
    }

    #[instrumented]
    async fn pinned_later(mut self: Pin<&mut Self>, number: u32) -> usize {
        pause().await;
        self.0.push(number);
        self.0.len()
    }

    #[instrumented]
    fn with(mut self, number: u32) -> Self {
        self.0.push(number);
        self
    }

    #[instrumented]
    async fn with_later(mut self, number: u32) -> Self {
        pause().await;
        self.0.push(number);
        self
    }

    #[instrumented]
    fn first(&mut self) -> Option<&mut u32> {
        self.0.first_mut()
    }

    #[instrumented(err, ret)]
    async fn first_later(&mut self, reason: &str) -> Result<&mut u32, String> {
        pause().await;
        self.0.first_mut().ok_or_else(|| reason.to_owned())
    }

    #[instrumented]
    fn sum<'a>(&'a self) -> impl Future<Output = u32> + Send + 'a {
        async move { self.0.iter().sum() }
    }

    #[instrumented]
    fn sum_boxed<'a>(&'a self) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
        if self.0.is_empty() {
            return Box::pin(async { 0 });
        }
        Box::pin(self.sum())
    }

    #[instrumented]
    fn sum_sync(&self) -> Pin<Box<dyn Future<Output = u32> + Sync + Send + '_>> {
        Box::pin(async move { self.0.iter().sum() })
    }

    #[instrumented]
    fn sum_here(&self) -> Pin<Box<dyn Future<Output = u32> + '_>> {
        Box::pin(self.sum())
    }
}

#[test]
fn methods_have_every_receiver() {
    let mut till = Till(vec![7]);
    assert_eq!(Box::new(till.clone()).boxed(0), 7);
    assert_eq!(Rc::new(till.clone()).shared().0, [7]);
    assert_eq!(Pin::new(&mut till).pinned().0, [7]);
    assert_eq!(run(Pin::new(&mut till).pinned_later(8)), 2);
    assert_eq!(run(till.with(9).with_later(10)).0, [7, 8, 9, 10]);
}

#[test]
fn what_is_borrowed_from_arguments_is_returned() {
    let mut till = Till(vec![7]);
    *till.first().unwrap() += 1;
    *run(till.first_later("empty")).unwrap() += 1;
    assert_eq!(till.0, [9]);
    assert_eq!(
        run(Till::default().first_later("empty")),
        Err("empty".into())
    );
}

#[test]
fn functions_return_futures() {
    let till = Till(vec![7, 8]);
    let sums = [till.sum_boxed(), till.sum_sync(), Box::pin(till.sum())];
    assert_eq!(sums.map(run), [15; 3]);
    assert_eq!(run(till.sum_here()), 15);
    assert_eq!(run(Till::default().sum_boxed()), 0);
}

struct Counted(u32);

impl Future for Counted {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        self.0 -= 1;
        context.waker().wake_by_ref();
        if self.0 == 0 {
            Poll::Ready(5)
        } else {
            Poll::Pending
        }
    }
}

#[test]
fn a_future_may_be_written_by_hand() {
    #[instrumented(event = "kinds.counted")]
    fn counted(polls: u32) -> impl Future<Output = u32> + Unpin {
        Counted(polls)
    }
    let (value, events) = heard("kinds.counted.*", || run(counted(3)));
    assert_eq!(value, 5);
    assert_eq!(events, ["kinds.counted.start", "kinds.counted.stop"]);
}

#[test]
fn a_location_is_the_callers() {
    #[instrumented]
    #[track_caller]
    fn value(_number: u32) -> u32 {
        Location::caller().line()
    }
    #[track_caller]
    #[instrumented]
    fn nothing(line: &mut u32) {
        *line = Location::caller().line();
    }
    let mut line = 0;
    nothing(&mut line);
    assert_eq!((value(1), line), (line!(), line!() - 1));
}

/// The limit that is told in the documentation: a closure has no caller's location.
#[test]
fn a_location_is_lost_where_the_value_is_looked_at() {
    #[instrumented(ret)]
    #[track_caller]
    fn records() -> u32 {
        Location::caller().line()
    }
    assert_ne!(records(), line!());
}

#[test]
fn generics_need_no_debug() {
    #[instrumented]
    fn applied<T, U, const N: usize>(values: [T; N], apply: impl Fn(T) -> U) -> Vec<U> {
        values.into_iter().map(apply).collect()
    }
    #[instrumented]
    async fn later<'a, T: ?Sized, F>(value: &'a T, apply: F) -> &'a str
    where
        F: for<'b> FnOnce(&'b T) -> &'b str,
    {
        pause().await;
        apply(value)
    }
    #[instrumented]
    fn recursive(number: u64) -> u64 {
        if number == 0 {
            1
        } else {
            number * recursive(number - 1)
        }
    }
    assert_eq!(applied([1, 2], |number| number + 1), [2, 3]);
    assert_eq!(run(later("text", |text| text)), "text");
    assert_eq!(recursive(5), 120);
}

#[test]
fn an_argument_is_reassigned_to_a_local() {
    #[instrumented]
    async fn longer(mut text: &str) -> usize {
        let local = String::from("local");
        pause().await;
        if text.is_empty() {
            text = &local;
        }
        text.len()
    }
    #[instrumented(err, ret)]
    async fn records(mut text: &str) -> Result<usize, String> {
        let local = String::from("local");
        pause().await;
        if text.is_empty() {
            text = &local;
        }
        Ok(text.len())
    }
    assert_eq!((run(longer("")), run(records(""))), (5, Ok(5)));
}

#[test]
fn arguments_may_be_configured() {
    #[instrumented]
    fn value(#[cfg(any())] missing: Missing, #[cfg(test)] number: u8) -> u8 {
        number
    }
    #[instrumented]
    async fn later(#[cfg(test)] number: u8, #[cfg(not(test))] number: u16) -> u8 {
        number
    }
    #[instrumented]
    fn nothing(
        #[cfg_attr(test, expect(unused_variables))] number: u8,
        #[cfg(any())] more: Missing,
    ) {
    }
    nothing(1);
    assert_eq!((value(1), run(later(2))), (1, 2));
}

trait Stall {
    #[instrumented]
    async fn open(&mut self, hours: u32) -> u32
    where
        Self: Sized,
    {
        pause().await;
        hours + self.close()
    }

    fn close(&mut self) -> u32;

    fn later(&self) -> impl Future<Output = u32>;
}

impl Stall for Till {
    #[instrumented(skip(self), ret)]
    fn close(&mut self) -> u32 {
        self.0.pop().unwrap_or(0)
    }

    #[instrumented]
    async fn later(&self) -> u32 {
        pause().await;
        self.0.len().try_into().unwrap()
    }
}

#[test]
fn traits_have_sync_and_async_methods() {
    let mut till = Till(vec![1, 2]);
    assert_eq!(run(till.open(5)), 7);
    assert_eq!(run(till.later()), 1);
}
