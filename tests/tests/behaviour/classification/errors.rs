//! Returned errors: by their type, else by their text, however deep in the chain of sources.

use std::{
    error::Error,
    ffi::CString,
    io,
    net::IpAddr,
    sync::{
        Mutex,
        mpsc::{channel, sync_channel},
    },
    time::Duration,
};

use gambeson::{
    Event, FieldError, Resource, Skip,
    SkipReason::{
        self, ContractViolation, Overloaded, PeerDead, ResourceExhausted, ShuttingDown,
        StateCorrupted, StateUnavailable, TimedOut, Unavailable,
    },
    Telemetry,
};
use gambeson_tests::refused;

use super::{
    hung_up, ractor_failures,
    tokio_failures::{runtime, unheard_queue},
    unheard,
};

pub(super) type Boxed = Box<dyn Error + Send + Sync>;

/// An error by its text, for a type with parameters.
pub(super) type Row = (&'static str, SkipReason, fn() -> Boxed);

pub(super) const ROWS: &[Row] = &[
    ("sending on a closed channel", PeerDead, || {
        unheard().send(1).unwrap_err().into()
    }),
    ("sending on a full channel", Overloaded, || {
        let (sender, _receiver) = sync_channel(0);
        sender.try_send(1).unwrap_err().into()
    }),
    ("channel closed", PeerDead, || {
        unheard_queue().try_send(1).unwrap_err().into()
    }),
    ("no available capacity", Overloaded, || {
        let (sender, _receiver) = tokio::sync::mpsc::channel(1);
        sender.try_send(1).expect("there is room for one");
        sender.try_send(2).unwrap_err().into()
    }),
    (
        "A Tokio 1.x context was found, but it is being shutdown",
        ShuttingDown,
        || {
            let gone = runtime();
            let handle = gone.handle().clone();
            drop(gone);
            let _context = handle.enter();
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.set_nonblocking(true).unwrap();
            let error = tokio::net::TcpListener::from_std(listener);
            error.unwrap_err().into()
        },
    ),
    (
        "poisoned lock: another task failed inside",
        StateCorrupted,
        || {
            let mutex = Mutex::new(0);
            let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let _held = mutex.lock();
                panic!("while it is held");
            }));
            assert!(panic.is_err());
            mutex.into_inner().unwrap_err().into()
        },
    ),
];

/// An error by its type.
pub(super) type Typed = (SkipReason, fn() -> Boxed);

const STANDARD: &[Typed] = &[
    (StateCorrupted, || {
        std::cell::RefCell::new(0).with_borrow_mut_error()
    }),
    (StateCorrupted, || {
        std::cell::RefCell::new(0).with_borrow_error()
    }),
    (ResourceExhausted, || {
        Vec::<u8>::new().try_reserve(usize::MAX).unwrap_err().into()
    }),
    (PeerDead, || hung_up().recv().unwrap_err().into()),
    (PeerDead, || hung_up().try_recv().unwrap_err().into()),
    (Unavailable, || {
        let (_sender, receiver) = channel::<()>();
        receiver.try_recv().unwrap_err().into()
    }),
    (PeerDead, || {
        let error = hung_up().recv_timeout(Duration::ZERO);
        error.unwrap_err().into()
    }),
    (TimedOut, || {
        let (_sender, receiver) = channel::<()>();
        receiver.recv_timeout(Duration::ZERO).unwrap_err().into()
    }),
    (ContractViolation, || "x".parse::<u8>().unwrap_err().into()),
    (ContractViolation, || "x".parse::<f32>().unwrap_err().into()),
    (ContractViolation, || {
        "x".parse::<bool>().unwrap_err().into()
    }),
    (ContractViolation, || {
        "xy".parse::<char>().unwrap_err().into()
    }),
    (ContractViolation, || {
        char::try_from(0xd800_u32).unwrap_err().into()
    }),
    (ContractViolation, || {
        u8::try_from(300_i32).unwrap_err().into()
    }),
    (ContractViolation, || {
        String::from_utf8(vec![0xff]).unwrap_err().into()
    }),
    (ContractViolation, || {
        String::from_utf16(&[0xd800]).unwrap_err().into()
    }),
    (ContractViolation, || {
        str::from_utf8(&std::hint::black_box([0xff]))
            .unwrap_err()
            .into()
    }),
    (ContractViolation, || {
        "x".parse::<IpAddr>().unwrap_err().into()
    }),
    (ContractViolation, || {
        <[u8; 2]>::try_from(&[0][..]).unwrap_err().into()
    }),
    (ContractViolation, || {
        CString::new("a\0b").unwrap_err().into()
    }),
];

const OURS: &[Typed] = &[
    (ContractViolation, || field_error().into()),
    (Unavailable, || {
        static NEVER: Resource<()> = Resource::new("never");
        NEVER.lease().unwrap_err().into()
    }),
    (ShuttingDown, || {
        static REVOKED: Resource<()> = Resource::new("revoked");
        drop(REVOKED.provide(()));
        REVOKED.lease().unwrap_err().into()
    }),
    (Overloaded, || Skip::new(Overloaded).into()),
];

trait BorrowErrors {
    fn with_borrow_mut_error(&self) -> Boxed;
    fn with_borrow_error(&self) -> Boxed;
}

impl BorrowErrors for std::cell::RefCell<i32> {
    fn with_borrow_mut_error(&self) -> Boxed {
        let _held = self.borrow();
        self.try_borrow_mut().unwrap_err().into()
    }

    fn with_borrow_error(&self) -> Boxed {
        let _held = self.borrow_mut();
        self.try_borrow().unwrap_err().into()
    }
}

fn field_error() -> FieldError {
    Event::new("case.run", &[], &[]).text("absent").unwrap_err()
}

/// A layer of somebody's error around another.
#[derive(Debug, thiserror::Error)]
#[error("outer")]
struct Outer(#[source] Boxed);

/// The error, alone and two layers deep in a chain, makes a handler's call a skip of the reason.
pub(super) fn check(reason: SkipReason, error: fn() -> Boxed) {
    let skip = refused(&Telemetry::isolated(), move |_| Err::<(), _>(error()));
    assert_eq!(skip.reason(), reason, "{:?}", error());
    let skip = refused(&Telemetry::isolated(), move |_| {
        Err::<(), _>(Outer(Box::new(Outer(error()))))
    });
    assert_eq!(skip.reason(), reason, "in a chain: {:?}", error());
}

#[test]
fn by_text() {
    for (row, reason, error) in ROWS.iter().chain(ractor_failures::ROWS) {
        assert!(
            error().to_string().starts_with(row),
            "`{row}` is not what is said"
        );
        check(*reason, *error);
    }
}

#[test]
fn by_type() {
    for (reason, error) in STANDARD.iter().chain(OURS) {
        check(*reason, *error);
    }
}

#[test]
fn a_text_that_is_known_whole_is_not_known_by_its_start() {
    let skip = refused(&Telemetry::isolated(), |_| {
        Err::<(), Boxed>("timeout must be positive".into())
    });
    assert_eq!(skip.reason(), SkipReason::Unexpected);
}

/// A thread-local's error, which exists only while its thread ends.
#[test]
fn of_a_destroyed_thread_local() {
    super::Place::Destructor.run(|| {
        let skip = refused(&Telemetry::isolated(), |_| {
            super::places::access_destroyed(|key| key.try_with(|_| ()))
        });
        assert_eq!(skip.reason(), StateUnavailable);
    });
}

/// The first error from the outside that is known decides.
#[test]
fn the_outer_of_two_known_errors_decides() {
    let skip = refused(&Telemetry::isolated(), |_| {
        let inner = io::Error::from_raw_os_error(110);
        Err::<(), _>(io::Error::other(Outer(inner.into())))
    });
    assert_eq!(skip.reason(), TimedOut);
}
