use expect_test::expect;

use super::expands;

#[test]
fn every_call_of_a_function_is_defended() {
    expands(
        "",
        "pub fn audit(order: &Order) { order.log(); }",
        &expect![[r#"
            pub fn audit(order: &Order) {
                ::gambeson::private::defend(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                            name: ::core::concat!(::core::module_path!(), "::", "audit"),
                            function: ::core::concat!(::core::module_path!(), "::", "audit"),
                            file: ::core::file!(),
                            line: ::core::line!(),
                            ..::gambeson::private::Declaration::EMPTY
                        });
                        ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                        &__GAMBESON_SITE
                    },
                    ::gambeson::private::nothing,
                    || -> () {
                        order.log();
                    },
                    ::gambeson::private::never_fails,
                    ::gambeson::private::yield_skip,
                )
            }
        "#]],
    );
}

#[test]
fn options_are_data_in_the_site() {
    expands(
        "name = \"takings\", needs(LEDGER, shop::TILL), available = is_open, \
         quarantine(failures = 5, within = \"10s\"), budget = \"5ms\", fallback = 0.0",
        "fn takings(&self) -> f64 { self.sum }",
        &expect![[r#"
            fn takings(&self) -> f64 {
                ::gambeson::private::defend(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                            name: "takings",
                            function: ::core::concat!(::core::module_path!(), "::", "takings"),
                            file: ::core::file!(),
                            line: ::core::line!(),
                            needs: &[&LEDGER, &shop::TILL],
                            available: ::core::option::Option::Some({
                                let condition: fn() -> bool = is_open;
                                condition
                            }),
                            quarantine: ::core::option::Option::Some(
                                ::gambeson::private::Quarantine::INHERIT.failures(5).within("10s"),
                            ),
                            budget: ::core::option::Option::Some(
                                ::gambeson::private::duration("5ms"),
                            ),
                            ..::gambeson::private::Declaration::EMPTY
                        });
                        ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                        &__GAMBESON_SITE
                    },
                    || ::core::result::Result::Ok((
                        ::gambeson::private::lease_here(&LEDGER)?,
                        ::gambeson::private::lease_here(&shop::TILL)?,
                    )),
                    || -> f64 { self.sum },
                    |__value| {
                        use ::gambeson::private::probe::*;
                        (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed()
                    },
                    |_| 0.0,
                )
            }
        "#]],
    );
}

#[test]
fn a_fallback_closure_is_called_with_the_skip() {
    expands(
        "fallback = |skip| skip.to_string(), quarantine = false, crate = ::padded",
        "fn text(self) -> String { self.text }",
        &expect![[r#"
            fn text(self) -> String {
                ::padded::private::defend(
                    {
                        static __GAMBESON_SITE: ::padded::private::Site = ::padded::private::Site::new(::padded::private::Declaration {
                            name: ::core::concat!(::core::module_path!(), "::", "text"),
                            function: ::core::concat!(::core::module_path!(), "::", "text"),
                            file: ::core::file!(),
                            line: ::core::line!(),
                            quarantine: ::core::option::Option::Some(
                                ::padded::private::Quarantine::OFF,
                            ),
                            ..::padded::private::Declaration::EMPTY
                        });
                        ::padded::private::submit!(& [& __GAMBESON_SITE]);
                        &__GAMBESON_SITE
                    },
                    ::padded::private::nothing,
                    || -> String { self.text },
                    |__value| {
                        use ::padded::private::probe::*;
                        (&&&&&&&&::padded::private::Probe(__value)).gambeson_failed()
                    },
                    |skip| skip.to_string(),
                )
            }
        "#]],
    );
}

#[test]
fn a_classifying_function_is_called_by_the_runtime() {
    expands(
        "classify = Self::reason",
        "unsafe extern \"C\" fn save<const N: usize>(bytes: [u8; N]) -> Result<(), Error> { write(bytes) }",
        &expect![[r#"
            unsafe extern "C" fn save<const N: usize>(bytes: [u8; N]) -> Result<(), Error> {
                ::gambeson::private::defend(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                            name: ::core::concat!(::core::module_path!(), "::", "save"),
                            function: ::core::concat!(::core::module_path!(), "::", "save"),
                            file: ::core::file!(),
                            line: ::core::line!(),
                            ..::gambeson::private::Declaration::EMPTY
                        });
                        ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                        &__GAMBESON_SITE
                    },
                    ::gambeson::private::nothing,
                    || -> Result<(), Error> { write(bytes) },
                    |__value| ::gambeson::private::failed_with(__value, Self::reason),
                    |__skip| ::gambeson::private::yield_skip(__skip),
                )
            }
        "#]],
    );
}

#[test]
fn an_opaque_type_is_not_written_in_the_body() {
    expands(
        "fallback = |_| Vec::new().into_iter()",
        "fn orders() -> impl Iterator<Item = Order> { ORDERS.clone().into_iter() }",
        &expect![[r#"
            fn orders() -> impl Iterator<Item = Order> {
                ::gambeson::private::defend(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                            name: ::core::concat!(::core::module_path!(), "::", "orders"),
                            function: ::core::concat!(::core::module_path!(), "::", "orders"),
                            file: ::core::file!(),
                            line: ::core::line!(),
                            ..::gambeson::private::Declaration::EMPTY
                        });
                        ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                        &__GAMBESON_SITE
                    },
                    ::gambeson::private::nothing,
                    || { ORDERS.clone().into_iter() },
                    |__value| {
                        use ::gambeson::private::probe::*;
                        (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed()
                    },
                    |_| Vec::new().into_iter(),
                )
            }
        "#]],
    );
}

#[test]
fn a_diverging_function_has_no_value_to_judge() {
    expands(
        "fallback = std::process::abort()",
        "fn serve() -> ! { loop { step() } }",
        &expect![[r#"
            fn serve() -> ! {
                ::gambeson::private::defend(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                            name: ::core::concat!(::core::module_path!(), "::", "serve"),
                            function: ::core::concat!(::core::module_path!(), "::", "serve"),
                            file: ::core::file!(),
                            line: ::core::line!(),
                            ..::gambeson::private::Declaration::EMPTY
                        });
                        ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                        &__GAMBESON_SITE
                    },
                    ::gambeson::private::nothing,
                    || -> ! {
                        loop {
                            step()
                        }
                    },
                    |_| ::core::unreachable!(),
                    |_| std::process::abort(),
                )
            }
        "#]],
    );
}

#[test]
fn inner_attributes_stay_the_functions() {
    expands(
        "",
        "fn audit() { #![allow(unused_variables)] let order = 1; }",
        &expect![[r#"
            fn audit() {
                #![allow(unused_variables)]
                ::gambeson::private::defend(
                    {
                        static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                            name: ::core::concat!(::core::module_path!(), "::", "audit"),
                            function: ::core::concat!(::core::module_path!(), "::", "audit"),
                            file: ::core::file!(),
                            line: ::core::line!(),
                            ..::gambeson::private::Declaration::EMPTY
                        });
                        ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                        &__GAMBESON_SITE
                    },
                    ::gambeson::private::nothing,
                    || -> () {
                        let order = 1;
                    },
                    ::gambeson::private::never_fails,
                    ::gambeson::private::yield_skip,
                )
            }
        "#]],
    );
}
