//! What the macros write resolves in a module that has taken every name for itself.

/// Nothing is imported by itself here, and the names that generated code is likely to use stand
/// for something else.
#[allow(
    dead_code,
    non_camel_case_types,
    unused_macros,
    clippy::empty_loop,
    clippy::exit,
    clippy::trivially_copy_pass_by_ref,
    clippy::upper_case_acronyms,
    reason = "the names are there to be in the way, and the functions for their shape"
)]
mod hostile {
    #![no_implicit_prelude]

    use ::gambeson::{
        AttachError, Classify, Event as E, Outcome as O, Resource as R, Skip as S, Telemetry,
        attach_crate, defensive_handler, emit, expect_handlers, handler,
    };
    use ::std::{convert::From as _, fmt, future::ready, prelude::rust_2024::derive};

    struct Box;
    struct Err;
    struct Event;
    struct None;
    struct Ok;
    struct Option;
    struct Outcome;
    struct Pattern;
    struct Probe;
    struct Site;
    struct Skip;
    struct Some;
    struct String;
    struct Vec;
    enum Result {}
    trait Fn {}
    trait FnOnce {}
    trait From {}
    trait Future {}
    trait Into {}
    mod alloc {}
    mod core {}
    mod gambeson {}
    mod inventory {}
    mod std {}
    macro_rules! shadow {
        ($($name:ident)*) => {$(
            macro_rules! $name {
                () => {};
            }
        )*};
    }
    shadow!(assert compile_error concat file line matches module_path panic pin stringify);
    shadow!(submit unreachable vec);

    static SITE: R<u8> = R::new("x");
    const __SITE: u8 = 3;

    #[defensive_handler(on = "hostile.opened", after("first"), budget = "1s")]
    fn handled(event: &E<'_>, #[needs(SITE)] lease0: &u8) -> ::std::result::Result<(), Broken> {
        let total = event.number("total");
        if total == ::std::result::Result::Ok(f64::from(*lease0)) {
            return ::std::result::Result::Ok(());
        }
        ::std::result::Result::Err(Broken::Gone)
    }

    #[defensive_handler(on("hostile.opened", "hostile.closed"), name = "first", needs(SITE))]
    fn before(_: &E<'_>) -> O<()> {
        O::Handled(())
    }

    #[defensive_handler(on = "hostile.later")]
    async fn later(call: &E<'_>, #[needs(SITE)] value: &u8) {
        ready((call, value)).await;
    }

    #[defensive_handler(needs(SITE), available = || true)]
    fn plain(event: u8) -> O<u8> {
        O::Handled(100 / event)
    }

    #[defensive_handler(fallback = |skip: S| u8::from(skip.handler().is_some()))]
    async fn plain_later(value: u8, call: u8, returned: u8, (skip, _): (u8, u8)) -> u8 {
        ready(()).await;
        (value + call + returned) / skip
    }

    #[defensive_handler(fallback = loop {})]
    fn never(go: bool) -> ! {
        loop {
            if go {
                ::std::process::exit(0)
            }
        }
    }

    #[derive(Debug, Classify)]
    enum Broken {
        #[skip(state_unavailable)]
        Gone,
        Inner {
            source: Inner,
        },
        Other(#[source] Inner),
        Unknown,
    }

    #[derive(Debug, Classify)]
    #[skip(timed_out)]
    struct Inner;

    impl fmt::Display for Broken {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("broken")
        }
    }

    impl fmt::Display for Inner {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("inner")
        }
    }

    impl ::std::error::Error for Broken {}
    impl ::std::error::Error for Inner {}

    attach_crate!(gambeson_plugin);
    expect_handlers!["hostile::handled", "first"];

    pub(super) fn attach(telemetry: &Telemetry) -> ::std::result::Result<(), AttachError> {
        telemetry.attach(handler!(self::before))?;
        telemetry.attach(handler!(handled))
    }

    pub(super) fn provide() -> impl ::std::marker::Sized {
        SITE.provide(__SITE)
    }

    /// The variables are called like what `emit!` declares.
    pub(super) fn emit_all(total: u8) {
        emit!("hostile.opened", { total, other.total = __SITE }, { site = SITE.name(), ?SITE });
        emit!("hostile.closed");
    }

    pub(super) fn call(number: u8) -> (bool, u8) {
        let future = plain_later(number, 2, 3, (number, 0));
        (plain(number).is_handled(), super::run(future))
    }

    pub(super) fn reasons() -> [::std::option::Option<::gambeson::SkipReason>; 4] {
        [
            Broken::Gone.classify(),
            Broken::Inner { source: Inner }.classify(),
            Broken::Other(Inner).classify(),
            Broken::Unknown.classify(),
        ]
    }
}

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use gambeson::{SkipReason, Telemetry};

fn run<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits for something"),
    }
}

#[test]
fn everything_works_among_hostile_names() {
    let telemetry = Telemetry::isolated();
    hostile::attach(&telemetry).unwrap();
    let provided = hostile::provide();
    telemetry.enter(|| {
        hostile::emit_all(3);
        hostile::emit_all(4);
        assert_eq!(hostile::call(5), (true, 2));
        assert_eq!(hostile::call(0), (false, 1));
    });
    drop(provided);
    telemetry.enter(|| hostile::emit_all(3));
    let report = telemetry.shutdown();
    let counts = |name| {
        let handler = report.handler(name).unwrap();
        (handler.matched, handler.handled, handler.skips.clone())
    };
    let gone = SkipReason::ShuttingDown;
    let (matched, handled, skips) = counts("hostile::handled");
    assert_eq!((matched, handled), (3, 1));
    assert_eq!(skips, [(SkipReason::StateUnavailable, 1), (gone, 1)].into());
    assert_eq!(counts("first"), (6, 4, [(gone, 2)].into()));
    let by_zero = SkipReason::ContractViolation;
    for name in ["hostile::plain", "plain_later"] {
        assert_eq!(counts(name), (2, 1, [(by_zero, 1)].into()), "{name}");
    }
}

#[test]
fn errors_classify_themselves_among_hostile_names() {
    let timed_out = Some(SkipReason::TimedOut);
    assert_eq!(
        hostile::reasons(),
        [
            Some(SkipReason::StateUnavailable),
            timed_out,
            timed_out,
            None
        ]
    );
}
