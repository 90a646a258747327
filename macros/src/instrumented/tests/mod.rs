//! Snapshots; `UPDATE_EXPECT=1 cargo test -p gambeson-macros` records them again.

// The recorder writes the hashes.
#![allow(clippy::needless_raw_string_hashes)]

mod arguments;
mod async_form;
mod defend;
mod fields;
mod options;
mod records;
mod relatives;
mod sensitive;
mod shapes;
mod signature;

use expect_test::Expect;
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
    expected.assert_eq(&testing::errors(expansion(options, item)));
}

/// A body is moved, never copied: closures and statics in it exist once.
#[test]
fn the_body_is_emitted_once() {
    let shapes = [
        ("", "fn f(x: u8) { marker(x) }"),
        ("", "async fn f((x, _): (u8, u8)) { marker(x) }"),
        ("err, ret", "fn f(x: u8) -> Result<u8, E> { marker(x) }"),
        ("nmae = \"x\"", "fn f(x: u8) { marker(x) }"),
    ];
    for (options, item) in shapes {
        let expansion = expansion(options, item).to_string();
        assert_eq!(expansion.matches("marker").count(), 1, "{expansion}");
    }
}

#[test]
fn a_half_typed_body_expands() {
    let expansion = expansion("", "fn f(order: &Order) { order. ; let x = }");
    assert_eq!(testing::errors(expansion.clone()), "");
    assert!(expansion.to_string().contains("order . ; let x = }"));
}
