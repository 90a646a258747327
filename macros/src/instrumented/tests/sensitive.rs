use expect_test::expect;

use super::{expands, rejects};

#[test]
fn a_sensitive_value_is_not_asked_for() {
    expands(
        "sensitive(card, total), fields(total = card.total())",
        "fn f(order: u8, card: Card) {}",
        &expect![[r#"
            fn f(order: u8, card: Card) {
                const _: () = {
                    let order = 0_u8;
                };
                let __entered = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                        fields: &["order", "card", "total"],
                        arguments: 2usize,
                        ..::gambeson::private::Written::of("f", ::core::module_path!())
                    });
                    let mut __call = ::gambeson::private::call(&__GAMBESON_SITE);
                    if let ::core::option::Option::Some(__values) = (&mut __call).values() {
                        {
                            use ::gambeson::private::probe::*;
                            (&&&&::gambeson::private::Argument(&{ order }))
                                .gambeson_capture(__values);
                            (&&&::gambeson::private::Argument(&card)).gambeson_hide(__values);
                        }
                        if __values.wants_fields() {
                            __values.sensitive();
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
fn what_is_sensitive_is_shown_otherwise() {
    rejects(
        "sensitive(crad, self, till, till, open, shut), skip(open, shut), fields(shut = 1)",
        "fn f(card: Card, till: u8, open: u8, shut: u8) {}",
        &expect![[r#"
            crad
                `f` has no argument or field `crad`: did you mean `card`?
            self
                `f` has no argument or field `self`: expected one of `card`, `till`, `open`, `shut`
            till
                `till` is sensitive twice: keep one of them
            open
                `open` is skipped, and so not shown: leave it out here
        "#]],
    );
    rejects(
        "sensitive(card)",
        "fn f() {}",
        &expect![[r#"
        card
            `f` has no argument or field `card`: leave it out
    "#]],
    );
    rejects(
        "sensitive, err",
        "fn f() -> Answer {}",
        &expect![[r#"
        sensitive
            `sensitive` has no value: write `sensitive(card)`
    "#]],
    );
}
