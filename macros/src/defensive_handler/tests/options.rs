use expect_test::expect;

use super::{expansion, rejects};
use crate::testing;

const HANDLER: &str = "fn f(event: &Event<'_>) {}";

#[test]
fn unknown_options_are_told_the_nearest() {
    rejects(
        "on = \"a.b\", nmae = \"x\", colour = 1",
        HANDLER,
        &expect![[r#"
            nmae
                `#[defensive_handler]` has no option `nmae`: did you mean `name`?
            colour
                `#[defensive_handler]` has no option `colour`: expected one of `on`, `name`, `needs`, `available`, `before`, `after`, `classify`, `quarantine`, `budget`, `queue`, `fallback`, `crate`
        "#]],
    );
    rejects(
        "on = \"a.b\", quarantine(failure = 1)",
        HANDLER,
        &expect![[r#"
            failure
                `quarantine` has no option `failure`: did you mean `failures`?
        "#]],
    );
}

#[test]
fn planned_options_are_told_so() {
    rejects(
        "on = \"a.b\", flag = \"x\"",
        HANDLER,
        &expect![[r#"
            flag
                `flag` is not supported by this version of gambeson: leave it out
        "#]],
    );
}

#[test]
fn an_option_is_written_once() {
    rejects(
        "on = \"a.b\", name = \"x\", on(\"c.d\")",
        HANDLER,
        &expect![[r#"
            on
                `on` is written twice: keep one of them
        "#]],
    );
    rejects(
        "on = \"a.b\", quarantine(failures = 1, failures = 2)",
        HANDLER,
        &expect![[r#"
            failures
                `failures` is written twice: keep one of them
        "#]],
    );
}

#[test]
fn an_option_has_a_value() {
    rejects(
        "on(), name, needs, needs(), after(), before, available =, budget =, queue, quarantine(), classify, crate, fallback",
        HANDLER,
        &expect![[r#"
            needs
                `needs` is written twice: keep one of them
            ()
                `on` has no value: write `on = "shop.order.*"`
            name
                `name` has no value: write `name = "audit"`
            needs
                `needs` has no value: write `needs(LEDGER)`
            ()
                `after` has no value: write `after(audit_order)`
            before
                `before` has no value: write `before(record_sale)`
            available
                `available` has no value: write `available = path::to::function`
            budget
                `budget` has no value: write `budget = "5ms"`
            queue
                `queue` has no value: write `queue = 64`
            ()
                `quarantine` has no value: write `quarantine(failures = 5, within = "10s", cooldown = "1s")`
            classify
                `classify` has no value: write `classify = path::to::function`
            crate
                `crate` has no value: write `crate = ::gambeson`
            fallback
                `fallback` has no value: write `fallback = |skip| expression`
            fallback
                `fallback` has no use together with `on`: an attached handler has no caller that takes a value
        "#]],
    );
    rejects(
        "on",
        HANDLER,
        &expect![[r#"
        on
            `on` has no value: write `on = "shop.order.*"`
    "#]],
    );
}

#[test]
fn a_value_is_of_the_right_kind() {
    rejects(
        "on = 5, name = x, needs = A, after = audit, available = \"yes\", budget = 5, classify = |_| reason, crate = \"x\"",
        HANDLER,
        &expect![[r#"
            5
                `on` takes patterns in string literals: write `on = "shop.order.*"`
            x
                `name` takes a string literal: write `name = "audit"`
            A
                `needs` takes paths of resources: write `needs(LEDGER)`
            audit
                `after` takes names in string literals or paths of functions: write `after(audit_order)`
            "yes"
                `available` takes a path or a closure that returns `bool`: write `available = path::to::function`
            5
                `budget` takes a duration in a string literal: write `budget = "5ms"`
            |_| reason
                `classify` takes the path of a function from `&E` to `SkipReason`: write `classify = path::to::function`
            "x"
                `crate` takes the path of the gambeson crate: write `crate = ::gambeson`
        "#]],
    );
    rejects(
        "on(\"a.b\", 5), name(\"x\"), needs(A, \"B\"), after(f(), x), quarantine = true",
        HANDLER,
        &expect![[r#"
            5
                `on` takes patterns in string literals: write `on = "shop.order.*"`
            ("x")
                `name` takes a string literal: write `name = "audit"`
            "B"
                `needs` takes paths of resources: write `needs(LEDGER)`
            f()
                `after` takes names in string literals or paths of functions: write `after(audit_order)`
            true
                `quarantine` takes limits or `false`: write `quarantine(failures = 5, within = "10s", cooldown = "1s")`
        "#]],
    );
    rejects(
        "on = \"a.b\", name = \" \", quarantine(failures = \"5\", within = 10, cooldown(5))",
        HANDLER,
        &expect![[r#"
            " "
                a handler's name is not empty: write `name = "audit"` or leave it out
            "5"
                `failures` takes a number of failures: write `failures = 5`
            10
                `within` takes a duration in a string literal: write `within = "10s"`
            (5)
                `cooldown` takes a duration in a string literal: write `cooldown = "1s"`
        "#]],
    );
}

#[test]
fn what_is_no_option_does_not_hide_the_others() {
    rejects(
        "\"a.b\", budgt = \"5ms\"",
        "fn f() {}",
        &expect![[r#"
        "a.b"
            expected an option, such as `on = "shop.order.*"`
        budgt
            `#[defensive_handler]` has no option `budgt`: did you mean `budget`?
    "#]],
    );
    rejects(
        "name = \"x\" budget = \"5ms\", nam",
        "fn f() {}",
        &expect![[r#"
            budget
                expected `,` between two options
            nam
                `#[defensive_handler]` has no option `nam`: did you mean `name`?
        "#]],
    );
    rejects(
        "fallback = (1 +), nam",
        "fn f() {}",
        &expect![[r#"
        )
            unexpected end of input, expected an expression
        nam
            `#[defensive_handler]` has no option `nam`: did you mean `name`?
    "#]],
    );
}

#[test]
fn a_fallback_closure_takes_the_skip() {
    rejects(
        "fallback = || 1",
        "fn f() -> u8 { 1 }",
        &expect![[r#"
        || 1
            `fallback` takes an expression or a closure of one parameter, the skip: write `fallback = |skip| expression`
    "#]],
    );
    rejects(
        "fallback(1)",
        "fn f() -> u8 { 1 }",
        &expect![[r#"
        (1)
            `fallback` takes an expression or a closure of one parameter, the skip: write `fallback = |skip| expression`
    "#]],
    );
}

#[test]
fn order_is_for_attached_handlers() {
    rejects(
        "after(a), before(\"b\")",
        "fn f() {}",
        &expect![[r#"
        after
            `after` orders the handlers of an event: add `on = ".."`, or leave out `after`
        before
            `before` orders the handlers of an event: add `on = ".."`, or leave out `before`
    "#]],
    );
}

#[test]
fn a_queue_has_room_for_an_event() {
    for wrong in [
        "0",
        "64_u8",
        "-1",
        "\"64\"",
        "64.0",
        "ROOM",
        "400000000000000000000000000000000000000000",
    ] {
        let errors = testing::errors(expansion(
            &format!("on = \"a.b\", queue = {wrong}"),
            HANDLER,
        ));
        let message = "`queue` takes how many events may wait, 1 or more: write `queue = 64`";
        assert!(
            errors.ends_with(&format!("    {message}\n")),
            "{wrong}: {errors}"
        );
    }
    rejects(
        "on = \"a.b\", queue(64)",
        HANDLER,
        &expect![[r#"
            (64)
                `queue` takes how many events may wait, 1 or more: write `queue = 64`
        "#]],
    );
}

#[test]
fn a_queue_is_for_attached_handlers() {
    rejects(
        "queue = 64",
        "fn f() {}",
        &expect![[r#"
            queue
                `queue` holds the events of a handler, and a defended function is called in place: add `on = ".."`, or leave out `queue`
        "#]],
    );
}
