//! G4: handlers attach in dependency order and detach in the exact reverse.

use std::sync::{Arc, Mutex};

use gambeson::{AttachError, Handler, OrderError, StartError, Telemetry, emit};

use gambeson_tests::PATIENCE;

use crate::started;

fn quiet(name: &str) -> Handler {
    Handler::new(name, "shop.opened", |_| ())
}

fn refusal(handlers: impl IntoIterator<Item = Handler>) -> AttachError {
    let builder = Telemetry::builder().isolated().filter(|_| false);
    match handlers
        .into_iter()
        .fold(builder, gambeson::Builder::handler)
        .start()
    {
        Err(StartError::Attach(error)) => error,
        other => panic!("the start was not refused: {other:?}"),
    }
}

#[test]
fn dependencies_first_then_names() {
    let telemetry = started([
        quiet("d").before("a"),
        quiet("c"),
        quiet("b").after("c"),
        quiet("a"),
    ]);
    assert_eq!(telemetry.handlers(), ["c", "b", "d", "a"]);
}

#[test]
fn handlers_run_in_their_order() {
    let ran = Arc::new(Mutex::new(Vec::new()));
    let noting = |name: &'static str| {
        let ran = Arc::clone(&ran);
        Handler::new(name, "shop.opened", move |_| ran.lock().unwrap().push(name))
    };
    let telemetry = started([noting("a").after("z"), noting("m"), noting("z")]);
    telemetry.enter(|| emit!("shop.opened"));
    assert_eq!(*ran.lock().unwrap(), telemetry.handlers());
    assert_eq!(*ran.lock().unwrap(), ["m", "z", "a"]);
}

/// The order does not depend on the order in which handlers were given.
#[test]
fn detached_in_the_exact_reverse_every_time() {
    let names = ["e", "d", "c", "b", "a"];
    for turn in 0..100 {
        let mut given: Vec<Handler> = names.iter().map(|name| quiet(name)).collect();
        given.push(quiet("first").before("a"));
        given.push(quiet("last").after("e"));
        given.rotate_left(turn % 7);
        let telemetry = started(given);
        let attached = telemetry.handlers();
        assert_eq!(attached, ["b", "c", "d", "e", "first", "a", "last"]);
        let mut detached = telemetry.shutdown().shutdown.expect("it is over").detached;
        detached.reverse();
        assert_eq!(detached, attached);
    }
}

#[test]
fn a_cycle_is_named_all_the_way_round() {
    let error = refusal([
        quiet("a").after("b"),
        quiet("b").after("c"),
        quiet("c").after("a"),
    ]);
    assert_eq!(
        error.to_string(),
        "handlers wait for each other: a after b after c after a"
    );
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let error = refusal([quiet("audit_order"), quiet("sales").after("audit_ordr")]);
    assert_eq!(
        error.to_string(),
        "handler `sales` wants to be after another: no handler is called `audit_ordr`; \
         did you mean `audit_order`?"
    );
}

#[test]
fn a_duplicate_is_told_with_both_places() {
    let (first, second) = (quiet("audit"), Handler::new("audit", "a.b", |_| ()));
    let AttachError::Order(OrderError::Duplicate {
        name,
        first,
        second,
    }) = refusal([first, second])
    else {
        panic!("a duplicate")
    };
    assert_eq!(name, "audit");
    assert_ne!(first, second);
    for place in [first, second] {
        assert!(place.contains("behaviour/order.rs:"), "{place}");
    }
}

#[test]
fn an_ambiguous_name_is_told_with_its_candidates() {
    let error = refusal([
        quiet("shop::audit"),
        quiet("bank::audit"),
        quiet("sales").after("audit"),
    ]);
    let told = error.to_string();
    assert!(told.contains("bank::audit, shop::audit"), "{told}");
}

#[test]
fn a_malformed_pattern_is_refused_and_changes_nothing() {
    let telemetry = started([quiet("works")]);
    let error = telemetry
        .attach(Handler::new("bad", "shop..opened", |_| ()))
        .unwrap_err();
    assert!(matches!(error, AttachError::Pattern { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("`shop..opened` of handler `bad`"),
        "{error}"
    );
    assert_eq!(telemetry.handlers(), ["works"]);
}

/// A handler that is attached late takes its place, not the end.
#[test]
fn a_late_handler_takes_its_place() {
    let telemetry = started([quiet("b"), quiet("c")]);
    telemetry.attach(quiet("z").before("b")).unwrap();
    assert_eq!(telemetry.handlers(), ["c", "z", "b"]);
    assert!(telemetry.attach(quiet("z")).is_err());
    assert_eq!(telemetry.handlers(), ["c", "z", "b"]);
}

/// What a name could mean among handlers that are not there keeps nobody out.
#[test]
fn namesakes_that_came_and_went_refuse_no_other() {
    let telemetry = started([quiet("shop::audit"), quiet("sales").after("audit")]);
    telemetry.detach("shop::audit", PATIENCE).unwrap();
    telemetry.attach(quiet("bank::audit")).unwrap();
    assert_eq!(telemetry.handlers(), ["bank::audit", "sales"]);
    telemetry.detach("bank::audit", PATIENCE).unwrap();

    telemetry.attach(quiet("till")).unwrap();
    assert_eq!(telemetry.handlers(), ["sales", "till"]);
    let error = telemetry.attach(quiet("late").after("audti")).unwrap_err();
    assert!(error.to_string().contains("`audti`"), "{error}");
}
