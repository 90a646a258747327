use expect_test::expect;

use super::{expansion, rejects};
use crate::testing::pretty;

#[test]
fn only_functions_are_instrumented() {
    rejects(
        "",
        "pub struct S;",
        &expect![[r#"
        struct
            `#[instrumented]` goes on a function or a method, not on a struct
    "#]],
    );
    rejects(
        "",
        "impl S { fn f() {} }",
        &expect![[r#"
        impl
            `#[instrumented]` goes on a function or a method, not on an impl block; put it on its methods
    "#]],
    );
}

#[test]
fn a_method_has_a_body() {
    rejects(
        "",
        "fn f(&self);",
        &expect![[r#"
        ;
            there is no body to instrument: put `#[instrumented]` on the method of each implementation, or give this one a default body
    "#]],
    );
}

#[test]
fn constants_are_not_instrumented() {
    rejects(
        "",
        "pub const fn f() {}",
        &expect![[r#"
        const
            a `const fn` cannot be instrumented, because panics cannot be caught in constants: remove `const` or the attribute
    "#]],
    );
}

#[test]
fn the_attribute_is_written_once() {
    rejects(
        "",
        "#[gambeson::instrumented(err)] fn f() {}",
        &expect![[r#"
            #[gambeson::instrumented(err)]
                `#[instrumented]` is written twice: one attribute takes every option
        "#]],
    );
}

#[test]
fn a_rejected_item_stays_beside_its_errors() {
    let rejected = expansion("nam", "#[inline] fn f(#[cfg(unix)] a: u8) -> u8 { a }");
    expect![[r#"
        ::core::compile_error! {
            "`#[instrumented]` has no option `nam`: did you mean `name`?"
        }
        #[inline]
        fn f(#[cfg(unix)] a: u8) -> u8 {
            a
        }
    "#]]
    .assert_eq(&pretty(rejected));
    let other = expansion("", "struct S { x: u8 }");
    expect![[r#"
        ::core::compile_error! {
            "`#[instrumented]` goes on a function or a method, not on a struct"
        }
        struct S {
            x: u8,
        }
    "#]]
    .assert_eq(&pretty(other));
}
