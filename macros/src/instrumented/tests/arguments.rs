use expect_test::expect;

use super::expands;

#[test]
fn arguments_are_captured_where_somebody_looks() {
    expands(
        "skip(card), level = \"debug\", target = \"shop\"",
        "fn place(&mut self, order: &Order, card: Card, Point { x, y: (mut z, _) }: Point) {}",
        &expect![[r#"
            fn place(&mut self, order: &Order, card: Card, Point { x, y: (mut z, _) }: Point) {
                ::gambeson::private::instrument(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "place", ".start")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "place", ".stop")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "place", ".exception")
                            ),
                        );
                        let (arguments,) = (
                            ::gambeson::private::Fields::new(|| {
                                use ::gambeson::private::probe::*;
                                [
                                    (&&&::gambeson::private::Argument(&self)).field("self"),
                                    (&&&::gambeson::private::Argument(&order)).field("order"),
                                    (&&&::gambeson::private::Argument(&x)).field("x"),
                                    (&&&::gambeson::private::Argument(&z)).field("z"),
                                ]
                            }),
                        );
                        ::gambeson::private::open(
                            &__GAMBESON_SITE,
                            ::gambeson::private::tracing::span!(
                                target : "shop", ::gambeson::private::tracing::Level::DEBUG, "place",
                                "self" = arguments.typed(0), "order" = arguments.typed(1), "x" =
                                arguments.typed(2), "z" = arguments.typed(3)
                            ),
                            ::std::vec::Vec::new,
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
fn an_argument_is_there_where_its_cfg_says() {
    expands(
        "",
        "fn log(#[cfg(unix)] #[cfg(feature = \"fd\")] fd: i32) {}",
        &expect![[r#"
            fn log(#[cfg(unix)] #[cfg(feature = "fd")] fd: i32) {
                ::gambeson::private::instrument(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "log", ".start")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "log", ".stop")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "log", ".exception")
                            ),
                        );
                        let (arguments,) = (
                            ::gambeson::private::Fields::new(|| {
                                use ::gambeson::private::probe::*;
                                [
                                    {
                                        #[cfg(all(unix, feature = "fd"))]
                                        { (&&&::gambeson::private::Argument(&fd)).field("fd") }
                                        #[cfg(not(all(unix, feature = "fd")))]
                                        { ::gambeson::private::Field::absent("fd") }
                                    },
                                ]
                            }),
                        );
                        ::gambeson::private::open(
                            &__GAMBESON_SITE,
                            ::gambeson::private::tracing::span!(
                                ::gambeson::private::tracing::Level::INFO, "log", "fd" = arguments
                                .typed(0)
                            ),
                            ::std::vec::Vec::new,
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
fn an_underscored_argument_is_used_by_us_only() {
    expands(
        "",
        "fn f(_x: u8) {}",
        &expect![[r#"
            fn f(_x: u8) {
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
                        #[allow(clippy::used_underscore_binding)]
                        let (arguments,) = (
                            ::gambeson::private::Fields::new(|| {
                                use ::gambeson::private::probe::*;
                                [(&&&::gambeson::private::Argument(&_x)).field("_x")]
                            }),
                        );
                        ::gambeson::private::open(
                            &__GAMBESON_SITE,
                            ::gambeson::private::tracing::span!(
                                ::gambeson::private::tracing::Level::INFO, "f", "_x" = arguments
                                .typed(0)
                            ),
                            ::std::vec::Vec::new,
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
