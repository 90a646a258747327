use expect_test::expect;

use super::{expansion, rejects};
use crate::testing::pretty;

#[test]
fn only_functions_are_defended() {
    let items = [
        "pub struct S;",
        "enum E {}",
        "trait T { fn f(); }",
        "impl S { fn f() {} }",
        "mod m { fn f() {} }",
        "const X: fn() = f;",
        "static X: u8 = 1;",
        "type T = fn();",
        "use a::b;",
        "extern \"C\" { fn f(); }",
    ];
    let errors: String = items
        .iter()
        .map(|item| crate::testing::errors(expansion("", item)))
        .collect();
    expect![[r#"
        struct
            `#[defensive_handler]` goes on a function or a method, not on a struct
        enum
            `#[defensive_handler]` goes on a function or a method, not on an enum
        trait
            `#[defensive_handler]` goes on a function or a method, not on a trait
        impl
            `#[defensive_handler]` goes on a function or a method, not on an impl block; put it on its methods
        mod
            `#[defensive_handler]` goes on a function or a method, not on a module; put it on its functions
        const
            `#[defensive_handler]` goes on a function or a method, not on a constant
        static
            `#[defensive_handler]` goes on a function or a method, not on a static
        type
            `#[defensive_handler]` goes on a function or a method, not on a type alias
        use
            `#[defensive_handler]` goes on a function or a method, not on an import
        extern
            `#[defensive_handler]` goes on a function or a method, not on an extern block
    "#]].assert_eq(&errors);
}

#[test]
fn a_method_has_a_body() {
    rejects(
        "",
        "fn f(&self);",
        &expect![[r#"
        ;
            there is no body to defend: put `#[defensive_handler]` on the method of each implementation, or give this one a default body
    "#]],
    );
}

#[test]
fn constants_cannot_catch() {
    rejects(
        "",
        "pub const unsafe fn f() {}",
        &expect![[r#"
        const
            a `const fn` cannot be defended, because panics cannot be caught in constants: remove `const` or the attribute
    "#]],
    );
}

#[test]
fn the_attribute_is_written_once() {
    rejects(
        "",
        "#[inline] #[gambeson::defensive_handler(needs(A))] fn f() {}",
        &expect![[r##"
            #[gambeson::defensive_handler(needs(A))]
                `#[defensive_handler]` is written twice: one attribute takes every option, and several patterns as `on("a", "b")`
        "##]],
    );
}

#[test]
fn a_skip_has_a_value() {
    rejects(
        "",
        "fn f() -> impl Iterator<Item = u8> { 0..1 }",
        &expect![[r#"
            impl Iterator<Item = u8>
                a skip has no value of this type: add `fallback = expression` or `fallback = |skip| expression`, or return `()`, `Outcome<T>`, or `Result<T, E>` where `E: From<Skip>`
        "#]],
    );
    rejects(
        "",
        "async fn f() -> ! { loop {} }",
        &expect![[r#"
        !
            a skip has no value of this type: add `fallback = expression` or `fallback = |skip| expression`, or return `()`, `Outcome<T>`, or `Result<T, E>` where `E: From<Skip>`
    "#]],
    );
}

#[test]
fn only_the_registry_fills_parameters() {
    rejects(
        "",
        "fn f(x: u8, #[needs(LEDGER)] ledger: &Ledger) {}",
        &expect![[r##"
            #[needs(LEDGER)]
                `#[needs]` on a parameter works only with `on`, where nobody else fills it: write `#[defensive_handler(needs(..))]`, or add `on = ".."`
        "##]],
    );
}

#[test]
fn a_rejected_item_stays_beside_its_errors() {
    let plain = expansion(
        "nam",
        "#[inline] fn f(#[needs(A)] #[cfg(unix)] a: u8) -> u8 { a }",
    );
    expect![[r#"
        ::core::compile_error! {
            "`#[defensive_handler]` has no option `nam`: did you mean `name`?"
        }
        ::core::compile_error! {
            "`#[needs]` on a parameter works only with `on`, where nobody else fills it: write `#[defensive_handler(needs(..))]`, or add `on = \"..\"`"
        }
        #[inline]
        fn f(#[cfg(unix)] a: u8) -> u8 {
            a
        }
    "#]].assert_eq(&pretty(plain));
    let registered = expansion(
        "on = \"a.b\", nam",
        "#[cfg(unix)] pub fn f(event: &Event<'_>) {}",
    );
    expect![[r#"
        ::core::compile_error! {
            "`#[defensive_handler]` has no option `nam`: did you mean `name`?"
        }
        #[cfg(unix)]
        pub fn f(event: &Event<'_>) {}
        #[cfg(unix)]
        #[doc(hidden)]
        pub const fn __gambeson_handler_f() -> &'static ::gambeson::private::Site {
            ::core::unimplemented!()
        }
    "#]]
    .assert_eq(&pretty(registered));
    let other = expansion("", "struct S { x: u8 }");
    expect![[r#"
        ::core::compile_error! {
            "`#[defensive_handler]` goes on a function or a method, not on a struct"
        }
        struct S {
            x: u8,
        }
    "#]]
    .assert_eq(&pretty(other));
}
