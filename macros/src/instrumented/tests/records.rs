use expect_test::expect;

use super::{expands, rejects};

#[test]
fn an_error_and_a_value_are_told() {
    expands(
        "err, ret, level = \"debug\"",
        "fn f() -> Result<u8, E> { g() }",
        &expect![[r#"
            fn f() -> Result<u8, E> {
                let __call = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                        level: ::gambeson::private::tracing::Level::DEBUG,
                        err: ::core::option::Option::Some(
                            ::gambeson::private::tracing::Level::ERROR,
                        ),
                        ret: ::core::option::Option::Some(
                            ::gambeson::private::tracing::Level::DEBUG,
                        ),
                        ..::gambeson::private::Written::of("f", ::core::module_path!())
                    });
                    ::gambeson::private::call(&__GAMBESON_SITE)
                };
                let __body = ::gambeson::private::body(|| -> Result<u8, E> { g() });
                let __kind = {
                    use ::gambeson::private::probe::*;
                    (&&__body).gambeson_kind()
                };
                __kind
                    .run(
                        __call,
                        __body,
                        |__value| {
                            use ::gambeson::private::probe::*;
                            ::gambeson::private::seen(
                                    (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed(),
                                    (&::gambeson::private::Returned(__value)).gambeson_shown(),
                                )
                                .err_display(__value)
                                .ret_debug((&&::gambeson::private::Returned(__value)).gambeson_ok())
                        },
                    )
            }
        "#]],
    );
}

#[test]
fn a_record_has_a_format_and_a_level() {
    expands(
        "err(Debug, level = 4), ret(level = Level::TRACE, Display), target = \"shop\"",
        "fn f() -> Result<u8, E> { g() }",
        &expect![[r#"
            fn f() -> Result<u8, E> {
                let __call = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                        target: ::core::option::Option::Some("shop"),
                        err: ::core::option::Option::Some(::gambeson::private::tracing::Level::WARN),
                        ret: ::core::option::Option::Some(Level::TRACE),
                        ..::gambeson::private::Written::of("f", ::core::module_path!())
                    });
                    ::gambeson::private::call(&__GAMBESON_SITE)
                };
                let __body = ::gambeson::private::body(|| -> Result<u8, E> { g() });
                let __kind = {
                    use ::gambeson::private::probe::*;
                    (&&__body).gambeson_kind()
                };
                __kind
                    .run(
                        __call,
                        __body,
                        |__value| {
                            use ::gambeson::private::probe::*;
                            ::gambeson::private::seen(
                                    (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed(),
                                    (&::gambeson::private::Returned(__value)).gambeson_shown(),
                                )
                                .err_debug(__value)
                                .ret_display(
                                    (&&::gambeson::private::Returned(__value)).gambeson_ok(),
                                )
                        },
                    )
            }
        "#]],
    );
}

#[test]
fn a_record_is_written_in_one_way() {
    rejects(
        "err(Debug, Display), ret(Debug = 1, levl = 1, level = 9)",
        "fn f() -> Answer {}",
        &expect![[r#"
            Display
                a value is recorded in one format: keep `Debug` or `Display`
            levl
                a record of `err` or `ret` has no option `levl`: did you mean `level`?
            1
                `Debug` takes no value: write `Debug`
            9
                `level` takes a level's name, a number from 1 to 5 or the path of a constant: write `level = "debug"`
        "#]],
    );
    rejects(
        "err = true, ret =",
        "fn f() -> Answer {}",
        &expect![[r#"
        true
            `err` takes nothing, or a format and a level in parentheses: write `err(Debug, level = "warn")`
        ret
            `ret` takes nothing, or a format and a level in parentheses: write `ret(Display, level = "debug")`
    "#]],
    );
}

#[test]
fn there_is_something_to_record() {
    rejects(
        "err",
        "fn f() {}",
        &expect![[r#"
        err
            `err` records the `Err` of a `Result`, and this function returns none: leave out `err`, or return a `Result`
    "#]],
    );
    rejects(
        "err, ret",
        "fn f() -> ! { loop {} }",
        &expect![[r#"
        err
            `err` records the `Err` of a `Result`, and this function returns none: leave out `err`, or return a `Result`
        ret
            `ret` records what a function returns, and this one never does: leave out `ret`
    "#]],
    );
}
