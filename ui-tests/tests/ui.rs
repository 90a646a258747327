//! What the compiler says of right and wrong uses.
//!
//! A file is named after the one rule that it shows. After a change of a message, record them all
//! anew with `TRYBUILD=overwrite cargo test -p gambeson-ui-tests`, and read the difference as a
//! user would: does it point at the smallest token, say what is wrong, and say what to write?
//!
//! Each `main` uses the items of its file: an error must not bring a second one about an item
//! that seems to be missing.

#[test]
fn wrong_uses_are_told_where_they_are() {
    trybuild::TestCases::new().compile_fail("fail/*/*.rs");
}

#[test]
fn right_uses_compile_and_run() {
    trybuild::TestCases::new().pass("pass/*.rs");
}
