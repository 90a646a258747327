use expect_test::expect;

use super::expands;

#[test]
fn arguments_are_captured_where_somebody_looks() {
    expands(
        "skip(card), level = \"debug\", target = \"shop\"",
        "fn place(&mut self, order: &Order, card: Card, Point { x, y: (mut z, _) }: Point) {}",
        &expect![[r#"
            fn place(&mut self, order: &Order, card: Card, Point { x, y: (mut z, _) }: Point) {
                const _: () = {
                    let order = 0_u8;
                };
                const _: () = {
                    let x = 0_u8;
                };
                const _: () = {
                    let z = 0_u8;
                };
                let __entered = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                        target: ::core::option::Option::Some("shop"),
                        level: ::gambeson::private::tracing::Level::DEBUG,
                        fields: &["self", "order", "x", "z"],
                        arguments: 4usize,
                        ..::gambeson::private::Written::of("place", ::core::module_path!())
                    });
                    let mut __call = ::gambeson::private::call(&__GAMBESON_SITE);
                    if let ::core::option::Option::Some(__values) = (&mut __call).values() {
                        {
                            use ::gambeson::private::probe::*;
                            (&&&&::gambeson::private::Argument(&self)).gambeson_capture(__values);
                            (&&&&::gambeson::private::Argument(&{ order }))
                                .gambeson_capture(__values);
                            (&&::gambeson::private::Argument(&x)).gambeson_capture(__values);
                            (&&::gambeson::private::Argument(&z)).gambeson_capture(__values);
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
fn an_argument_is_there_where_its_cfg_says() {
    expands(
        "",
        "fn log(#[cfg(unix)] #[cfg(feature = \"fd\")] fd: i32) {}",
        &expect![[r#"
            fn log(#[cfg(unix)] #[cfg(feature = "fd")] fd: i32) {
                const _: () = {
                    #[cfg(unix)]
                    #[cfg(feature = "fd")]
                    let fd = 0_u8;
                };
                let __entered = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                        fields: &["fd"],
                        arguments: 1usize,
                        ..::gambeson::private::Written::of("log", ::core::module_path!())
                    });
                    let mut __call = ::gambeson::private::call(&__GAMBESON_SITE);
                    if let ::core::option::Option::Some(__values) = (&mut __call).values() {
                        {
                            use ::gambeson::private::probe::*;
                            #[cfg(all(unix, feature = "fd"))]
                            {
                                (&&&&::gambeson::private::Argument(&{ fd }))
                                    .gambeson_capture(__values);
                            }
                            #[cfg(not(all(unix, feature = "fd")))] __values.absent();
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
fn an_underscored_argument_is_used_by_us_only() {
    expands(
        "",
        "fn f(_x: u8) {}",
        &expect![[r#"
            fn f(_x: u8) {
                let __entered = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                        fields: &["_x"],
                        arguments: 1usize,
                        ..::gambeson::private::Written::of("f", ::core::module_path!())
                    });
                    let mut __call = ::gambeson::private::call(&__GAMBESON_SITE);
                    if let ::core::option::Option::Some(__values) = (&mut __call).values() {
                        {
                            use ::gambeson::private::probe::*;
                            (&&&&::gambeson::private::Argument(&{ _x })).gambeson_capture(__values);
                        }
                    }
                    __call
                }
                    .enter();
            }
        "#]],
    );
}
