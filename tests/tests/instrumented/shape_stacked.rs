//! The attribute beside others, above and below them.

use std::panic::Location;

use async_trait::async_trait;
use gambeson::{Event, Skip, defensive_handler, instrumented};

use super::{heard, pause, run};

#[instrumented]
#[test]
fn above_a_test() {
    assert_eq!(answer(), 42);
}

#[test]
#[instrumented]
fn below_a_test() {
    assert_eq!(answer(), 42);
}

#[test]
#[instrumented]
#[should_panic = "expected"]
fn a_test_that_should_panic() {
    panic!("expected");
}

#[test]
#[instrumented(err)]
fn a_test_that_may_fail() -> Result<(), std::num::ParseIntError> {
    let number: u32 = "42".parse()?;
    assert_eq!(number, answer());
    Ok(())
}

#[instrumented]
#[tokio::test]
async fn above_a_test_of_tokio() {
    tokio::task::yield_now().await;
    assert_eq!(answer(), 42);
}

#[tokio::test]
#[instrumented]
async fn below_a_test_of_tokio() {
    tokio::task::yield_now().await;
    assert_eq!(answer(), 42);
}

#[test]
fn beside_the_main_of_tokio() {
    #[instrumented(event = "stacked.above")]
    #[tokio::main(flavor = "current_thread")]
    async fn above(number: u32) -> Result<u32, String> {
        tokio::task::yield_now().await;
        Ok(number)
    }
    #[tokio::main(flavor = "current_thread")]
    #[instrumented(event = "stacked.below")]
    async fn below(number: u32) -> Result<u32, String> {
        tokio::task::yield_now().await;
        Ok(number)
    }
    let (values, events) = heard("stacked.*.stop", || (above(1), below(2)));
    assert_eq!(values, (Ok(1), Ok(2)));
    assert_eq!(events, ["stacked.above.stop", "stacked.below.stop"]);
}

#[instrumented]
#[must_use]
#[inline]
#[doc(hidden)]
fn answer() -> u32 {
    42
}

#[test]
fn beside_what_the_compiler_knows() {
    #[cold]
    #[instrumented]
    #[inline(never)]
    #[track_caller]
    fn line() -> u32 {
        Location::caller().line()
    }
    #[deprecated = "use `answer`"]
    #[instrumented]
    fn old() -> u32 {
        41
    }
    #[must_use]
    #[instrumented]
    async fn later() -> u32 {
        pause().await;
        43
    }
    #[instrumented]
    extern "C" fn foreign(number: u32) -> u32 {
        number
    }
    assert_eq!(line(), line!());
    #[expect(deprecated, reason = "that is what is shown")]
    let old = old();
    #[expect(unused_must_use, reason = "that is what is shown")]
    {
        answer();
        later();
    }
    assert_eq!((old, run(later())), (41, 43));
    let foreign: extern "C" fn(u32) -> u32 = foreign;
    assert_eq!(foreign(44), 44);
}

#[test]
fn beside_a_defensive_handler() {
    #[instrumented(event = "stacked.defended")]
    #[defensive_handler]
    fn below(of: u32) -> Result<u32, Skip> {
        Ok(100 / of)
    }
    #[defensive_handler]
    #[instrumented(event = "stacked.defended")]
    fn above(of: u32) -> Result<u32, Skip> {
        Ok(100 / of)
    }
    #[defensive_handler]
    #[instrumented(event = "stacked.defended", err, ret)]
    async fn later(of: u32) -> Result<u32, Skip> {
        pause().await;
        Ok(100 / of)
    }
    #[defensive_handler(on = "stacked.never")]
    #[instrumented(event = "stacked.handler", skip_all)]
    fn handler(event: &Event<'_>) {
        assert_eq!(event.name(), "stacked.sold");
    }
    let (values, events) = heard("stacked.**", || {
        handler(&Event::new("stacked.sold", &[], &[]));
        [
            below(2),
            above(4),
            run(later(5)),
            below(0),
            above(0),
            run(later(0)),
        ]
        .map(Result::ok)
    });
    assert_eq!(values, [Some(50), Some(25), Some(20), None, None, None]);
    let names: Vec<&str> = events
        .iter()
        .filter_map(|event| event.split(' ').next())
        .collect();
    let (handler, defended) = names.split_at(2);
    assert_eq!(handler, ["stacked.handler.start", "stacked.handler.stop"]);
    let starts = defended
        .iter()
        .filter(|name| name.rsplit('.').next() == Some("start"));
    let failures = defended
        .iter()
        .filter(|name| name.rsplit('.').next() == Some("exception"));
    assert_eq!(
        (defended.len(), starts.count(), failures.count()),
        (12, 6, 3)
    );
}

#[async_trait]
trait Market: Sync {
    async fn sell(&mut self, name: &str) -> Result<usize, String>;

    #[instrumented(event = "stacked.market.open", skip(self))]
    async fn open(&self, hours: u32) -> u32 {
        pause().await;
        hours + 1
    }
}

#[derive(Debug)]
struct Inside(Vec<String>);

#[async_trait]
impl Market for Inside {
    #[instrumented(event = "stacked.market.sell", err, ret)]
    async fn sell(&mut self, name: &str) -> Result<usize, String> {
        pause().await;
        self.0.push(name.to_owned());
        Ok(self.0.len())
    }
}

#[test]
fn below_async_trait() {
    let mut market: Box<dyn Market + Send> = Box::new(Inside(Vec::new()));
    let (value, events) = heard("stacked.market.*.stop", || {
        (run(market.sell("bread")), run(market.open(2)))
    });
    assert_eq!(value, (Ok(1), 3));
    assert_eq!(
        events,
        ["stacked.market.sell.stop", "stacked.market.open.stop"]
    );
}
