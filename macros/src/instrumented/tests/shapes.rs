use expect_test::expect;

use super::expands;

#[test]
fn a_call_is_opened_before_its_body() {
    expands(
        "skip_all",
        "pub fn total(&self, cart: Cart) -> f64 { cart.sum() }",
        &expect![[r#"
            pub fn total(&self, cart: Cart) -> f64 {
                {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                        ::gambeson::private::Written::of("total", ::core::module_path!()),
                    );
                    ::gambeson::private::call(&__GAMBESON_SITE)
                }
                    .enter()
                    .value(|| -> f64 {
                        let cart = cart;
                        match () {
                            () => cart.sum(),
                        }
                    })
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
                let __call = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                        ::gambeson::private::Written::of("orders", ::core::module_path!()),
                    );
                    ::gambeson::private::call(&__GAMBESON_SITE)
                };
                let __body = ::gambeson::private::body(|| { ORDERS.iter() });
                let __kind = {
                    use ::gambeson::private::probe::*;
                    (&&__body).gambeson_opaque_kind()
                };
                let __ran = __kind.run(__call, __body);
                if false {
                    return __ran.into_value();
                }
                __ran
                    .look(|__value| {
                        use ::gambeson::private::probe::*;
                        ::gambeson::private::seen(
                            (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed(),
                            (&::gambeson::private::Returned(__value)).gambeson_shown(),
                        )
                    })
            }
        "#]],
    );
    expands(
        "",
        "async fn serve() -> ! { loop { step().await } }",
        &expect![[r#"
            async fn serve() -> ! {
                let __future = {
                    ::gambeson::private::instrument_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                                ::gambeson::private::Written::of("serve", ::core::module_path!()),
                            );
                            ::gambeson::private::call(&__GAMBESON_SITE)
                        },
                        async move {
                            match () {
                                () => {
                                    loop {
                                        step().await
                                    }
                                }
                            }
                        },
                        |_| ::core::unreachable!(),
                    )
                };
                __future.await
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
                let __entered = {
                    static __GAMBESON_SITE: ::padded::private::InstrumentSite = ::padded::private::InstrumentSite::new(::padded::private::Written {
                        event: ::padded::private::event_prefix("shop.order"),
                        name: ::core::option::Option::Some(NAME),
                        target: ::core::option::Option::Some(names::TARGET),
                        level: Level::WARN,
                        ..::padded::private::Written::of("f", ::core::module_path!())
                    });
                    ::padded::private::call(&__GAMBESON_SITE)
                }
                    .enter();
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
                let __entered = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                        ::gambeson::private::Written::of("f", ::core::module_path!()),
                    );
                    ::gambeson::private::call(&__GAMBESON_SITE)
                }
                    .enter();
            }
        "##]],
    );
}
