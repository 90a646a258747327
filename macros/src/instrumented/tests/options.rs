use expect_test::expect;

use super::{expansion, rejects};

#[test]
fn unknown_options_are_told_the_nearest() {
    rejects(
        "feilds(a = 1), colour = 1",
        "fn f() {}",
        &expect![[r#"
            feilds
                `#[instrumented]` has no option `feilds`: did you mean `fields`?
            colour
                `#[instrumented]` has no option `colour`: expected one of `event`, `name`, `target`, `level`, `skip`, `skip_all`, `sensitive`, `fields`, `err`, `ret`, `parent`, `follows_from`, `defend`, `fallback`, `crate`
        "#]],
    );
}

#[test]
fn an_option_is_written_once() {
    rejects(
        "\"a\", name = \"b\", err, err(Debug)",
        "fn f() -> Answer {}",
        &expect![[r#"
            name
                `name` is written twice: keep one of them
            err
                `err` is written twice: keep one of them
        "#]],
    );
}

#[test]
fn an_option_has_a_value_of_its_kind() {
    rejects(
        "event, name, target, level, skip, crate",
        "fn f(x: u8) {}",
        &expect![[r#"
            event
                `event` has no value: write `event = "shop.order"`
            name
                `name` has no value: write `name = "place_order"`
            target
                `target` has no value: write `target = "shop"`
            level
                `level` has no value: write `level = "debug"`
            skip
                `skip` has no value: write `skip(self, card)`
            crate
                `crate` has no value: write `crate = ::gambeson`
        "#]],
    );
    rejects(
        "event = shop, name = 1, target = f(), level = 6, skip = x, skip_all = true, crate = \"x\"",
        "fn f(x: u8) {}",
        &expect![[r#"
            shop
                `event` takes the first segments of an event's name in a string literal: write `event = "shop.order"`
            1
                `name` takes a string literal or the path of a constant: write `name = "place_order"`
            f()
                `target` takes a string literal or the path of a constant: write `target = "shop"`
            6
                `level` takes a level's name, a number from 1 to 5 or the path of a constant: write `level = "debug"`
            x
                `skip` takes names of arguments: write `skip(self, card)`
            true
                `skip_all` takes no value: write `skip_all`
            "x"
                `crate` takes the path of the gambeson crate: write `crate = ::gambeson`
            skip
                `skip_all` skips every argument: leave out `skip`
        "#]],
    );
    rejects(
        "event = \"\", level = \"wran\", skip()",
        "fn f(x: u8) {}",
        &expect![[r#"
            "wran"
                there is no level `wran`: did you mean `warn`?
            ""
                an event's name is not empty: write `event = "shop.order"` or leave it out
        "#]],
    );
}

#[test]
fn levels_have_names_and_numbers() {
    for (written, constant) in [
        ("\"TRACE\"", "TRACE"),
        ("\"debug\"", "DEBUG"),
        ("4", "WARN"),
        ("5", "ERROR"),
    ] {
        let expansion = expansion(&format!("level = {written},"), "fn f() {}").to_string();
        let level = format!("tracing :: Level :: {constant} ,");
        assert!(expansion.contains(&level), "{expansion}");
    }
    let expansion = expansion("level = 3", "fn f() {}").to_string();
    assert!(!expansion.contains("level"), "the default: {expansion}");
}

#[test]
fn only_arguments_are_skipped() {
    rejects(
        "skip(crad, self, x, x)",
        "fn f(card: Card, (x, y): P) {}",
        &expect![[r#"
            crad
                `f` has no argument `crad`: did you mean `card`?
            self
                `f` has no argument `self`: expected one of `card`, `x`, `y`
            x
                `x` is skipped twice: keep one of them
        "#]],
    );
    rejects(
        "skip(a)",
        "fn f() {}",
        &expect![[r#"
        a
            `f` has no argument to skip: leave out `skip`
    "#]],
    );
    rejects(
        "skip(x), skip_all",
        "fn f(x: u8) {}",
        &expect![[r#"
        skip
            `skip_all` skips every argument: leave out `skip`
    "#]],
    );
}
