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
                let __entered = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                        fields: &[
                            "a",
                            "b",
                            "c",
                            "dotted.type",
                            "literal key",
                            KEY,
                            "shown.here",
                            "debugged",
                            "named",
                            "later",
                            "sooner.or.later",
                        ],
                        arguments: 0usize,
                        ..::gambeson::private::Written::of("f", ::core::module_path!())
                    });
                    let mut __call = ::gambeson::private::call(&__GAMBESON_SITE);
                    if let ::core::option::Option::Some(__values) = (&mut __call).values() {
                        if __values.wants_fields() {
                            __values.value(&(x));
                            __values.display(&(x.y));
                            __values.debug(&(x.y()));
                            __values.value(&(1 + 1));
                            __values.value(&("v"));
                            __values.value(&(x));
                            __values.display(&(shown.here));
                            __values.debug(&(debugged));
                            __values.display(&(x));
                            __values.absent();
                            __values.absent();
                        }
                    }
                    __call
                }
                    .enter();
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
