//! `Secret`: a value that nothing shows.

use std::sync::mpsc;

use gambeson::{
    Event, FieldError, Handler, Quarantine, Secret, Skip, SkipReason, Telemetry, ToValue, Value,
    context, defensive_handler, emit,
};
use gambeson_tests::{refused, tally};

use super::{Heard, Sink, telling};

const CARD: &str = "4111-1111";

/// A skip whose panic, error and breadcrumb quote a card that the event and the context have, told by
/// the stock formatter.
fn told<V: ToValue + Copy>(as_json: bool, card: V) -> String {
    Sink::capture(as_json, || {
        let panics = Handler::new("panics", "shop.paid", |_| -> () { panic!("no {CARD}") });
        let errs = Handler::new("errs", "shop.paid", |_| {
            Err::<(), _>(format!("not {CARD:?}"))
        });
        let cut = Handler::new("cut", "shop.paid", |_| Err::<(), _>("only 4111-1"));
        let once = Quarantine::INHERIT.failures(1);
        let telemetry = telling([panics.quarantine(once), errs, cut]);
        context::scope([("paid_with", card)], || {
            context::breadcrumb(CARD);
            telemetry.enter(|| emit!("shop.paid", {}, { card, link = "/pay?card=4111-1111" }));
        });
        for handler in ["panics", "errs", "cut"] {
            assert_eq!(
                tally(&telemetry.report(), handler),
                "1 = 0 handled + 1 unexpected"
            );
        }
        let report = serde_json::to_string(&telemetry.report()).unwrap();
        assert!(!report.contains("4111"), "{report}");
    })
}

#[test]
fn no_sink_shows_a_secret() {
    for as_json in [false, true] {
        let lines = told(as_json, Secret::new(CARD));
        assert_eq!(lines.matches("handler skipped").count(), 3, "{lines}");
        assert_eq!(lines.matches("handler quarantined").count(), 1, "{lines}");
        assert!(!lines.contains("4111"), "{lines}");
        for shown in [
            "/pay?card=[redacted]",
            "no [redacted]",
            "only [redacted]",
            "card=[redacted]",
            "paid_with=[redacted]",
        ] {
            assert!(lines.contains(shown), "{shown}: {lines}");
        }
    }
}

/// The same value without its type is in all of them.
#[test]
fn every_sink_shows_what_is_no_secret() {
    for as_json in [false, true] {
        let lines = told(as_json, CARD);
        assert!(lines.matches("4111").count() >= 12, "{lines}");
    }
}

#[test]
fn a_secret_shows_itself_nowhere() {
    let card = Secret::new(CARD);
    assert_eq!(
        format!("{card} {card:?} {:?}", Some(card)),
        "[redacted] [redacted] Some([redacted])"
    );
    assert_eq!(serde_json::to_string(&card).unwrap(), r#""[redacted]""#);
    let value = card.to_value();
    assert_eq!(
        format!("{value} {value:?}"),
        "[redacted] Secret([redacted])"
    );
    assert_eq!(serde_json::to_string(&value).unwrap(), r#""[redacted]""#);
    let metadata = [("card", value)];
    let event = Event::new("shop.paid", &[], &metadata);
    assert_eq!(event.to_string(), "shop.paid card=[redacted]");
    let owned = event.to_owned();
    assert_eq!(owned.to_string(), "shop.paid card=[redacted]");
    assert!(!format!("{event:?} {owned:?}").contains("4111"));
    assert_eq!(Secret::new(None::<u8>).to_value(), Value::Absent);
    assert_eq!(
        Secret::new(Secret::new(true)).to_value(),
        Secret::new(true).to_value()
    );
}

/// Whoever needs it says so, also after a queue.
#[test]
fn a_handler_can_ask_for_a_secret() {
    let (says, said) = mpsc::channel();
    let pays = Handler::new("pays", "shop.paid", move |event: &Event<'_>| {
        let Some(Value::Secret(card)) = event.value("card") else {
            return Err(event.text("card").unwrap_err());
        };
        let _ = says.send(card.expose() == Value::Text(CARD));
        event.text("card").map(drop)
    });
    let telemetry = telling([pays]);
    let metadata = [("card", SecretCard.to_value())];
    let queued = Event::new("shop.paid", &[], &metadata).to_owned();
    let outcome = queued.with(|event| telemetry.call("pays", event));
    assert_eq!(said.recv(), Ok(true));
    // It is no text: nobody shows it by mistake.
    assert_eq!(outcome.reason(), Some(SkipReason::ContractViolation));
    let error = Event::new("shop.paid", &[], &metadata)
        .text("card")
        .unwrap_err();
    assert!(matches!(error, FieldError::Kind { kind: "text", .. }));
}

struct SecretCard;

impl ToValue for SecretCard {
    fn to_value(&self) -> Value<'_> {
        const SECRET: Secret<&str> = Secret::new(CARD);
        SECRET.to_value()
    }
}

#[test]
fn a_format_of_a_secret_is_redacted() {
    let heard = Heard::default();
    let telemetry = telling([heard.handler()]);
    let card = Secret::new(CARD);
    telemetry.enter(|| emit!("case.run", {}, { card, shown = %card, debug = ?card }));
    assert_eq!(heard.all(), ["[redacted]"; 3]);
}

/// An error that a client is shown.
#[derive(Debug, thiserror::Error)]
enum PayError {
    #[error("the payment failed: {0}")]
    Skipped(#[from] Skip),
}

/// What a client is told has nothing of the panic; the program can ask for it.
#[test]
fn an_error_for_a_client_has_no_text_of_a_panic() {
    #[defensive_handler]
    fn pay(card: &str) -> Result<(), PayError> {
        panic!("no {card}")
    }
    let telemetry = Telemetry::isolated();
    let error = telemetry.enter(|| pay(CARD)).unwrap_err();
    let mut shown = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        shown.push_str(&cause.to_string());
        source = cause.source();
    }
    assert!(
        shown.starts_with("the payment failed: handler `"),
        "{shown}"
    );
    assert!(!shown.contains("4111"), "{shown}");
    let PayError::Skipped(skip) = error;
    assert_eq!(skip.panic().unwrap().message, "no 4111-1111");
    let report = telemetry.report();
    assert!(!format!("{report} {report:?}").contains("4111"), "{report}");
    assert_eq!(
        refused(&Telemetry::isolated(), |_| -> () { panic!("{CARD}") })
            .to_string()
            .find("4111"),
        None
    );
}
