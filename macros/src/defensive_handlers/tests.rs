//! Snapshots; `UPDATE_EXPECT=1 cargo test -p gambeson-macros` records them again.

// The recorder writes the hashes.
#![allow(clippy::needless_raw_string_hashes)]

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;

use crate::testing::{self, tokens};

fn expansion(options: &str, item: &str) -> TokenStream {
    super::expand(tokens(options), &tokens(item))
}

#[track_caller]
fn expands(options: &str, item: &str, expected: &Expect) {
    let expansion = expansion(options, item);
    assert_eq!(testing::errors(expansion.clone()), "");
    expected.assert_eq(&testing::pretty(expansion));
}

#[track_caller]
fn rejects(options: &str, item: &str, expected: &Expect) {
    let expansion = expansion(options, item);
    expected.assert_eq(&testing::errors(expansion.clone()));
    // What was written is still there, for the compiler to look at.
    assert!(expansion.to_string().ends_with(&without_own(item)));
}

/// The item without a second `#[defensive_handlers]`, which must not expand on its own.
fn without_own(item: &str) -> String {
    tokens(&item.replace("#[defensive_handlers]", "")).to_string()
}

#[test]
fn sites_are_submitted_together() {
    expands(
        "crate = ::padded",
        "/// Audits.\n pub(crate) mod audit { #![allow(unused)] use super::*;
            const LIMITS: [u8; 2] = { [1, 2] };
            #[defensive_handler(on = \"shop.order.*\")]
            fn order(event: &Event<'_>) { print(event) }
            #[cfg(feature = \"till\")] #[gambeson::defensive_handler(on = \"shop.till.*\", crate = ::other)] #[deprecated]
            pub fn till(event: &Event<'_>) { print(event) }
        }",
        &expect![[r#"
            /// Audits.
            pub(crate) mod audit {
                #![allow(unused)]
                use super::*;
                const LIMITS: [u8; 2] = { [1, 2] };
                fn order(event: &Event<'_>) {
                    print(event)
                }
                #[doc(hidden)]
                const fn __gambeson_handler_order() -> &'static ::padded::private::Site {
                    static __GAMBESON_SITE: ::padded::private::Site = ::padded::private::Site::new(::padded::private::Declaration {
                        name: ::core::concat!(::core::module_path!(), "::", "order"),
                        function: ::core::concat!(::core::module_path!(), "::", "order"),
                        file: ::core::file!(),
                        line: ::core::line!(),
                        patterns: &[::padded::private::Pattern::new("shop.order.*")],
                        run: ::padded::private::Run::Direct {
                            function: order,
                        },
                        ..::padded::private::Declaration::EMPTY
                    });
                    &__GAMBESON_SITE
                }
                #[cfg(feature = "till")]
                #[deprecated]
                pub fn till(event: &Event<'_>) {
                    print(event)
                }
                #[cfg(feature = "till")]
                #[deprecated]
                #[allow(deprecated)]
                #[doc(hidden)]
                pub const fn __gambeson_handler_till() -> &'static ::other::private::Site {
                    static __GAMBESON_SITE: ::other::private::Site = ::other::private::Site::new(::other::private::Declaration {
                        name: ::core::concat!(::core::module_path!(), "::", "till"),
                        function: ::core::concat!(::core::module_path!(), "::", "till"),
                        file: ::core::file!(),
                        line: ::core::line!(),
                        patterns: &[::other::private::Pattern::new("shop.till.*")],
                        run: ::other::private::Run::Direct {
                            function: till,
                        },
                        ..::other::private::Declaration::EMPTY
                    });
                    &__GAMBESON_SITE
                }
                #[allow(deprecated)]
                const _: () = {
                    #[cfg(feature = "till")]
                    use gambeson::defensive_handler as _;
                    use defensive_handler as _;
                    static __GAMBESON_SITES: &[&::padded::private::Site] = &[
                        __gambeson_handler_order(),
                        #[cfg(feature = "till")]
                        __gambeson_handler_till(),
                    ];
                    ::padded::private::submit!(__GAMBESON_SITES);
                };
            }
        "#]],
    );
}

#[test]
fn what_registers_itself_stays_as_it_is() {
    expands(
        "",
        "mod audit {
            #[defensive_handler(on = \"a.b\")] async fn f(event: &Event<'_>) {}
            #[defensive_handler] fn plain() {}
            #[defensive_handler(name = \"x\")] fn named() {}
            mod inner { #[defensive_handler(on = \"a.b\")] fn f(event: &Event<'_>) {} }
            #[defensive_handler(on = \"a.b\")] struct S { a: u8 }
            make!(#[defensive_handler(on = \"a.b\")] fn g(event: &Event<'_>) {});
        }",
        &expect![[r#"
            mod audit {
                async fn f(event: &Event<'_>) {}
                #[doc(hidden)]
                const fn __gambeson_handler_f() -> &'static ::gambeson::private::Site {
                    static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                        name: ::core::concat!(::core::module_path!(), "::", "f"),
                        function: ::core::concat!(::core::module_path!(), "::", "f"),
                        file: ::core::file!(),
                        line: ::core::line!(),
                        patterns: &[::gambeson::private::Pattern::new("a.b")],
                        run: ::gambeson::private::Run::Async(|__call, __event| ::std::boxed::Box::pin(async move {
                            let __value = &f(__event).await;
                            ::core::result::Result::Ok(
                                ::gambeson::private::judge(
                                    __call,
                                    {
                                        use ::gambeson::private::probe::*;
                                        (&&&&&&&&::gambeson::private::Probe(__value))
                                            .gambeson_failed()
                                    },
                                ),
                            )
                        })),
                        ..::gambeson::private::Declaration::EMPTY
                    });
                    &__GAMBESON_SITE
                }
                #[defensive_handler]
                fn plain() {}
                fn named() {
                    ::gambeson::private::defend(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::Site = ::gambeson::private::Site::new(::gambeson::private::Declaration {
                                name: "x",
                                function: ::core::concat!(::core::module_path!(), "::", "named"),
                                file: ::core::file!(),
                                line: ::core::line!(),
                                ..::gambeson::private::Declaration::EMPTY
                            });
                            ::gambeson::private::submit!(& [& __GAMBESON_SITE]);
                            &__GAMBESON_SITE
                        },
                        ::gambeson::private::nothing,
                        || -> () {},
                        ::gambeson::private::never_fails,
                        ::gambeson::private::yield_skip,
                    )
                }
                mod inner {
                    #[defensive_handler(on = "a.b")]
                    fn f(event: &Event<'_>) {}
                }
                #[defensive_handler(on = "a.b")]
                struct S {
                    a: u8,
                }
                make!(#[defensive_handler(on = "a.b")] fn g(event : & Event <'_ >) {});
                const _: () = {
                    use defensive_handler as _;
                    static __GAMBESON_SITES: &[&::gambeson::private::Site] = &[
                        __gambeson_handler_f(),
                    ];
                    ::gambeson::private::submit!(__GAMBESON_SITES);
                };
            }
        "#]],
    );
}

#[test]
fn a_wrong_handler_is_told_and_left_out() {
    let wrong = "mod audit {
        #[defensive_handler(on = \"a.b\")] fn right(event: &Event<'_>) {}
        #[defensive_handler(on = \"a.b\")] fn wrong(event: Event<'_>) {}
    }";
    let expansion = expansion("", wrong).to_string();
    assert!(expansion.contains("write `&Event<'_>`"), "{expansion}");
    assert!(
        expansion.contains("= & [__gambeson_handler_right ()]"),
        "{expansion}"
    );
}

#[test]
fn a_half_typed_function_expands() {
    let expansion = expansion(
        "",
        "mod audit { #[defensive_handler(on = \"a.b\")] fn f(event: &Event<'_>) { event. ; let x = } fn }",
    );
    assert_eq!(testing::errors(expansion.clone()), "");
    assert!(expansion.to_string().contains("event . ; let x ="));
}

#[test]
fn only_a_module_has_handlers() {
    for (item, kind) in [
        ("struct S;", "not on a struct"),
        ("pub impl S {}", "not on an impl block"),
        ("fn f() {}", "on a function write `#[defensive_handler]`"),
        (
            "async fn f() {}",
            "on a function write `#[defensive_handler]`",
        ),
    ] {
        let errors = testing::errors(expansion("", item));
        assert_eq!(errors.lines().count(), 2, "{errors}");
        assert!(errors.contains(kind), "{errors}");
    }
}

#[test]
fn the_module_is_here_and_has_handlers() {
    rejects(
        "",
        "pub mod audit;",
        &expect![[r#"
        ;
            the handlers of a module in another file cannot be seen from here: write `mod name { .. }`, or remove the attribute
    "#]],
    );
    rejects(
        "",
        "mod audit {}",
        &expect![[r#"
        audit
            no function of this module itself is a handler: put `#[defensive_handler(on = "..")]` on one, or remove the attribute
    "#]],
    );
    rejects(
        "",
        "mod audit { #[defensive_handler] fn f() {} }",
        &expect![[r#"
            audit
                no function of this module itself is a handler: put `#[defensive_handler(on = "..")]` on one, or remove the attribute
        "#]],
    );
}

#[test]
fn every_mistake_is_told_at_once() {
    rejects(
        "on = \"a.b\", crate",
        "#[defensive_handlers] mod audit { fn f() {} }",
        &expect![[r#"
            on
                `#[defensive_handlers]` has no option `on`: expected one of `crate`
            crate
                `crate` has no value: write `crate = ::gambeson`
            #[defensive_handlers]
                `#[defensive_handlers]` is written twice: one attribute takes every handler of the module
            audit
                no function of this module itself is a handler: put `#[defensive_handler(on = "..")]` on one, or remove the attribute
        "#]],
    );
}
