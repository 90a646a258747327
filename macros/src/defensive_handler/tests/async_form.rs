use expect_test::expect;

use super::expands;

#[test]
fn arguments_are_bound_again_in_order() {
    expands(
        "",
        "async fn place(mut order: Order, _: Card, (a, ref mut b): (u8, u8), _city: City) -> Result<(), Error> { \
             order.place(a, b).await \
         }",
        &expect![[r#"
            async fn place(
                order: Order,
                __arg1: Card,
                __arg2: (u8, u8),
                _city: City,
            ) -> Result<(), Error> {
                ::gambeson::private::defend_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                                name: ::core::concat!(::core::module_path!(), "::", "place"),
                                function: ::core::concat!(::core::module_path!(), "::", "place"),
                                file: ::core::file!(),
                                line: ::core::line!(),
                                ..::gambeson::private::Declaration::EMPTY
                            });
                            ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                            &__GAMBESON_SITE
                        },
                        ::gambeson::private::nothing,
                        ::core::pin::pin(
                            ::core::option::Option::Some(async move {
                                if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                                    Result<(), Error>,
                                > {
                                    return __returned;
                                }
                                let mut order = order;
                                let __arg1 = __arg1;
                                let mut __arg2 = __arg2;
                                let (a, ref mut b) = __arg2;
                                let (_city,) = (_city,);
                                match () {
                                    () => order.place(a, b).await,
                                }
                            }),
                        ),
                        |__value| {
                            use ::gambeson::private::probe::*;
                            (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed()
                        },
                        |__skip| ::gambeson::private::yield_skip(__skip),
                    )
                    .await
            }
        "#]],
    );
}

#[test]
fn a_borrowed_self_stays_where_it_is() {
    expands(
        "",
        "async fn flush(&mut self) { self.flush_all().await }",
        &expect![[r#"
            async fn flush(&mut self) {
                ::gambeson::private::defend_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                                name: ::core::concat!(::core::module_path!(), "::", "flush"),
                                function: ::core::concat!(::core::module_path!(), "::", "flush"),
                                file: ::core::file!(),
                                line: ::core::line!(),
                                ..::gambeson::private::Declaration::EMPTY
                            });
                            ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                            &__GAMBESON_SITE
                        },
                        ::gambeson::private::nothing,
                        ::core::pin::pin(
                            ::core::option::Option::Some(async move {
                                if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                                    (),
                                > {
                                    return __returned;
                                }
                                match () {
                                    () => self.flush_all().await,
                                }
                            }),
                        ),
                        ::gambeson::private::never_fails,
                        ::gambeson::private::yield_skip,
                    )
                    .await
            }
        "#]],
    );
}

#[test]
fn an_owned_self_is_moved_whole() {
    expands(
        "fallback = |_| String::new()",
        "async fn name(self: Box<Self>) -> String { self.name }",
        &expect![[r#"
            async fn name(self: Box<Self>) -> String {
                ::gambeson::private::defend_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                                name: ::core::concat!(::core::module_path!(), "::", "name"),
                                function: ::core::concat!(::core::module_path!(), "::", "name"),
                                file: ::core::file!(),
                                line: ::core::line!(),
                                ..::gambeson::private::Declaration::EMPTY
                            });
                            ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                            &__GAMBESON_SITE
                        },
                        ::gambeson::private::nothing,
                        ::core::pin::pin(
                            ::core::option::Option::Some(async move {
                                if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                                    String,
                                > {
                                    return __returned;
                                }
                                let _ = &self;
                                match () {
                                    () => self.name,
                                }
                            }),
                        ),
                        |__value| {
                            use ::gambeson::private::probe::*;
                            (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed()
                        },
                        |_| String::new(),
                    )
                    .await
            }
        "#]],
    );
}

#[test]
fn attributes_of_arguments_go_where_they_are_read() {
    expands(
        "",
        "async fn log(#[cfg(unix)] fd: i32, #[expect(unused_variables)] text: &str, r#type: u8) {}",
        &expect![[r#"
            async fn log(#[cfg(unix)] fd: i32, text: &str, r#type: u8) {
                ::gambeson::private::defend_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                                name: ::core::concat!(::core::module_path!(), "::", "log"),
                                function: ::core::concat!(::core::module_path!(), "::", "log"),
                                file: ::core::file!(),
                                line: ::core::line!(),
                                ..::gambeson::private::Declaration::EMPTY
                            });
                            ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                            &__GAMBESON_SITE
                        },
                        ::gambeson::private::nothing,
                        ::core::pin::pin(
                            ::core::option::Option::Some(async move {
                                if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                                    (),
                                > {
                                    return __returned;
                                }
                                #[cfg(unix)]
                                let fd = fd;
                                #[expect(unused_variables)]
                                let text = text;
                                let r#type = r#type;
                                match () {
                                    () => {}
                                }
                            }),
                        ),
                        ::gambeson::private::never_fails,
                        ::gambeson::private::yield_skip,
                    )
                    .await
            }
        "#]],
    );
}

#[test]
fn a_type_that_cannot_be_written_gets_no_hint() {
    expands(
        "fallback = |_| std::process::abort()",
        "async fn serve() -> ! { loop { step().await } }",
        &expect![[r#"
            async fn serve() -> ! {
                ::gambeson::private::defend_async(
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
                        |_| std::process::abort(),
                    )
                    .await
            }
        "#]],
    );
}
