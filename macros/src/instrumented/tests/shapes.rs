use expect_test::expect;

use super::expands;

#[test]
fn a_call_is_opened_before_its_body() {
    expands(
        "skip_all",
        "pub fn total(&self, cart: Cart) -> f64 { cart.sum() }",
        &expect![[r#"
            pub fn total(&self, cart: Cart) -> f64 {
                ::gambeson::private::instrument(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "total", ".start")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "total", ".stop")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "total", ".exception")
                            ),
                        );
                        ::gambeson::private::open(
                            &__GAMBESON_SITE,
                            ::gambeson::private::tracing::span!(
                                ::gambeson::private::tracing::Level::INFO, "total"
                            ),
                            ::std::vec::Vec::new,
                        )
                    },
                    || -> f64 { cart.sum() },
                    |value| {
                        use ::gambeson::private::probe::*;
                        (&&&&&&&::gambeson::private::Probe(value)).failed()
                    },
                    |_| {},
                )
            }
        "#]],
    );
}

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
                        (&&&&&&&::gambeson::private::Probe(value)).failed()
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
                        (&&&&&&&::gambeson::private::Probe(value)).failed()
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
                        (&&&&&&&::gambeson::private::Probe(value)).failed()
                    },
                    |_| {},
                )
            }
        "#]],
    );
}

#[test]
fn types_that_cannot_be_written_are_not() {
    expands(
        "",
        "fn orders() -> impl Iterator<Item = Order> { ORDERS.iter() }",
        &expect![[r#"
            fn orders() -> impl Iterator<Item = Order> {
                ::gambeson::private::instrument(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "orders", ".start")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "orders", ".stop")
                            ),
                            ::gambeson::private::dotted!(
                                ::core::concat!(::core::module_path!(), "::", "orders", ".exception")
                            ),
                        );
                        ::gambeson::private::open(
                            &__GAMBESON_SITE,
                            ::gambeson::private::tracing::span!(
                                ::gambeson::private::tracing::Level::INFO, "orders"
                            ),
                            ::std::vec::Vec::new,
                        )
                    },
                    || { ORDERS.iter() },
                    |value| {
                        use ::gambeson::private::probe::*;
                        (&&&&&&&::gambeson::private::Probe(value)).failed()
                    },
                    |_| {},
                )
            }
        "#]],
    );
    expands(
        "",
        "async fn serve() -> ! { loop { step().await } }",
        &expect![[r#"
            async fn serve() -> ! {
                ::gambeson::private::instrument_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "serve", ".start")
                                ),
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "serve", ".stop")
                                ),
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "serve",
                                    ".exception")
                                ),
                            );
                            ::gambeson::private::open(
                                &__GAMBESON_SITE,
                                ::gambeson::private::tracing::span!(
                                    ::gambeson::private::tracing::Level::INFO, "serve"
                                ),
                                ::std::vec::Vec::new,
                            )
                        },
                        ::core::pin::pin(
                            ::core::option::Option::Some(async move {
                                match () {
                                    () => {
                                        loop {
                                            step().await
                                        }
                                    }
                                }
                            }),
                        ),
                        |_| ::core::unreachable!(),
                        |_| {},
                    )
                    .await
            }
        "#]],
    );
}

#[test]
fn the_crate_may_have_another_name() {
    expands(
        "crate = ::padded, event = \"shop.order\", name = NAME, target = names::TARGET, level = Level::WARN",
        "fn f() {}",
        &expect![[r#"
            fn f() {
                ::padded::private::instrument(
                    {
                        static __GAMBESON_SITE: ::padded::private::InstrumentSite = ::padded::private::InstrumentSite::new(
                            ::core::concat!("shop.order", ".start"),
                            ::core::concat!("shop.order", ".stop"),
                            ::core::concat!("shop.order", ".exception"),
                        );
                        ::padded::private::open(
                            &__GAMBESON_SITE,
                            ::padded::private::tracing::span!(
                                target : names::TARGET, Level::WARN, NAME
                            ),
                            ::std::vec::Vec::new,
                        )
                    },
                    || -> () {},
                    |value| {
                        use ::padded::private::probe::*;
                        (&&&&&&&::padded::private::Probe(value)).failed()
                    },
                    |_| {},
                )
            }
        "#]],
    );
}

#[test]
fn other_attributes_of_parameters_stay() {
    expands(
        "skip_all",
        "#[defensive_handler(on = \"a.b\")] fn f(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) {}",
        &expect![[r##"
            #[defensive_handler(on = "a.b")]
            fn f(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) {
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
                        ::gambeson::private::open(
                            &__GAMBESON_SITE,
                            ::gambeson::private::tracing::span!(
                                ::gambeson::private::tracing::Level::INFO, "f"
                            ),
                            ::std::vec::Vec::new,
                        )
                    },
                    || -> () {},
                    |value| {
                        use ::gambeson::private::probe::*;
                        (&&&&&&&::gambeson::private::Probe(value)).failed()
                    },
                    |_| {},
                )
            }
        "##]],
    );
}
