//! Names of the user's that mean something else than in the prelude, and names that are ours.

#![allow(
    clippy::wrong_self_convention,
    dead_code,
    non_camel_case_types,
    non_upper_case_globals,
    unused_imports,
    unused_macros,
    unused_variables,
    reason = "names that a user may have"
)]

use gambeson::instrumented;

use super::{heard, run};

/// Columns of a table, as query builders make them: each is a constant that no variable can shadow.
mod columns {
    use gambeson::instrumented;

    mod names {
        #[derive(Clone, Copy)]
        pub(in super::super) struct value;
        pub(in super::super) struct call;
        pub(in super::super) struct body;
        pub(in super::super) struct kind;
        pub(in super::super) struct ran;
        pub(in super::super) struct returned;
        pub(in super::super) struct _entered;
        pub(in super::super) struct _arg0;
        pub(in super::super) const values: u8 = 1;
        pub(in super::super) static skip: u8 = 1;
    }
    use names::*;

    #[instrumented(fields(a = 1))]
    pub(super) fn flat(number: u8) {
        // Not `assert_eq!`, which has a variable of its own by such a name.
        assert!(values == skip);
    }

    #[instrumented(fields(a = 1), err, ret)]
    pub(super) fn closure((number, _): (u8, u8)) -> Result<u8, String> {
        Ok(number + values)
    }

    #[instrumented(fields(a = 1))]
    pub(super) fn opaque(number: u8) -> impl Fn() -> u8 {
        move || number + values
    }

    #[instrumented(fields(a = 1), err, ret)]
    pub(super) async fn later((number, _): (u8, u8), _: u8) -> Result<u8, String> {
        Ok(number + values)
    }

    #[instrumented(defend, fallback = 0)]
    pub(super) fn defended(number: u8) -> u8 {
        number / (values - skip)
    }
}

#[test]
fn columns_may_be_named_as_our_variables_were() {
    columns::flat(1);
    assert_eq!(columns::closure((1, 2)), Ok(2));
    assert_eq!(run(columns::later((1, 2), 3)), Ok(2));
    assert_eq!(columns::defended(1), 0);
    let number = columns::opaque(1);
    assert_eq!(number(), 2);
}

#[test]
fn arguments_may_be_named_as_our_variables_were() {
    #[instrumented(event = "shape.named", fields(sum = call + values), ret)]
    fn closure(call: u8, values: u8, body: u8, kind: u8, ran: u8, value: u8) -> u8 {
        call + values + body + kind + ran + value
    }
    #[instrumented(event = "shape.named", fields(sum = call + values), ret)]
    async fn later(call: u8, mut values: u8, body: u8, kind: u8, ran: u8, value: u8) -> u8 {
        values += 1;
        call + values + body + kind + ran + value
    }
    #[instrumented(event = "shape.named", fields(sum = call + values))]
    fn flat(call: u8, values: u8, body: u8, kind: u8, ran: u8, value: u8) {
        assert_eq!(call + values + body + kind + ran + value, 21);
    }
    #[instrumented(event = "shape.named", fields(sum = call + values))]
    fn opaque(call: u8, values: u8, body: u8, kind: u8, ran: u8, value: u8) -> impl Copy {
        call + values + body + kind + ran + value
    }
    let (sums, events) = heard("shape.named.start", || {
        flat(1, 2, 3, 4, 5, 6);
        let _opaque = opaque(1, 2, 3, 4, 5, 6);
        [closure(1, 2, 3, 4, 5, 6), run(later(1, 2, 3, 4, 5, 6))]
    });
    assert_eq!(sums, [21, 22]);
    assert_eq!(events, ["shape.named.start sum=3"; 4]);
}

/// A trait that every type has, with methods of the names that our types have.
mod everywhere {
    use gambeson::instrumented;

    trait Everywhere {
        fn values(&self) {}
        fn enter(&self) {}
        fn run(&self) {}
        fn look(&self) {}
        fn into_value(&self) {}
        fn value(&self) {}
        fn display(&self) {}
        fn debug(&self) {}
        fn absent(&self) {}
        fn sensitive(&self) {}
    }
    impl<T: ?Sized> Everywhere for T {}

    #[instrumented(fields(a = 1, b = %2, c = ?3, later), sensitive(secret))]
    pub(super) fn flat(number: u8, secret: u8) {}

    #[instrumented(fields(a = 1, b = %2, c = ?3, later), sensitive(secret), err, ret)]
    pub(super) fn closure(number: u8, secret: u8) -> Result<u8, String> {
        Ok(number)
    }

    #[instrumented(ret)]
    pub(super) fn opaque(number: u8) -> impl Send {
        number
    }

    #[instrumented(err, ret)]
    pub(super) async fn later(number: u8) -> Result<u8, String> {
        Ok(number)
    }
}

#[test]
fn a_trait_of_every_type_does_not_come_before_our_methods() {
    everywhere::flat(1, 2);
    let _opaque = everywhere::opaque(1);
    assert_eq!(everywhere::closure(1, 2), Ok(1));
    assert_eq!(run(everywhere::later(1)), Ok(1));
}

mod shadowed {
    use ::gambeson::instrumented;

    pub(super) struct Option;
    pub(super) struct Some;
    pub(super) struct None;
    pub(super) struct Ok;
    pub(super) struct Err;
    #[derive(Debug)]
    pub(super) struct String;
    pub(super) struct Box;
    pub(super) struct Vec;
    pub(super) trait Future {}
    pub(super) trait FnOnce {}
    pub(super) trait Into {}
    pub(super) trait Sized {}
    mod core {}
    mod std {}
    mod gambeson {}
    mod tracing {}

    macro_rules! format {
        ($($tokens:tt)*) => {
            compile_error!("the user's")
        };
    }
    pub(super) use format as panic;
    pub(super) use format as unreachable;
    pub(super) use format as module_path;

    type Result = ::std::result::Result<u8, ::std::string::String>;

    #[instrumented]
    pub(super) fn flat(text: &String, list: Vec, boxed: Box) {}

    #[instrumented(err, ret)]
    pub(super) fn closure(text: &String) -> Result {
        Result::Ok(1)
    }

    #[instrumented]
    pub(super) fn text(text: &str) -> String {
        String
    }

    #[instrumented(err, ret)]
    pub(super) async fn later(text: String) -> Result {
        Result::Ok(2)
    }

    #[instrumented]
    pub(super) async fn boxed(text: &str) -> Box {
        Box
    }

    #[instrumented]
    pub(super) fn never() -> ! {
        ::std::panic::panic_any(3_u8)
    }

    #[instrumented]
    pub(super) fn future(
        number: u8,
    ) -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = u8>>> {
        ::std::boxed::Box::pin(async move { number })
    }
}

#[test]
fn the_prelude_may_be_shadowed() {
    shadowed::flat(&shadowed::String, shadowed::Vec, shadowed::Box);
    let _text = (shadowed::text(""), run(shadowed::boxed("")));
    assert_eq!(shadowed::closure(&shadowed::String), Ok(1));
    assert_eq!(run(shadowed::later(shadowed::String)), Ok(2));
    assert_eq!(run(shadowed::future(4)), 4);
    let Err(payload) = std::panic::catch_unwind(|| shadowed::never());
    assert_eq!(payload.downcast_ref(), Some(&3_u8));
}

/// Two arguments that look alike, and are not: one is the macro's, one its caller's.
macro_rules! alike {
    ($argument:ident) => {
        #[instrumented]
        fn alike($argument: u8, number: u8) -> u8 {
            $argument * 10 + number
        }

        #[instrumented]
        fn alike_flat($argument: u8, number: u8, sum: &mut u8) {
            *sum = $argument * 10 + number;
        }

        #[instrumented]
        async fn alike_later($argument: u8, mut number: u8) -> u8 {
            number += 1;
            $argument * 10 + number
        }

        #[instrumented]
        async fn alike_captured($argument: u8, number: u8) -> u8 {
            $argument * 10 + number
        }
    };
}

alike!(number);

#[test]
fn a_macro_may_write_arguments_alike() {
    let mut sum = 0;
    alike_flat(1, 2, &mut sum);
    assert_eq!([sum, alike(1, 2), run(alike_captured(1, 2))], [12; 3]);
    assert_eq!(run(alike_later(1, 2)), 13);
}

macro_rules! makes_methods {
    ($self:ident, $body:expr) => {
        #[instrumented(skip_all)]
        fn owned($self, number: u32) -> u32 {
            $body + number
        }

        #[instrumented(skip_all)]
        async fn later(&mut $self, number: u32) -> u32 {
            $body + number
        }

        #[instrumented(skip_all)]
        fn flat(&$self, sum: &mut u32) {
            *sum = $body;
        }
    };
}

struct Made(u32);

impl Made {
    makes_methods!(self, self.0);
}

#[test]
fn a_macro_may_make_methods() {
    let mut sum = 0;
    Made(1).flat(&mut sum);
    assert_eq!((sum, Made(2).owned(1), run(Made(3).later(1))), (1, 3, 4));
}

/// A trait of the user's on every type, with methods that a value may be asked for.
trait OnEverything {
    fn kind(&self) -> u8 {
        1
    }
    fn failed(&self) -> u8 {
        2
    }
    fn shown(&self) -> u8 {
        3
    }
    fn ok(&self) -> u8 {
        4
    }
    fn capture(&self, _: u8) -> u8 {
        5
    }
    fn opaque_kind(&self) -> u8 {
        6
    }
}

impl<T: ?Sized> OnEverything for T {}

#[test]
fn a_trait_on_every_type_is_not_asked_in_our_place() {
    #[instrumented(ret, err)]
    fn result(number: String) -> Result<u8, String> {
        Ok(number.kind() + number.failed() + number.shown())
    }
    #[instrumented]
    fn opaque(number: String) -> impl Iterator<Item = u8> {
        [
            OnEverything::ok(&number),
            number.capture(0),
            number.opaque_kind(),
        ]
        .into_iter()
    }
    assert_eq!(result(String::new()), Ok(6));
    assert_eq!(opaque(String::new()).sum::<u8>(), 15);
}
