use expect_test::expect;

use super::{expands, expansion, rejects};

#[test]
fn fields_have_every_form_of_tracing() {
    expands(
        "skip_all, fields(a = x, b = %x.y, c = ?x.y(), dotted.r#type = 1 + 1, \"literal key\" = \"v\", \
         { KEY } = x, %shown.here, ?debugged, %named = x, later, sooner.or.later)",
        "fn f(x: X) {}",
        &expect![[r#"
            fn f(x: X) {
                ::gambeson::private::instrument(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "f", ".start")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "f", ".stop")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "f", ".exception")
                            ),
                        );
                        let (fields,) = (
                            ::gambeson::private::Fields::new(|| [
                                ::gambeson::private::field_value("a", &(x)),
                                ::gambeson::private::field_display("b", &(x.y)),
                                ::gambeson::private::field_debug("c", &(x.y())),
                                ::gambeson::private::field_value("dotted.type", &(1 + 1)),
                                ::gambeson::private::field_value("literal key", &("v")),
                                ::gambeson::private::field_value(KEY, &(x)),
                                ::gambeson::private::field_display("shown.here", &(shown.here)),
                                ::gambeson::private::field_debug("debugged", &(debugged)),
                                ::gambeson::private::field_display("named", &(x)),
                            ]),
                        );
                        ::gambeson::private::open(
                            &__GAMBESON_SITE,
                            ::gambeson::private::tracing::span!(
                                ::gambeson::private::tracing::Level::INFO, "f", "a" = fields
                                .typed(0), "b" = fields.typed(1), "c" = fields.typed(2),
                                "dotted.type" = fields.typed(3), "literal key" = fields.typed(4), {
                                KEY } = fields.typed(5), "shown.here" = fields.typed(6), "debugged" =
                                fields.typed(7), "named" = fields.typed(8), "later" =
                                ::gambeson::private::tracing::field::Empty, "sooner.or.later" =
                                ::gambeson::private::tracing::field::Empty
                            ),
                            || fields.into_vec(),
                        )
                    },
                    || -> () {},
                    |value| {
                        use ::gambeson::private::probe::*;
                        (&&&&&&&&::gambeson::private::Probe(value)).failed()
                    },
                    |_| {},
                )
            }
        "#]],
    );
}

#[test]
fn a_field_takes_the_place_of_an_argument() {
    let expansion =
        expansion("fields(a = %b, c.a = 1)", "fn f(a: u8, r#b: u8, c: u8) {}").to_string();
    assert_eq!(expansion.matches("Argument").count(), 2, "{expansion}");
    assert!(!expansion.contains("Argument (& a)"), "{expansion}");
}

#[test]
fn no_fields_are_fields_too() {
    for options in ["fields()", "fields(later)", "skip_all, fields(later,)"] {
        let expansion = expansion(options, "fn f(a: u8) {}");
        assert_eq!(crate::testing::errors(expansion.clone()), "");
        assert!(!expansion.to_string().contains("let fields"));
    }
}

#[test]
fn a_field_is_written_whole() {
    rejects(
        "fields",
        "fn f() {}",
        &expect![[r#"
        fields
            `fields` has no value: write `fields(order_id = %order.id)`
    "#]],
    );
    rejects(
        "fields = x",
        "fn f() {}",
        &expect![[r#"
        x
            `fields` takes fields in parentheses: write `fields(order_id = %order.id)`
    "#]],
    );
    rejects(
        "fields(a = )",
        "fn f() {}",
        &expect![[r#"
            a
                this field has no value: write `name = value`
        "#]],
    );
    rejects(
        "fields(= 1)",
        "fn f() {}",
        &expect![[r#"
        =
            expected a field, such as `order_id = %order.id`
    "#]],
    );
    rejects(
        "fields(%{ KEY }, a = %)",
        "fn f() {}",
        &expect![[r#"
            { KEY }
                this name is no variable: write `name = value`
            a
                this field has no value: write `name = value`
        "#]],
    );
    rejects(
        "fields(%\"key\")",
        "fn f() {}",
        &expect![[r#"
            "key"
                this name is no variable: write `name = value`
        "#]],
    );
    rejects(
        "fields(a b)",
        "fn f() {}",
        &expect![[r#"
            b
                expected `,` between two fields
        "#]],
    );
}
