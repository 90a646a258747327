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
                        (&&&&&&&&::gambeson::private::Probe(value)).failed()
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
                        (&&&&&&&&::gambeson::private::Probe(value)).failed()
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
                        (&&&&&&&&::padded::private::Probe(value)).failed()
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
                        (&&&&&&&&::gambeson::private::Probe(value)).failed()
                    },
                    |_| {},
                )
            }
        "##]],
    );
}
