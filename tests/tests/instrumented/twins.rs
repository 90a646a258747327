//! Functions beside a twin without the attribute: the same values, the same drops.

#![allow(
    unused_assignments,
    unused_variables,
    reason = "arguments that nobody uses are dropped too"
)]

use std::{cell::RefCell, fmt::Debug, marker::PhantomData};

use gambeson::instrumented;

use super::{pause, run};

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct Noted(&'static str);

impl Noted {
    fn temporary(&self) -> Noted {
        assert_ne!(self.0, "temporary");
        Noted("temporary")
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

/// Writes a function twice: as it is, and with an attribute under a second name.
macro_rules! twins {
    ($(#[$attribute:meta])+ ($($qualifiers:tt)*) fn $bare:ident, $ours:ident $($rest:tt)*) => {
        $($qualifiers)* fn $bare $($rest)*
        $(#[$attribute])+
        $($qualifiers)* fn $ours $($rest)*
    };
}

twins! {
    #[instrumented(fields(a = a.0, left = left.0), err, ret)]
    (async) fn order_bare, order_ours(
        a: Noted, _: Noted, (left, _, mut right): (Noted, Noted, Noted), _unused: Noted, last: Noted,
    ) -> Result<usize, String> {
        let local = Noted("local");
        pause().await;
        drop(a);
        right = Noted("other right");
        if last.number() == 0 {
            return Err(last.0.to_owned());
        }
        Ok(last.temporary().number())
    }
}

twins! {
    #[instrumented(fields(a = a.0), err, ret)]
    () fn sync_bare, sync_ours(a: Noted, _: Noted, (left, _): (Noted, Noted)) -> Result<usize, String> {
        let local = Noted("local");
        Ok(left.temporary().number() + a.number())
    }
}

macro_rules! drops {
    ($code:expr) => {{
        let value = $code;
        (value, DROPPED.take())
    }};
}

fn three() -> (Noted, Noted, Noted) {
    (Noted("left"), Noted("middle"), Noted("right"))
}

#[test]
fn arguments_are_dropped_in_the_order_of_the_twin() {
    let noted = [Noted("a"), Noted("wild"), Noted("unused"), Noted("last")];
    let [a, wild, unused, last] = noted;
    let bare = drops!(run(order_bare(a, wild, three(), unused, last)));
    let noted = [Noted("a"), Noted("wild"), Noted("unused"), Noted("last")];
    let [a, wild, unused, last] = noted;
    let ours = drops!(run(order_ours(a, wild, three(), unused, last)));
    assert_eq!(ours, bare);
    assert_eq!(bare.1.len(), 10, "{bare:?}");
    let [a, wild] = [Noted("a"), Noted("wild")];
    let bare = drops!(sync_bare(a, wild, (Noted("left"), Noted("right"))));
    let [a, wild] = [Noted("a"), Noted("wild")];
    let ours = drops!(sync_ours(a, wild, (Noted("left"), Noted("right"))));
    assert_eq!(ours, bare);
    assert_eq!(bare.1.len(), 6, "{bare:?}");
}

trait Shop {
    type Sale;

    fn name(&self) -> &str;

    #[instrumented(skip_all, ret)]
    fn sign(&self, city: &str) -> String {
        format!("{} of {city}", self.name())
    }

    fn sell<T: Into<Self::Sale>>(&mut self, item: T) -> Option<Self::Sale>;
}

#[derive(Default)]
struct Stall<'a, T, const N: usize> {
    name: &'a str,
    sales: PhantomData<T>,
}

impl<T: Debug, const N: usize> Shop for Stall<'_, T, N> {
    type Sale = T;

    #[instrumented]
    fn name(&self) -> &str {
        self.name
    }

    #[instrumented(skip(item))]
    fn sell<U: Into<T>>(&mut self, item: U) -> Option<T> {
        (N > 0).then(|| item.into())
    }
}

impl<'a, T, const N: usize> Stall<'a, T, N> {
    #[instrumented]
    async fn closed(self: Box<Self>, mut reason: &'a str) -> (&'a str, usize) {
        let local = String::from("local");
        pause().await;
        if reason.is_empty() {
            reason = self.name;
        }
        (reason, N + local.len())
    }
}

#[test]
fn methods_of_every_kind_return_what_they_return() {
    let mut stall = Stall::<u64, 2> {
        name: "stall",
        sales: PhantomData,
    };
    assert_eq!(stall.sign("Lyon"), "stall of Lyon");
    assert_eq!(stall.sell(5_u32), Some(5));
    assert_eq!(run(Box::new(stall).closed("")), ("stall", 7));
}

#[instrumented]
fn never(number: u32) -> ! {
    std::panic::panic_any(number)
}

#[instrumented]
async fn never_later(number: u32) -> ! {
    pause().await;
    std::panic::panic_any(number)
}

#[test]
fn a_function_may_never_return() {
    let Err(payload) = std::panic::catch_unwind(|| never(5));
    assert_eq!(payload.downcast_ref(), Some(&5_u32));
    let Err(payload) = std::panic::catch_unwind(|| run(never_later(6)));
    assert_eq!(payload.downcast_ref(), Some(&6_u32));
}

#[test]
fn a_future_is_as_sendable_as_its_twin() {
    use std::cell::Cell;

    #[instrumented(fields(n = cell.get()), err, ret)]
    async fn sends(cell: Cell<u32>) -> Result<u32, String> {
        pause().await;
        Ok(cell.get())
    }
    fn sendable<F: Future + Send>(future: F) -> F {
        future
    }
    assert_eq!(run(sendable(sends(Cell::new(3)))), Ok(3));
}

#[test]
fn a_body_is_coerced_to_the_declared_type() {
    #[instrumented]
    async fn boxed(fails: bool) -> Result<Box<dyn Debug>, Box<dyn std::error::Error>> {
        if fails {
            Err("fails")?;
        }
        Ok(Box::new(5))
    }
    #[instrumented]
    fn function(twice: bool) -> fn(u32) -> u32 {
        if twice {
            |number| number * 2
        } else {
            |number| number
        }
    }
    assert_eq!(format!("{:?}", run(boxed(false)).ok()), "Some(5)");
    assert_eq!(
        run(boxed(true)).map_err(|error| error.to_string()).err(),
        Some("fails".into())
    );
    assert_eq!(function(true)(4), 8);
}

#[test]
fn a_handler_may_be_instrumented() {
    use gambeson::{Event, defensive_handler};

    #[instrumented]
    #[defensive_handler]
    fn audit(event: &Event<'_>) {
        assert!(event.name().is_empty());
    }
    audit(&Event::new("shop.opened", &[], &[]));
}
