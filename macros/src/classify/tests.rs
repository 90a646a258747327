//! Snapshots; `UPDATE_EXPECT=1 cargo test -p gambeson-macros` records them again.

// The recorder writes the hashes.
#![allow(clippy::needless_raw_string_hashes)]

use expect_test::{Expect, expect};

use super::expand;
use super::model::CODES;
use crate::testing::{errors, pretty, tokens};

#[track_caller]
fn expands(input: &str, expected: &Expect) {
    let expansion = expand(tokens(input));
    assert_eq!(errors(expansion.clone()), "");
    expected.assert_eq(&pretty(expansion));
}

#[track_caller]
fn rejects(input: &str, expected: &Expect) {
    expected.assert_eq(&errors(expand(tokens(input))));
}

#[test]
fn variants_state_a_reason_or_ask_their_cause() {
    expands(
        "enum LedgerError {
            #[skip(state_unavailable)] Gone,
            #[skip(timed_out)] Slow { source: Elapsed },
            #[error(transparent)] Sqlite(Sqlite),
            From(u8, #[from] Io),
            Source { at: u8, #[source] io: Io },
            Named { source: Io, at: u8 },
            #[error(\"other\")] Unknown(u8),
        }",
        &expect![[r#"
            #[automatically_derived]
            impl ::gambeson::Classify for LedgerError {
                fn classify(&self) -> ::core::option::Option<::gambeson::SkipReason> {
                    match self {
                        Self::Gone { .. } => {
                            ::core::option::Option::Some(::gambeson::SkipReason::StateUnavailable)
                        }
                        Self::Slow { .. } => {
                            ::core::option::Option::Some(::gambeson::SkipReason::TimedOut)
                        }
                        Self::Sqlite { 0: cause, .. } => {
                            use ::gambeson::private::probe::*;
                            (&&&&::gambeson::private::ErrorProbe(cause)).gambeson_reason()
                        }
                        Self::From { 1: cause, .. } => {
                            use ::gambeson::private::probe::*;
                            (&&&&::gambeson::private::ErrorProbe(cause)).gambeson_reason()
                        }
                        Self::Source { io: cause, .. } => {
                            use ::gambeson::private::probe::*;
                            (&&&&::gambeson::private::ErrorProbe(cause)).gambeson_reason()
                        }
                        Self::Named { source: cause, .. } => {
                            use ::gambeson::private::probe::*;
                            (&&&&::gambeson::private::ErrorProbe(cause)).gambeson_reason()
                        }
                        Self::Unknown { .. } => ::core::option::Option::None,
                    }
                }
            }
        "#]],
    );
}

#[test]
fn structs_and_generics_classify_themselves() {
    expands(
        "#[skip(peer_dead, crate = ::padded)] struct Dead;",
        &expect![[r#"
            #[automatically_derived]
            impl ::padded::Classify for Dead {
                fn classify(&self) -> ::core::option::Option<::padded::SkipReason> {
                    match self {
                        Self { .. } => ::core::option::Option::Some(::padded::SkipReason::PeerDead),
                    }
                }
            }
        "#]],
    );
    expands(
        "struct Wrapped<'a, T: Clone>(#[source] &'a T) where T: Send;",
        &expect![[r#"
            #[automatically_derived]
            impl<'a, T: Clone> ::gambeson::Classify for Wrapped<'a, T>
            where
                T: Send,
                Self: ::core::error::Error,
            {
                fn classify(&self) -> ::core::option::Option<::gambeson::SkipReason> {
                    match self {
                        Self { 0: cause, .. } => {
                            use ::gambeson::private::probe::*;
                            (&&&&::gambeson::private::ErrorProbe(cause)).gambeson_reason()
                        }
                    }
                }
            }
        "#]],
    );
    expands(
        "enum Never {}",
        &expect![[r#"
        #[automatically_derived]
        impl ::gambeson::Classify for Never {
            fn classify(&self) -> ::core::option::Option<::gambeson::SkipReason> {
                match *self {}
            }
        }
    "#]],
    );
}

#[test]
fn every_code_is_a_variant() {
    for (code, variant) in CODES {
        let expansion = expand(tokens(&format!("#[skip({code})] struct S;")));
        assert_eq!(errors(expansion.clone()), "");
        let path = format!("SkipReason :: {variant}");
        assert!(expansion.to_string().contains(&path), "{expansion}");
        assert_eq!(code.replace('_', ""), variant.to_lowercase());
    }
}

#[test]
fn codes_are_spelled_as_they_are() {
    rejects(
        "enum E { #[skip(state_unavailble)] A, #[skip(TimedOut)] B, #[skip(gone)] C }",
        &expect![[r#"
            state_unavailble
                there is no skip reason `state_unavailble`: did you mean `state_unavailable`?
            TimedOut
                there is no skip reason `TimedOut`: did you mean `timed_out`?
            gone
                there is no skip reason `gone`: expected one of `unavailable`, `state_unavailable`, `state_corrupted`, `resource_exhausted`, `not_implemented`, `contract_violation`, `peer_dead`, `shutting_down`, `timed_out`, `cancelled`, `overloaded`, `reentrant`, `in_panic_hook`, `quarantined`, `disabled`, `unexpected`
        "#]],
    );
}

#[test]
fn a_place_has_one_reason() {
    rejects(
        "enum E { #[skip(cancelled, disabled)] A, #[skip(cancelled)] #[skip(cancelled)] B }",
        &expect![[r#"
            disabled
                an error is skipped for one reason: keep one of them
            cancelled
                an error is skipped for one reason: keep one of them
        "#]],
    );
}

#[test]
fn an_attribute_says_something() {
    rejects(
        "enum E { #[skip] A, #[skip()] B, #[skip = \"x\"] C, #[skip(\"x\")] D }",
        &expect![[r##"
            #[skip]
                `#[skip]` takes the code of a reason: write `#[skip(state_unavailable)]`
            #[skip()]
                `#[skip]` takes the code of a reason: write `#[skip(state_unavailable)]`
            #[skip = "x"]
                `#[skip]` takes the code of a reason: write `#[skip(state_unavailable)]`
            "x"
                expected the code of a reason, such as `state_unavailable`
        "##]],
    );
    rejects(
        "#[skip(crate)] struct S;",
        &expect![[r#"
        crate
            `crate` has no value: write `crate = ::gambeson`
    "#]],
    );
    rejects(
        "#[skip(crate = ::a, crate = ::b)] struct S;",
        &expect![[r#"
            crate
                `crate` is written twice: keep one of them
        "#]],
    );
}

#[test]
fn reasons_belong_on_variants_and_structs() {
    rejects(
        "#[skip(cancelled)] enum E { A { #[skip(cancelled)] a: u8 }, #[skip(crate = ::x)] B }",
        &expect![[r#"
            cancelled
                an enum's reasons belong on its variants: write `#[skip(cancelled)]` before each variant that it is true of
            #[skip(cancelled)]
                `#[skip]` belongs on a variant or on a struct: a field that holds the cause is marked with `#[source]` or `#[from]`
            crate
                `crate` is said once, for the whole type: write `#[skip(crate = ..)]` before the enum
        "#]],
    );
    rejects(
        "union U { a: u8 }",
        &expect![[r#"
        union
            `Classify` is for enums and structs: a union does not know its field
    "#]],
    );
}
