//! `target`: the target of a call's span and of its records.

use gambeson::instrumented;

use super::{seen::seen, thrown};

mod targets {
    pub(super) const TILL: &str = "constant_target";
}

#[instrumented]
fn by_default() {}

#[instrumented(target = "shop")]
fn by_option() {}

#[instrumented(target = targets::TILL)]
fn by_constant() {}

#[test]
fn a_span_has_the_target_of_its_module_or_one_of_its_own() {
    let calls: [(fn(), &str); 3] = [
        (by_default, "INFO instrumented::target by_default:"),
        (by_option, "INFO shop by_option:"),
        (by_constant, "INFO constant_target by_constant:"),
    ];
    for (call, line) in calls {
        assert_eq!(seen(call), ((), vec![line.to_owned()]));
    }
}

#[instrumented(target = "shop", skip_all, err, ret)]
fn answer(answer: Result<u8, &'static str>) -> Result<u8, &'static str> {
    if answer == Ok(13) {
        std::panic::panic_any(13_u8);
    }
    answer
}

#[test]
fn the_records_of_a_call_have_the_target_of_its_span() {
    let events = |lines: Vec<String>| -> Vec<String> {
        lines
            .into_iter()
            .filter(|line| line.starts_with("event"))
            .collect()
    };
    let (_, lines) = seen(|| answer(Ok(1)));
    assert_eq!(events(lines), ["event in answer: INFO shop return=text 1"]);
    let (_, lines) = seen(|| answer(Err("no")));
    assert_eq!(events(lines), ["event in answer: ERROR shop error=text no"]);
    let (payload, lines) = seen(|| thrown::<u8, _>(|| answer(Ok(13))));
    assert_eq!(payload, 13);
    let events = events(lines);
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(events[0].starts_with("event in answer: ERROR shop message=str panicked "));
}
