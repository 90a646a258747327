use expect_test::expect;

use super::expands;

#[test]
fn the_arguments_of_a_future_are_lent_before_it_owns_them() {
    expands(
        "fields(half = a / 2)",
        "async fn place(mut order: Order, (a, ref mut b): (u8, u8), _city: City, _: u8) -> Receipt { \
             order.place(a, b).await \
         }",
        &expect![[r#"
            async fn place(order: Order, _arg1: (u8, u8), _city: City, _arg3: u8) -> Receipt {
                ::gambeson::private::instrument_async(
                        {
                            let (a, b) = &_arg1;
                            static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "place", ".start")
                                ),
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "place", ".stop")
                                ),
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "place",
                                    ".exception")
                                ),
                            );
                            let (arguments, fields) = (
                                ::gambeson::private::Fields::new(|| {
                                    use ::gambeson::private::probe::*;
                                    [
                                        (&&&::gambeson::private::Argument(&order)).field("order"),
                                        (&&&::gambeson::private::Argument(&a)).field("a"),
                                        (&&&::gambeson::private::Argument(&b)).field("b"),
                                        (&&&::gambeson::private::Argument(&_city)).field("_city"),
                                    ]
                                }),
                                ::gambeson::private::Fields::new(|| [
                                    ::gambeson::private::field_value("half", &(a / 2)),
                                ]),
                            );
                            ::gambeson::private::open(
                                &__GAMBESON_SITE,
                                ::gambeson::private::tracing::span!(
                                    ::gambeson::private::tracing::Level::INFO, "place", "order" =
                                    arguments.typed(0), "a" = arguments.typed(1), "b" = arguments
                                    .typed(2), "_city" = arguments.typed(3), "half" = fields.typed(0)
                                ),
                                || fields.into_vec(),
                            )
                        },
                        ::core::pin::pin(
                            ::core::option::Option::Some(async move {
                                if let ::core::option::Option::Some(returned) = ::core::option::Option::None::<
                                    Receipt,
                                > {
                                    return returned;
                                }
                                let mut order = order;
                                let mut _arg1 = _arg1;
                                let (a, ref mut b) = _arg1;
                                let (_city,) = (_city,);
                                let _arg3 = _arg3;
                                match () {
                                    () => order.place(a, b).await,
                                }
                            }),
                        ),
                        |value| {
                            use ::gambeson::private::probe::*;
                            (&&&&&&&&::gambeson::private::Probe(value)).failed()
                        },
                        |_| {},
                    )
                    .await
            }
        "#]],
    );
}

#[test]
fn nobody_is_lent_what_nobody_looks_at() {
    expands(
        "skip_all",
        "async fn place((a, b): (u8, u8)) { a + b; }",
        &expect![[r#"
            async fn place(_arg0: (u8, u8)) {
                ::gambeson::private::instrument_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "place", ".start")
                                ),
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "place", ".stop")
                                ),
                                ::gambeson::private::dotted!(
                                    ::core::concat!(::core::module_path!(), "::", "place",
                                    ".exception")
                                ),
                            );
                            ::gambeson::private::open(
                                &__GAMBESON_SITE,
                                ::gambeson::private::tracing::span!(
                                    ::gambeson::private::tracing::Level::INFO, "place"
                                ),
                                ::std::vec::Vec::new,
                            )
                        },
                        ::core::pin::pin(
                            ::core::option::Option::Some(async move {
                                if let ::core::option::Option::Some(returned) = ::core::option::Option::None::<
                                    (),
                                > {
                                    return returned;
                                }
                                let mut _arg0 = _arg0;
                                let (a, b) = _arg0;
                                match () {
                                    () => {
                                        a + b;
                                    }
                                }
                            }),
                        ),
                        |value| {
                            use ::gambeson::private::probe::*;
                            (&&&&&&&&::gambeson::private::Probe(value)).failed()
                        },
                        |_| {},
                    )
                    .await
            }
        "#]],
    );
}
