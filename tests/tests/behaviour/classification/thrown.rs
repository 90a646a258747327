//! Errors thrown with `panic_any`: by their type, not by their text.

use std::{error::Error, io, panic::panic_any};

use gambeson::{
    Event, PayloadKind, Skip,
    SkipReason::{
        self, ContractViolation, Overloaded, PeerDead, ResourceExhausted, StateUnavailable,
        Unexpected,
    },
    Telemetry,
};
use gambeson_tests::refused;

use super::hung_up;

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

fn thrown(throw: fn()) -> (SkipReason, PayloadKind) {
    let skip = refused(&Telemetry::isolated(), move |_| throw());
    let kind = skip.panic().expect("it panicked").kind;
    (skip.reason(), kind)
}

#[test]
fn errors_are_classified_by_type() {
    assert_eq!(
        thrown(|| panic_any(not_found())),
        (StateUnavailable, PayloadKind::Error)
    );
    assert_eq!(
        thrown(|| panic_any(Box::<dyn Error + Send + Sync>::from(not_found()))),
        (StateUnavailable, PayloadKind::Error)
    );
    assert_eq!(
        thrown(|| panic_any(Box::new(not_found()) as Box<dyn Error + Send>)),
        (StateUnavailable, PayloadKind::Error)
    );
    assert_eq!(
        thrown(|| panic_any(Skip::new(Overloaded))),
        (Overloaded, PayloadKind::Error)
    );
}

#[test]
fn other_known_types_are_classified_though_opaque() {
    assert_eq!(
        thrown(|| panic_any(hung_up().recv().unwrap_err())).0,
        PeerDead
    );
    assert_eq!(
        thrown(|| panic_any(Vec::<u8>::new().try_reserve(usize::MAX).unwrap_err())).0,
        ResourceExhausted
    );
    assert_eq!(
        thrown(|| panic_any(Event::new("a", &[], &[]).text("absent").unwrap_err())).0,
        ContractViolation
    );
}

#[test]
fn unknown_messages_and_types_are_unexpected() {
    assert_eq!(
        thrown(|| panic!("who knows")),
        (Unexpected, PayloadKind::Str)
    );
    assert_eq!(
        thrown(|| panic_any(42_u8)),
        (Unexpected, PayloadKind::Opaque)
    );
}
