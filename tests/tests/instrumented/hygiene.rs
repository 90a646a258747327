//! Nothing of ours is seen by the function, and nothing of the user's confuses us.

#![allow(
    clippy::cast_lossless,
    clippy::let_and_return,
    non_camel_case_types,
    non_snake_case,
    unused_variables,
    reason = "names and expressions that a user may have"
)]

use gambeson::instrumented;

use super::{heard, run};

mod hostile {
    //! Names of the prelude, of crates and of our own, with other meanings.

    use ::gambeson::instrumented;

    pub(super) struct Option;
    pub(super) struct Vec;
    pub(super) struct Ok;
    pub(super) struct Err;
    pub(super) struct Some;
    pub(super) struct Fields;
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod gambeson {}
    pub(super) mod tracing {}
    type Result = ::std::result::Result<u8, ::std::string::String>;

    #[instrumented(event = "hygiene.names", fields(a = ?value), err, ret)]
    pub(super) fn names(
        value: u8,
        shown: u8,
        fields: u8,
        arguments: u8,
        span: u8,
        display: u8,
        debug: u8,
        Value: u8,
    ) -> Result {
        let _ = (Option, Vec, Ok, Err, Some, Fields);
        let sum = value + shown + fields + arguments + span + display + debug + Value;
        ::std::result::Result::Ok(sum)
    }

    #[instrumented(
        event = "hygiene.later",
        fields(
            a = value as f64 / 2.0,
            b = if fields == arguments { 1 } else { fields + arguments },
            c = ::std::format!("{span} {}", [display].map(|shown| ::std::format!("{shown:?}"))[0]),
            d = { let value = returned; value },
        ),
        err,
        ret
    )]
    pub(super) async fn later(
        value: u8,
        shown: u8,
        fields: u8,
        arguments: u8,
        span: u8,
        display: u8,
        returned: u8,
        future: u8,
    ) -> Result {
        let sum = value + shown + fields + arguments + span + display + returned + future;
        ::std::result::Result::Ok(sum)
    }
}

#[test]
fn names_mean_what_they_mean_to_the_user() {
    let (value, events) = heard("hygiene.names.*", || hostile::names(1, 2, 3, 4, 5, 6, 7, 8));
    assert_eq!(value, Ok(36));
    assert_eq!(
        events,
        [
            r#"hygiene.names.start a="1""#,
            r#"hygiene.names.stop a="1""#
        ]
    );
    let (value, events) = heard("hygiene.later.*", || {
        run(hostile::later(1, 2, 3, 4, 5, 6, 7, 8))
    });
    assert_eq!(value, Ok(36));
    let metadata = r#"a=0.5 b=7 c="5 6" d=7"#;
    let [start, stop] = ["start", "stop"].map(|end| format!("hygiene.later.{end} {metadata}"));
    assert_eq!(events, [start, stop]);
}

macro_rules! makes_a_method {
    ($self:ident, $argument:ident, $body:expr) => {
        #[instrumented(event = "hygiene.made", fields(twice = $argument * 2))]
        fn made(&$self, $argument: u32) -> u32 {
            $body
        }
    };
}

#[derive(Debug)]
struct Made(u32);

impl Made {
    makes_a_method!(self, number, self.0 + number);
}

#[test]
fn a_macro_may_make_the_method() {
    let (value, events) = heard("hygiene.made.start", || Made(1).made(4));
    assert_eq!(value, 5);
    assert_eq!(events, ["hygiene.made.start twice=8"]);
}

mod r#match {
    use gambeson::instrumented;

    #[instrumented]
    pub(super) fn größe() {}
}

#[test]
fn a_function_of_any_name_has_an_event() {
    let ((), events) = heard("instrumented.hygiene.match.*.start", r#match::größe);
    assert_eq!(events, ["instrumented.hygiene.match.gr__e.start"]);
}
