//! A module without the prelude, where lints are forbidden that no `#[allow]` may touch.

#![no_implicit_prelude]
#![forbid(
    unsafe_code,
    unused_variables,
    unused_mut,
    unused_braces,
    unreachable_code,
    unused_qualifications,
    clippy::all,
    clippy::shadow_unrelated,
    clippy::used_underscore_binding
)]

use ::gambeson::{Skip, instrumented};
use ::std::{future::Future, pin::Pin, prelude::v1::*};

mod bare {
    use ::gambeson::{Skip, instrumented};

    type Failure = ::std::string::String;

    #[instrumented(fields(a = 1, b = ?number))]
    pub(super) fn flat(number: u8, _other: u8, sum: &mut u8) {
        *sum = number;
    }

    #[instrumented(err, ret)]
    pub(super) fn closure(number: u8, _other: &Failure) -> ::std::result::Result<u8, Failure> {
        ::std::result::Result::Ok(number)
    }

    #[instrumented(err, ret)]
    pub(super) async fn later(number: u8, _other: u8) -> ::std::result::Result<u8, Failure> {
        ::std::result::Result::Ok(number)
    }

    #[instrumented]
    pub(super) fn opaque(number: u8) -> impl ::std::future::Future<Output = u8> {
        async move { number }
    }

    #[instrumented(defend)]
    pub(super) fn defended(number: u8) -> ::std::result::Result<u8, Skip> {
        ::std::result::Result::Ok(number)
    }
}

#[instrumented]
fn boxed(number: u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    Box::pin(async move { number })
}

#[::std::prelude::v1::test]
fn no_prelude_is_needed() {
    let mut sum = 0;
    bare::flat(1, 2, &mut sum);
    let later = super::run(bare::later(3, 4));
    let futures = (super::run(bare::opaque(5)), super::run(boxed(6)));
    let (defended, _): (Result<u8, Skip>, _) = super::heard("bare.*", || bare::defended(7));
    ::std::assert_eq!((sum, futures), (1, (5, 6)));
    ::std::assert_eq!((later, bare::closure(2, &String::new())), (Ok(3), Ok(2)));
    ::std::assert_eq!(defended.ok(), Some(7));
}
