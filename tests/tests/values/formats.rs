//! Formats that do not end, that fail, or that can be asked only once.

use std::{
    fmt, io,
    panic::panic_any,
    sync::{
        Arc, Weak,
        atomic::{AtomicU32, Ordering},
    },
};

use allocation_counter::measure;
use gambeson::{
    DownCause, Handler, Resource, SkipReason, Telemetry,
    context::{self, Context},
    defensive_handler, emit, instrumented,
};
use gambeson_tests::{PATIENCE, Records, refused, tally};

use super::{Heard, Sink, telling};

/// What is kept of a value.
const CAP: usize = 64 * 1024;

struct Shown<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Debug for Shown<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

/// What a handler hears of a value.
fn heard(value: &dyn fmt::Debug) -> String {
    let heard = Heard::default();
    let telemetry = telling([heard.handler()]);
    telemetry.enter(|| emit!("case.run", {}, { value = ?value }));
    heard.all().remove(0)
}

#[test]
fn a_formatter_that_goes_on_when_it_is_refused_is_stopped() {
    let endless = Shown(|f: &mut fmt::Formatter<'_>| {
        loop {
            let _ = f.write_str("x");
        }
    });
    assert_eq!(heard(&endless), "x".repeat(CAP));
}

#[test]
fn a_formatter_that_panics_when_it_is_refused_is_cut() {
    let panics = Shown(|f: &mut fmt::Formatter<'_>| {
        loop {
            assert!(f.write_str("x").is_ok(), "there is no more room");
        }
    });
    assert_eq!(heard(&panics), "x".repeat(CAP));
}

/// Only values are not shown inside others: words are.
#[test]
fn a_breadcrumb_that_a_format_leaves_is_kept() {
    let leaves = Shown(|f: &mut fmt::Formatter<'_>| {
        context::breadcrumb("was shown");
        f.write_str("it")
    });
    context::scope([("order", 1)], || {
        assert_eq!(heard(&leaves), "it");
        assert_eq!(Context::current().breadcrumbs(), ["was shown"]);
    });
}

/// Neither its size nor its lines cost memory.
#[test]
fn a_huge_value_costs_what_is_kept_of_it() {
    let huge = Shown(|f: &mut fmt::Formatter<'_>| {
        let list =
            Shown(|f: &mut fmt::Formatter<'_>| f.debug_list().entries(0..1_000_000).finish());
        write!(f, "{list:#?}")
    });
    let heard = Heard::default();
    let telemetry = telling([heard.handler()]);
    let cost = measure(|| {
        telemetry.enter(|| emit!("case.run", {}, { value = ?huge }));
    });
    // The value, its growth, what is made an event of it, and the test's copy.
    assert!(cost.bytes_max < 8 * CAP as u64, "{cost:?}");
    let text = heard.all().remove(0);
    assert!(text.starts_with("[\n    0,\n    1,\n"), "{}", &text[..40]);
    assert_eq!(text.len(), CAP);
}

/// An error of unknown type that can be shown only once.
#[derive(Debug)]
struct Once(AtomicU32);

impl fmt::Display for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => write!(f, "channel closed, said {}", "for the first time".repeat(9)),
            times => write!(f, "shown {times} times before"),
        }
    }
}

impl std::error::Error for Once {}

fn once() -> Once {
    Once(AtomicU32::new(0))
}

fn said() -> String {
    format!("channel closed, said {}", "for the first time".repeat(9))
}

#[test]
fn an_error_is_asked_once_for_what_it_says() {
    let records = Records::new();
    records.capture(|| {
        let errs = Handler::new("errs", "case.run", |_| Err::<(), _>(once()));
        let telemetry = telling([errs]);
        telemetry.enter(|| emit!("case.run"));
        assert_eq!(
            tally(&telemetry.report(), "errs"),
            "1 = 0 handled + 1 peer_dead"
        );
    });
    assert_eq!(records.skips()[0].field("error"), Some(&*said()));
}

#[test]
fn so_is_the_cause_of_a_death() {
    let cause = DownCause::of(&once());
    assert_eq!(
        (cause.reason(), cause.text()),
        (SkipReason::PeerDead, &*said())
    );
}

#[test]
fn so_is_the_error_of_an_instrumented_call() {
    #[instrumented(event = "case")]
    fn fails(error: Once) -> Result<(), Once> {
        Err(error)
    }
    let heard = Heard::default();
    let telemetry = telling([heard.handler()]);
    let error = telemetry.enter(|| fails(once())).unwrap_err();
    assert_eq!(error.0.load(Ordering::Relaxed), 1);
    assert_eq!(heard.all(), ["error", "peer_dead", &said()]);
}

#[test]
fn so_is_an_error_that_is_thrown() {
    let throws: [fn(); 2] = [
        || panic_any(io::Error::other(once())),
        || panic_any(Box::<dyn std::error::Error + Send + Sync>::from(once())),
    ];
    for throw in throws {
        let records = Records::new();
        let skip = records.capture(|| refused(&telling([]), move |_| throw()));
        assert_eq!(skip.reason(), SkipReason::PeerDead);
        assert_eq!(records.skips()[0].field("error"), Some(&*said()));
        let panic = skip.panic().unwrap();
        assert_eq!((&*panic.message, panic.truncated), (&*said(), false));
    }
}

/// What each error of a chain says, whatever becomes of another's.
#[test]
fn a_source_that_panics_hides_no_other() {
    #[derive(Debug)]
    struct Panics(Once);
    impl fmt::Display for Panics {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half a text")?;
            panic!("in Display")
        }
    }
    impl std::error::Error for Panics {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    let cause = DownCause::of(&Panics(once()));
    assert_eq!(cause.text(), format!("<formatting panicked>: {}", said()));
    assert_eq!(cause.reason(), SkipReason::PeerDead);
}

/// `classify` is the user's code, too.
#[test]
fn a_classifier_that_panics_is_contained() {
    fn explode(_: &String) -> SkipReason {
        panic!("in the classifier")
    }
    #[defensive_handler(classify = explode, fallback = Err("skipped".to_owned()))]
    fn fails() -> Result<(), String> {
        Err("its error".to_owned())
    }
    let records = Records::new();
    let telemetry = telling([]);
    let returned = records.capture(|| telemetry.enter(fails));
    assert_eq!(returned, Err("its error".to_owned()));
    assert_eq!(
        tally(&telemetry.report(), "fails"),
        "1 = 0 handled + 1 unexpected"
    );
    assert_eq!(records.skips()[0].field("error"), Some("its error"));
}

/// An error that panics when it is classified by its text.
#[test]
fn an_error_that_panics_when_it_is_shown_is_contained() {
    #[derive(Debug)]
    struct Panics;
    impl fmt::Display for Panics {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("in Display")
        }
    }
    impl std::error::Error for Panics {}
    let skip = refused(&Telemetry::isolated(), |_| Err::<(), _>(Panics));
    assert_eq!(skip.reason(), SkipReason::Unexpected);
}

/// Asks everything of a telemetry that could wait for somebody, when it is shown.
struct Asks {
    telemetry: Weak<Telemetry>,
    times: Arc<AtomicU32>,
}

impl fmt::Display for Asks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let telemetry = self.telemetry.upgrade().expect("it runs");
        let late = Handler::new("late", "case.*", |_| ());
        telemetry.attach(late).unwrap();
        assert!(telemetry.report().handler("late").is_some());
        telemetry.detach("late", PATIENCE).unwrap();
        assert!(telemetry.flush(PATIENCE).is_ok());
        drop(HELD.lease());
        assert!(HELD.revoke(PATIENCE).is_complete());
        drop(HELD.provide(1));
        let ended = Telemetry::isolated().shutdown().shutdown;
        assert!(ended.is_some_and(|ended| ended.is_complete()));
        self.times.fetch_add(1, Ordering::Relaxed);
        f.write_str("all is well")
    }
}

static HELD: Resource<u32> = Resource::new("held");

impl fmt::Debug for Asks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Asks {}

impl Asks {
    fn again(&self) -> Self {
        Asks {
            telemetry: self.telemetry.clone(),
            times: Arc::clone(&self.times),
        }
    }
}

/// A value of an event, an error of a handler, and an argument and an error of an instrumented call.
#[test]
fn a_value_is_shown_under_no_lock() {
    #[instrumented(event = "case.call", err)]
    fn fails(asks: Asks) -> Result<(), Asks> {
        Err(asks)
    }
    let times = Arc::new(AtomicU32::new(0));
    let telemetry = Arc::new_cyclic(|telemetry: &Weak<Telemetry>| {
        let asks = Asks {
            telemetry: telemetry.clone(),
            times: Arc::clone(&times),
        };
        let errs = Handler::new("errs", "case.run", move |_| Err::<(), _>(asks.again()));
        telling([Heard::default().handler(), errs])
    });
    let asks = || Asks {
        telemetry: Arc::downgrade(&telemetry),
        times: Arc::clone(&times),
    };
    let shown = |code: &dyn Fn()| {
        let before = times.load(Ordering::Relaxed);
        let lines = Sink::capture(false, || telemetry.enter(code));
        assert!(lines.contains("all is well"), "{lines}");
        times.load(Ordering::Relaxed) - before
    };
    assert_eq!(
        shown(&|| emit!("case.run", {}, { asks = ?asks() })),
        2,
        "value and error"
    );
    assert_eq!(
        shown(&|| drop(fails(asks()))),
        3,
        "argument, `err`, and what the failure says"
    );
    assert_eq!(tally(&telemetry.report(), "hears"), "1 = 1 handled");
}
