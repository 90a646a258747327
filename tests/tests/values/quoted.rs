//! `#[instrumented]`: what a call was given as a secret is in nothing that is told of the call.

use std::panic::catch_unwind;

use gambeson::{Config, KeyPattern, Secret, Telemetry, ToValue, Value, context, instrumented};
use gambeson_tests::run;
use tracing::Level;

use super::{Heard, Sink, telling};

const CARD: &str = "4111-1111";

/// A secret of the context is in nothing that is told of a call's failure.
#[test]
fn an_instrumented_call_fails_without_a_secret() {
    #[instrumented(event = "case")]
    fn fails(card: Secret<&str>) -> Result<(), String> {
        Err(format!("no {}", card.expose()))
    }
    #[instrumented(event = "case")]
    fn panics() {
        panic!("no {CARD}")
    }
    let heard = Heard::default();
    let telemetry = telling([heard.handler()]);
    let lines = Sink::capture(false, || {
        context::scope([("card", Secret::new(CARD))], || {
            telemetry.enter(|| {
                fails(Secret::new(CARD)).unwrap_err();
                catch_unwind(panics).unwrap_err();
            });
        });
    });
    let error = ["error", "unexpected", "no [redacted]"];
    let panic = ["panic", "unexpected", "no [redacted]"];
    let with_context = [error, panic].map(|texts| texts.map(str::to_owned).to_vec());
    let told: Vec<String> = heard.all();
    let told: Vec<Vec<String>> = told.chunks(4).map(|texts| texts[..3].to_vec()).collect();
    assert_eq!(told, with_context, "{told:?}");
    assert!(
        lines.contains("fails{card=[redacted]}") && !lines.contains("4111"),
        "{lines}"
    );
}

/// What is told of a call of a function that quotes a card which it was given: to a handler, by the
/// stock formatter, and in the debug log, which redacts the key `by_key`.
fn told_of(call: impl FnOnce()) -> String {
    let heard = Heard::default();
    let config = Config::default()
        .with_debug(true)
        .with_debug_log_rate(u32::MAX, u32::MAX)
        .with_redacted(KeyPattern::parse("by_key").unwrap());
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let telemetry = builder.config(config).handler(heard.handler()).start();
    let telemetry = telemetry.unwrap();
    let lines = Sink::capture(false, || telemetry.enter(call));
    assert!(lines.contains("call ended"), "{lines}");
    let heard = heard.all().join(" ");
    format!("{heard}\n{lines}")
}

type Told = Result<String, String>;
type Quoting = fn(&str) -> Told;

#[instrumented(event = "case", sensitive(card), skip(call), err, ret)]
fn by_option(card: &str, call: impl FnOnce(&str) -> Told) -> Told {
    call(card)
}

#[instrumented(event = "case", err, ret, skip(call))]
fn by_type(card: &Secret<String>, call: impl FnOnce(&str) -> Told) -> Told {
    call(card.expose())
}

#[instrumented(event = "case", sensitive(card), skip(call), err, ret)]
async fn by_both(card: Option<Secret<&str>>, call: impl FnOnce(&str) -> Told) -> Told {
    call(card.unwrap().expose())
}

#[instrumented(event = "case", sensitive(card), skip(call))]
fn of_no_value(card: &str, call: impl FnOnce(&str) -> Told) {
    call(card).unwrap();
}

#[instrumented(event = "case", skip(call))]
fn by_key(by_key: &str, call: impl FnOnce(&str) -> Told) -> Told {
    call(by_key)
}

#[instrumented(event = "case", err, ret, skip(call))]
fn openly(card: &str, call: impl FnOnce(&str) -> Told) -> Told {
    call(card)
}

/// The ways to tell of a card.
const QUOTED: [Quoting; 4] = [
    |card| Err(format!("no {card}")),
    |card| Err(format!("no {card:?}")),
    |card| Ok(format!("paid with {card}")),
    |card| panic!("no {card}"),
];

/// A secret that a call is given is in nothing that is told of the call.
#[test]
fn an_instrumented_call_is_told_without_its_secrets() {
    let ways: [fn(Quoting); 4] = [
        |quoted| drop(by_option(CARD, quoted)),
        |quoted| drop(by_type(&Secret::new(CARD.to_owned()), quoted)),
        |quoted| drop(run(by_both(Some(Secret::new(CARD)), quoted))),
        |quoted| of_no_value(CARD, quoted),
    ];
    for (way, quoted) in ways
        .iter()
        .flat_map(|way| QUOTED.map(|quoted| (way, quoted)))
    {
        let told = told_of(|| drop(catch_unwind(|| way(quoted))));
        assert!(told.contains("[redacted]"), "{told}");
        assert!(!told.contains("4111"), "{told}");
    }
    // Whose span shows it, as of every argument that is not said to be sensitive.
    let told = told_of(|| drop(by_key(CARD, QUOTED[0])));
    let log = told.lines().filter(|line| line.contains("call ended"));
    let log: String = log
        .map(|line| &line[line.find("call ended").unwrap()..])
        .collect();
    assert!(
        log.contains("no [redacted]") && !log.contains("4111"),
        "{told}"
    );
}

/// The same without a word that it is a secret.
#[test]
fn an_instrumented_call_is_told_with_what_is_no_secret() {
    for quoted in QUOTED {
        let told = told_of(|| drop(catch_unwind(|| openly(CARD, quoted))));
        assert!(told.matches("4111").count() >= 4, "{told}");
    }
}

/// Nobody listens to more than the end, so nobody asks for arguments; but for these.
#[test]
fn a_secret_is_known_where_only_the_exception_is_heard() {
    #[instrumented(event = "case", sensitive(card))]
    fn fails(card: &str) -> Result<(), String> {
        Err(format!("no {card}"))
    }
    let heard = Heard::default();
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let listener = heard.handler_of("case.exception");
    let telemetry = builder.handler(listener).start().unwrap();
    telemetry.enter(|| fails(CARD).unwrap_err());
    assert_eq!(heard.all()[..3], ["error", "unexpected", "no [redacted]"]);
}

/// There is no span, which would ask for arguments.
#[test]
fn a_secret_is_known_where_only_the_error_is_logged() {
    let lines = Sink::capture_up_to(Level::ERROR, false, || {
        by_option(CARD, QUOTED[0]).unwrap_err();
        by_type(&Secret::new(CARD.to_owned()), QUOTED[1]).unwrap_err();
    });
    for line in ["error=no [redacted]", "error=no \"[redacted]\""] {
        assert!(lines.contains(line), "{lines}");
    }
    assert!(
        !lines.contains("4111") && !lines.contains("card"),
        "{lines}"
    );
}

/// What `err` shows is not escaped.
#[test]
fn a_secret_of_many_lines_is_found() {
    let key = "-----BEGIN KEY-----\nbm90aGluZw\n-----END KEY-----\n";
    for quoted in QUOTED {
        let told = told_of(|| drop(catch_unwind(|| by_option(key, quoted))));
        assert!(told.contains("[redacted]"), "{told}");
        assert!(!told.contains("bm90aGluZw"), "{told}");
    }
}

/// A secret of the user's own kind that panics when it is asked for.
#[test]
fn a_secret_that_panics_is_hidden() {
    struct Hostile;
    impl ToValue for Hostile {
        fn to_value(&self) -> Value<'_> {
            panic!("asked for {CARD}")
        }
    }
    #[instrumented(event = "case")]
    fn holds(card: Secret<Hostile>) -> u8 {
        let _ = card;
        1
    }
    let told = told_of(|| assert_eq!(holds(Secret::new(Hostile)), 1));
    assert!(told.contains("holds{card=[redacted]}"), "{told}");
    assert!(!told.contains("4111"), "{told}");
}
