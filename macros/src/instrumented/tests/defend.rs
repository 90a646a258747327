use expect_test::expect;

use super::{expands, rejects};

#[test]
fn an_instrumented_function_is_a_defended_one() {
    expands(
        "defend, fallback = |skip| 0, crate = ::bones",
        "fn f() -> u8 { g() }",
        &expect![[r#"
            fn f() -> u8 {
                ::bones::private::defend(
                    {
                        static __GAMBESON_SITE: ::bones::private::Site = ::bones::private::Site::new(::bones::private::Declaration {
                            name: ::core::concat!(::core::module_path!(), "::", "f"),
                            function: ::core::concat!(::core::module_path!(), "::", "f"),
                            file: ::core::file!(),
                            line: ::core::line!(),
                            ..::bones::private::Declaration::EMPTY
                        });
                        ::bones::private::submit!(& [& __GAMBESON_SITE]);
                        &__GAMBESON_SITE
                    },
                    ::bones::private::nothing,
                    || -> u8 {
                        {
                            static __GAMBESON_SITE: ::bones::private::InstrumentSite = ::bones::private::InstrumentSite::new(
                                ::bones::private::Written::of("f", ::core::module_path!()),
                            );
                            ::bones::private::call(&__GAMBESON_SITE)
                        }
                            .enter()
                            .value(|| -> u8 { g() })
                    },
                    |__value| {
                        use ::bones::private::probe::*;
                        (&&&&&&&&::bones::private::Probe(__value)).gambeson_failed()
                    },
                    |skip| 0,
                )
            }
        "#]],
    );
}

#[test]
fn a_fallback_is_that_of_a_defended_call() {
    rejects(
        "fallback = 0",
        "fn f() -> u8 {}",
        &expect![[r#"
        fallback
            `fallback` is what a skipped call yields, and only a defended one is skipped: write `defend` too, or leave out `fallback`
    "#]],
    );
    rejects(
        "defend = true, fallback",
        "fn f() -> u8 {}",
        &expect![[r#"
        true
            `defend` takes no value: write `defend`
        fallback
            `fallback` has no value: write `fallback = 0`
    "#]],
    );
}
