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
                let call = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(::gambeson::private::Written {
                        fields: &["order", "a", "b", "_city", "half"],
                        arguments: 4usize,
                        ..::gambeson::private::Written::of("place", ::core::module_path!())
                    });
                    let mut call = ::gambeson::private::call(&__GAMBESON_SITE);
                    if let ::core::option::Option::Some(values) = call.values() {
                        let (a, b) = &_arg1;
                        {
                            use ::gambeson::private::probe::*;
                            (&&&::gambeson::private::Argument(&order)).capture(values);
                            (&&::gambeson::private::Argument(&a)).capture(values);
                            (&&::gambeson::private::Argument(&b)).capture(values);
                            (&&&::gambeson::private::Argument(&_city)).capture(values);
                        }
                        values.value(&(a / 2));
                    }
                    call
                };
                ::gambeson::private::instrument_async(
                        call,
                        async move {
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
                        },
                        |value| {
                            use ::gambeson::private::probe::*;
                            ::gambeson::private::seen(
                                (&&&&&&&&::gambeson::private::Probe(value)).failed(),
                                (&::gambeson::private::Returned(value)).shown(),
                            )
                        },
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
                let call = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                        ::gambeson::private::Written::of("place", ::core::module_path!()),
                    );
                    ::gambeson::private::call(&__GAMBESON_SITE)
                };
                ::gambeson::private::instrument_async(
                        call,
                        async move {
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
                        },
                        ::gambeson::private::seen_nothing,
                    )
                    .await
            }
        "#]],
    );
}
