//! A call that panics: told with its reason, and the panic goes on unchanged.

use std::{
    any::{Any, TypeId},
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind},
    pin::Pin,
};

use gambeson::instrumented;

use super::{heard, pause, run, seen::seen, thrown};

#[instrumented(event = "panic.flat")]
fn flat() {
    panic!("boom");
}

/// Where [`flat`] panics.
const FLAT: u32 = line!() - 4;

#[instrumented(event = "panic.value")]
fn value(list: &[u8]) -> u8 {
    list[7]
}

const VALUE: u32 = line!() - 3;

#[instrumented(event = "panic.later", err, ret)]
async fn later() -> Result<u8, String> {
    pause().await;
    todo!("later")
}

const LATER: u32 = line!() - 3;

#[instrumented(event = "panic.boxed", target = "shop")]
fn boxed(found: Option<()>) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        pause().await;
        found.unwrap();
    })
}

const BOXED: u32 = line!() - 4;

fn caught(code: impl FnOnce()) -> Box<dyn Any + Send> {
    catch_unwind(AssertUnwindSafe(code)).unwrap_err()
}

/// A call that panics, its reason and message, and where that is.
type Case = (fn(), &'static str, &'static str, &'static str, String);

fn cases() -> [Case; 4] {
    let at = |line, column| format!("{}:{line}:{column}", file!());
    let bounds = "index out of bounds: the len is 1 but the index is 7";
    let unwrapped = "called `Option::unwrap()` on a `None` value";
    [
        (flat, "flat", "unexpected", "boom", at(FLAT, 5)),
        (
            || {
                let _ = value(&[1]);
            },
            "value",
            "contract_violation",
            bounds,
            at(VALUE, 5),
        ),
        (
            || drop(run(later())),
            "later",
            "not_implemented",
            "not yet implemented: later",
            at(LATER, 5),
        ),
        (
            || run(boxed(None)),
            "boxed",
            "contract_violation",
            unwrapped,
            at(BOXED, 15),
        ),
    ]
}

#[test]
fn a_panic_is_an_exception() {
    for (call, name, reason, message, _) in cases() {
        let ((), events) = heard("panic.*.*", || drop(caught(call)));
        let exception =
            format!(r#"panic.{name}.exception kind="panic" reason="{reason}" error="{message}""#);
        assert_eq!(events, [format!("panic.{name}.start"), exception]);
    }
}

#[test]
fn a_panic_is_one_record_at_error_inside_the_span() {
    for (call, name, reason, message, location) in cases() {
        let ((), lines) = seen(|| drop(caught(call)));
        let records: Vec<&String> = lines
            .iter()
            .filter(|line| line.starts_with("event"))
            .collect();
        let target = if name == "boxed" {
            "shop"
        } else {
            "instrumented::panics"
        };
        let error_type = match reason {
            "unexpected" => "_OTHER",
            reason => reason,
        };
        assert_eq!(
            records,
            [&format!(
                "event in {name}: ERROR {target} message=str panicked error.type=str {error_type} \
                 exception.type=str panic exception.message=str {message} location=str {location}"
            )]
        );
    }
}

#[test]
fn the_payload_is_the_very_same() {
    struct Payload(Box<u8>);
    #[instrumented(event = "panic.payload", skip_all)]
    fn panics(payload: Box<dyn Any + Send>) -> u8 {
        resume_unwind(payload)
    }
    #[instrumented(event = "panic.payload", skip_all)]
    async fn panics_later(payload: Box<dyn Any + Send>) -> u8 {
        pause().await;
        resume_unwind(payload)
    }
    let calls: [fn(Box<dyn Any + Send>); 2] = [
        |payload| {
            let _ = panics(payload);
        },
        |payload| {
            let _ = run(panics_later(payload));
        },
    ];
    for call in calls {
        let payload: Box<dyn Any + Send> = Box::new(Payload(Box::new(7)));
        let address = |payload: &Box<dyn Any + Send>| {
            let payload = payload.downcast_ref::<Payload>().unwrap();
            let inner: *const u8 = &raw const *payload.0;
            ((&raw const *payload).addr(), inner.addr())
        };
        let before = address(&payload);
        let ((after, type_id), events) = heard("panic.payload.*", || {
            let payload = caught(|| call(payload));
            (address(&payload), payload.as_ref().type_id())
        });
        assert_eq!((after, type_id), (before, TypeId::of::<Payload>()));
        // No hook runs for a panic that is resumed.
        let told = r#"error="a panic whose message the panic hook was not shown""#;
        let exception = r#"panic.payload.exception kind="panic" reason="unexpected""#;
        assert_eq!(
            events,
            ["panic.payload.start".into(), format!("{exception} {told}")]
        );
    }
}

#[test]
fn a_panic_that_is_resumed_changes_nothing_for_later_ones() {
    #[instrumented(event = "panic.resumed")]
    fn resumed() {
        resume_unwind(Box::new("resumed"));
    }
    let ((), events) = heard("panic.*.exception", || {
        drop(caught(resumed));
        drop(caught(|| panic_any("elsewhere")));
        drop(caught(flat));
    });
    let names: Vec<_> = events.iter().map(|event| event.split(' ').next()).collect();
    assert_eq!(
        names,
        [
            Some("panic.resumed.exception"),
            Some("panic.flat.exception")
        ]
    );
}

#[test]
fn a_payload_that_is_no_text_is_told_as_unknown() {
    #[instrumented(event = "panic.any")]
    fn any() {
        panic_any(5_u8);
    }
    let (payload, events) = heard("panic.any.exception", || thrown::<u8, _>(any));
    assert_eq!(payload, 5);
    assert_eq!(
        events,
        [concat!(
            r#"panic.any.exception kind="panic" reason="unexpected" "#,
            r#"error="a panic whose message the panic hook was not shown""#
        )]
    );
}

#[instrumented(event = "nest.outer", skip_all)]
fn outer(caught: &Cell<bool>) -> u8 {
    let inner = catch_unwind(inner);
    caught.set(inner.is_err());
    panic_any("outer")
}

#[instrumented(event = "nest.inner")]
fn inner() -> u8 {
    panic_any("inner")
}

#[instrumented(event = "nest.through")]
fn through() -> u8 {
    inner()
}

#[test]
fn each_of_nested_calls_tells_its_own_panic() {
    let exception = |name: &str, message: &str| {
        format!(r#"nest.{name}.exception kind="panic" reason="unexpected" error="{message}""#)
    };
    let caught = Cell::new(false);
    let (payload, events) = heard("nest.*.exception", || thrown::<&str, _>(|| outer(&caught)));
    assert_eq!((payload, caught.get()), ("outer", true));
    assert_eq!(
        events,
        [exception("inner", "inner"), exception("outer", "outer")]
    );
    let (payload, events) = heard("nest.*.exception", || thrown::<&str, _>(through));
    assert_eq!(payload, "inner");
    assert_eq!(
        events,
        [exception("inner", "inner"), exception("through", "inner")]
    );
}

#[test]
fn a_panic_that_the_body_catches_is_not_its_own() {
    #[instrumented(event = "panic.catches")]
    fn catches() -> bool {
        catch_unwind(|| panic_any("inside")).is_err()
    }
    #[instrumented(event = "panic.catches", skip_all)]
    fn catches_flat(caught: &Cell<bool>) {
        caught.set(catch_unwind(|| panic_any("inside")).is_err());
    }
    let flat = Cell::new(false);
    let (value, events) = heard("panic.catches.*", || {
        catches_flat(&flat);
        catches()
    });
    assert!(value && flat.get());
    let ends = ["start", "stop", "start", "stop"];
    assert_eq!(events, ends.map(|end| format!("panic.catches.{end}")));
}
