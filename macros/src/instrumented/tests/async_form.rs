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
            async fn place(order: Order, __arg1: (u8, u8), _city: City, __arg3: u8) -> Receipt {
                let __future = {
                    let order = order;
                    let __arg1 = __arg1;
                    let _city = _city;
                    let __arg3 = __arg3;
                    ::gambeson::private::instrument_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                                fields: &["order", "a", "b", "_city", "half"],
                                arguments: 4usize,
                                ..::gambeson::private::Written::of("place", ::core::module_path!())
                            });
                            let mut __call = ::gambeson::private::call(&__GAMBESON_SITE);
                            if let ::core::option::Option::Some(__values) = (&mut __call).values() {
                                let (a, b) = &__arg1;
                                {
                                    use ::gambeson::private::probe::*;
                                    (&&&&::gambeson::private::Argument(&order))
                                        .gambeson_capture(__values);
                                    (&&::gambeson::private::Argument(&a)).gambeson_capture(__values);
                                    (&&::gambeson::private::Argument(&b)).gambeson_capture(__values);
                                    (&&&&::gambeson::private::Argument(&_city))
                                        .gambeson_capture(__values);
                                }
                                if __values.wants_fields() {
                                    __values.value(&(a / 2));
                                }
                            }
                            __call
                        },
                        async move {
                            if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                                Receipt,
                            > {
                                return __returned;
                            }
                            let mut order = order;
                            let mut __arg1 = __arg1;
                            let (a, ref mut b) = __arg1;
                            let (_city,) = (_city,);
                            let __arg3 = __arg3;
                            match () {
                                () => order.place(a, b).await,
                            }
                        },
                        |__value| {
                            use ::gambeson::private::probe::*;
                            ::gambeson::private::seen(
                                (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed(),
                                (&::gambeson::private::Returned(__value)).gambeson_shown(),
                            )
                        },
                    )
                };
                __future.await
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
            async fn place(__arg0: (u8, u8)) {
                let __future = {
                    let __arg0 = __arg0;
                    ::gambeson::private::instrument_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                                ::gambeson::private::Written::of("place", ::core::module_path!()),
                            );
                            ::gambeson::private::call(&__GAMBESON_SITE)
                        },
                        async move {
                            if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                                (),
                            > {
                                return __returned;
                            }
                            let mut __arg0 = __arg0;
                            let (a, b) = __arg0;
                            match () {
                                () => {
                                    a + b;
                                }
                            }
                        },
                        ::gambeson::private::seen_nothing,
                    )
                };
                __future.await
            }
        "#]],
    );
}
