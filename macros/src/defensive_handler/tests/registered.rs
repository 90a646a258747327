use expect_test::expect;

use super::{expands, rejects};

#[test]
fn the_function_stays_beside_its_site() {
    expands(
        "on = \"shop.order.*\"",
        "/// Prints.\n fn audit_order(event: &Event<'_>) { println!(\"{event}\") }",
        &expect![[r#"
            /// Prints.
            fn audit_order(event: &Event<'_>) {
                println!("{event}")
            }
            #[doc(hidden)]
            const fn __gambeson_handler_audit_order() -> &'static ::gambeson::private::Site {
                static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                    name: ::core::concat!(::core::module_path!(), "::", "audit_order"),
                    function: ::core::concat!(::core::module_path!(), "::", "audit_order"),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    patterns: &[::gambeson::private::Pattern::new("shop.order.*")],
                    run: ::gambeson::private::Run::Direct {
                        function: audit_order,
                    },
                    ..::gambeson::private::Declaration::EMPTY
                });
                ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                &__GAMBESON_SITE
            }
        "#]],
    );
}

#[test]
fn leases_are_held_and_lent_in_order() {
    expands(
        "on(\"shop.order.stop\", \"shop.order.exception\"), needs(TILL), after(audit_order, \"log\"), before(shop::close)",
        "#[cfg(feature = \"sales\")] #[deprecated] pub(crate) fn record_sale(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger, #[needs(shop::RATES)] rates: &Rates) -> Result<(), LedgerError> { ledger.insert(event, rates) }",
        &expect![[r##"
            #[cfg(feature = "sales")]
            #[deprecated]
            pub(crate) fn record_sale(
                event: &Event<'_>,
                ledger: &Ledger,
                rates: &Rates,
            ) -> Result<(), LedgerError> {
                ledger.insert(event, rates)
            }
            #[cfg(feature = "sales")]
            #[deprecated]
            #[allow(deprecated)]
            #[doc(hidden)]
            pub(crate) const fn __gambeson_handler_record_sale() -> &'static ::gambeson::private::Site {
                static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                    name: ::core::concat!(::core::module_path!(), "::", "record_sale"),
                    function: ::core::concat!(::core::module_path!(), "::", "record_sale"),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    patterns: &[
                        ::gambeson::private::Pattern::new("shop.order.stop"),
                        ::gambeson::private::Pattern::new("shop.order.exception"),
                    ],
                    needs: &[&TILL, &LEDGER, &shop::RATES],
                    after: &[
                        ::gambeson::private::Reference::Function(|| ::gambeson::private::type_name_of(
                            &audit_order,
                        )),
                        ::gambeson::private::Reference::Name("log"),
                    ],
                    before: &[
                        ::gambeson::private::Reference::Function(|| ::gambeson::private::type_name_of(
                            &shop::close,
                        )),
                    ],
                    run: ::gambeson::private::Run::Sync(|__call, __event| {
                        let __held0 = ::gambeson::private::lease_here_for(__call, &TILL)?;
                        let lease0 = ::gambeson::private::lease_here_for(__call, &LEDGER)?;
                        let lease1 = ::gambeson::private::lease_here_for(__call, &shop::RATES)?;
                        let __value = &record_sale(__event, &*lease0, &*lease1);
                        ::gambeson::private::check_return::<_>(__value);
                        ::core::result::Result::Ok(
                            ::gambeson::private::judge(
                                __call,
                                {
                                    use ::gambeson::private::probe::*;
                                    (&&&&&&&&::gambeson::private::Probe(__value)).gambeson_failed()
                                },
                            ),
                        )
                    }),
                    ..::gambeson::private::Declaration::EMPTY
                });
                ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                &__GAMBESON_SITE
            }
        "##]],
    );
}

#[test]
fn an_async_handler_is_boxed_by_its_site() {
    expands(
        "on = \"shop.**\", crate = ::padded",
        "async fn r#match(event: &Event<'_>, #[needs(LEDGER)] ledger: &Ledger) -> Outcome<()> { ledger.send(event).await }",
        &expect![[r#"
            async fn r#match(event: &Event<'_>, ledger: &Ledger) -> Outcome<()> {
                ledger.send(event).await
            }
            #[doc(hidden)]
            const fn __gambeson_handler_match() -> &'static ::padded::private::Site {
                static __GAMBESON_SITE: ::padded::private::Site = ::padded::private::Site::new(::padded::private::Declaration {
                    name: ::core::concat!(::core::module_path!(), "::", "match"),
                    function: ::core::concat!(::core::module_path!(), "::", "match"),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    patterns: &[::padded::private::Pattern::new("shop.**")],
                    needs: &[&LEDGER],
                    run: ::padded::private::Run::Async(|__call, __event| ::std::boxed::Box::pin(async move {
                        let lease0 = ::padded::private::lease_for(__call, &LEDGER)?;
                        let __value = &r#match(__event, &*lease0).await;
                        ::padded::private::check_return::<_>(__value);
                        ::core::result::Result::Ok(
                            ::padded::private::judge(
                                __call,
                                {
                                    use ::padded::private::probe::*;
                                    (&&&&&&&&::padded::private::Probe(__value)).gambeson_failed()
                                },
                            ),
                        )
                    })),
                    ..::padded::private::Declaration::EMPTY
                });
                ::padded::private::submit!(& [& __GAMBESON_SITE]);
                &__GAMBESON_SITE
            }
        "#]],
    );
}

#[test]
fn every_option_at_once_leaves_nothing_to_fill_in() {
    expands(
        "on = \"a.b\", name = \"x\", needs(A), available = || true, before(b), after(c), classify = reason, \
         quarantine(failures = 5, within = \"10s\", cooldown = \"1s\"), budget = \"5ms\", queue = 64",
        "fn f(_: &Event<'_>) -> Result<(), E> { Ok(()) }",
        &expect![[r#"
            fn f(_: &Event<'_>) -> Result<(), E> {
                Ok(())
            }
            #[doc(hidden)]
            const fn __gambeson_handler_f() -> &'static ::gambeson::private::Site {
                static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                    name: "x",
                    function: ::core::concat!(::core::module_path!(), "::", "f"),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    patterns: &[::gambeson::private::Pattern::new("a.b")],
                    needs: &[&A],
                    after: &[
                        ::gambeson::private::Reference::Function(|| ::gambeson::private::type_name_of(
                            &c,
                        )),
                    ],
                    before: &[
                        ::gambeson::private::Reference::Function(|| ::gambeson::private::type_name_of(
                            &b,
                        )),
                    ],
                    available: ::core::option::Option::Some({
                        let condition: fn() -> bool = || true;
                        condition
                    }),
                    quarantine: ::core::option::Option::Some(
                        ::gambeson::private::Quarantine::INHERIT
                            .failures(5)
                            .within("10s")
                            .cooldown("1s"),
                    ),
                    budget: ::core::option::Option::Some(::gambeson::private::duration("5ms")),
                    queue: ::core::option::Option::Some(64),
                    run: ::gambeson::private::Run::Sync(|__call, __event| {
                        let __held0 = ::gambeson::private::lease_here_for(__call, &A)?;
                        let __value = &f(__event);
                        ::gambeson::private::check_return::<_>(__value);
                        ::core::result::Result::Ok(
                            ::gambeson::private::judge(
                                __call,
                                ::gambeson::private::failed_with(__value, reason),
                            ),
                        )
                    }),
                });
                ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                &__GAMBESON_SITE
            }
        "#]],
    );
}

#[test]
fn parameters_are_the_event_and_leases() {
    rejects(
        "on = \"a.b\"",
        "fn f() {}",
        &expect![[r#"
        f
            a registered handler is written `fn f(event: &Event<'_>, #[needs(RESOURCE)] name: &Type, ..)` and returns `()`, `Result<(), E>` or `Outcome<()>`
    "#]],
    );
    rejects(
        "on = \"a.b\"",
        "async fn f(self, event: Event<'_>, a: &A, #[needs(B)] b: &mut B, #[needs(C)] c: C) {}",
        &expect![[r#"
            f
                a registered handler is written `async fn f(event: &Event<'_>, #[needs(RESOURCE)] name: &Type, ..)` and returns `()`, `Result<(), E>` or `Outcome<()>`
            self
                a registered handler is a free function: move it out of the impl block, or leave out `on`
            Event<'_>
                the event is lent to the handler: write `&Event<'_>`
            &A
                no resource fills this parameter: write `#[needs(RESOURCE)]` before it
            &mut B
                a resource is shared by its leases: write `&T`, and put what changes behind a lock or a cell in the resource
            C
                a resource is lent to the handler, not given: write `&T`
        "#]],
    );
    rejects(
        "on = \"a.b\"",
        "fn f(#[needs(A)] event: &mut Event<'_>) {}",
        &expect![[r#"
            f
                a registered handler is written `fn f(event: &Event<'_>, #[needs(RESOURCE)] name: &Type, ..)` and returns `()`, `Result<(), E>` or `Outcome<()>`
            #[needs(A)]
                the first parameter is the event, which is no resource: remove `#[needs]`
            &mut Event<'_>
                handlers share the event: write `&Event<'_>` without `mut`
        "#]],
    );
    rejects(
        "on = \"a.b\"",
        "fn f(event: &Event<'_>, #[needs] a: &A, #[needs(B, C)] b: &B, #[needs(D)] #[needs(E)] d: &D) {}",
        &expect![[r#"
            f
                a registered handler is written `fn f(event: &Event<'_>, #[needs(RESOURCE)] name: &Type, ..)` and returns `()`, `Result<(), E>` or `Outcome<()>`
            #[needs]
                `#[needs]` takes the path of one resource: write `#[needs(LEDGER)]`
            #[needs(B, C)]
                `#[needs]` takes the path of one resource: write `#[needs(LEDGER)]`
            #[needs(E)]
                one resource fills one parameter: keep one `#[needs]`
        "#]],
    );
}

#[test]
fn nobody_calls_it_with_types_or_promises() {
    rejects(
        "on = \"a.b\"",
        "unsafe extern \"C\" fn f<'a, T, const N: usize>(event: &'a Event<'a>, ...) {}",
        &expect![[r#"
            T
                a registered handler is attached by itself, so it cannot be generic over types: attach one function for each, or leave out `on`
            const N: usize
                a registered handler is attached by itself, so it cannot be generic over constants: attach one function for each, or leave out `on`
            unsafe
                a registered handler is called by the telemetry, which can promise nothing: remove `unsafe`, or leave out `on`
            extern "C"
                a registered handler is a Rust function: remove the ABI, or leave out `on`
            ...
                a registered handler takes the event and its resources only
        "#]],
    );
}

#[test]
fn nobody_takes_a_fallback() {
    rejects(
        "on = \"a.b\", fallback = 1",
        "fn f(event: &Event<'_>) {}",
        &expect![[r#"
            fallback
                `fallback` has no use together with `on`: an attached handler has no caller that takes a value
        "#]],
    );
}
