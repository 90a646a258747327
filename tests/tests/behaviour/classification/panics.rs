//! Panics of the standard library that need nothing from outside.

use std::{
    cell::{LazyCell, RefCell},
    collections::HashMap,
    hint::black_box,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock, Mutex, Once, mpsc::channel},
    thread,
    time::Duration,
};

use gambeson::SkipReason::{
    ContractViolation, NotImplemented, PeerDead, ResourceExhausted, StateCorrupted,
    StateUnavailable, TimedOut,
};

use super::{
    Panic, hung_up, panic,
    places::{Place, access_destroyed},
    unheard,
};

/// Every case of this file.
pub(super) fn cases() -> impl Iterator<Item = &'static Panic> {
    STATE
        .iter()
        .chain(PEERS)
        .chain(LIMITS)
        .chain(PROMISES)
        .chain(SLICES)
}

const STATE: &[Panic] = &[
    panic("PoisonError", StateCorrupted, || {
        used(poisoned().lock().unwrap());
    }),
    panic("BorrowMutError", StateCorrupted, || {
        let cell = RefCell::new(0);
        let _held = cell.borrow();
        used(cell.try_borrow_mut().unwrap());
    }),
    panic("BorrowError", StateCorrupted, || {
        let cell = RefCell::new(0);
        let _held = cell.borrow_mut();
        used(cell.try_borrow().unwrap());
    }),
    panic("RefCell already", StateCorrupted, || {
        let cell = RefCell::new(0);
        let _held = cell.borrow_mut();
        used(cell.borrow());
    }),
    panic("already borrowed", StateCorrupted, || {
        let cell = RefCell::new(0);
        let _held = cell.borrow();
        let error = cell.try_borrow_mut().expect_err("it is borrowed");
        panic!("{error}");
    }),
    panic("already mutably borrowed", StateCorrupted, || {
        let cell = RefCell::new(0);
        let _held = cell.borrow_mut();
        let error = cell.try_borrow().expect_err("it is borrowed");
        panic!("{error}");
    }),
    panic("AccessError", StateUnavailable, || {
        access_destroyed(|key| key.try_with(|_| ()).unwrap());
    })
    .at(Place::Destructor),
    panic(
        "cannot access a Thread Local Storage value",
        StateUnavailable,
        || {
            access_destroyed(|key| key.with(|_| ()));
        },
    )
    .at(Place::Destructor),
    panic(
        "LazyLock instance has previously been poisoned",
        StateCorrupted,
        || {
            let lazy: LazyLock<u8> = LazyLock::new(|| panic!("first"));
            let first = catch_unwind(AssertUnwindSafe(|| *lazy));
            assert!(first.is_err());
            let _ = *lazy;
        },
    ),
    panic(
        "LazyCell instance has previously been poisoned",
        StateCorrupted,
        || {
            let lazy: LazyCell<u8> = LazyCell::new(|| panic!("first"));
            let first = catch_unwind(AssertUnwindSafe(|| *lazy));
            assert!(first.is_err());
            let _ = *lazy;
        },
    ),
    panic(
        "Once instance has previously been poisoned",
        StateCorrupted,
        || {
            let once = Once::new();
            let first = catch_unwind(AssertUnwindSafe(|| once.call_once(|| panic!("first"))));
            assert!(first.is_err());
            once.call_once(|| ());
        },
    ),
];

const PEERS: &[Panic] = &[
    panic("SendError", PeerDead, || unheard().send(1).unwrap()),
    panic("RecvError", PeerDead, || hung_up().recv().unwrap()),
    panic("on an `Err` value: Timeout", TimedOut, || {
        let (_sender, receiver) = channel::<()>();
        receiver.recv_timeout(Duration::ZERO).unwrap();
    }),
    panic("on an `Err` value: Disconnected", PeerDead, || {
        hung_up().recv_timeout(Duration::ZERO).unwrap();
    }),
];

const LIMITS: &[Panic] = &[
    panic("TryReserveError", ResourceExhausted, || {
        Vec::<u8>::new().try_reserve(usize::MAX).unwrap();
    }),
    panic("capacity overflow", ResourceExhausted, || {
        used(Vec::<u8>::with_capacity(usize::MAX));
    }),
    panic("Hash table capacity overflow", ResourceExhausted, || {
        used(HashMap::<u64, u64>::with_capacity(usize::MAX));
    }),
    panic("failed to spawn thread", ResourceExhausted, || {
        // As `thread::spawn` does, whose stack size cannot be chosen here.
        let huge = thread::Builder::new().stack_size(1 << 60);
        used(huge.spawn(|| ()).expect("failed to spawn thread"));
    }),
];

const PROMISES: &[Panic] = &[
    panic("not yet implemented", NotImplemented, || todo!()),
    panic("not implemented", NotImplemented, || {
        unimplemented!("later")
    }),
    panic(
        "internal error: entered unreachable code",
        ContractViolation,
        || unreachable!(),
    ),
    panic("assertion failed", ContractViolation, || {
        assert!(black_box(false));
    }),
    panic("assertion `", ContractViolation, || {
        assert_eq!(black_box(1), 2);
    }),
    panic(
        "called `Option::unwrap()` on a `None` value",
        ContractViolation,
        || {
            black_box(None::<()>).unwrap();
        },
    ),
    panic("attempt to ", ContractViolation, || {
        black_box(1 / black_box(0));
    }),
    panic("ParseIntError", ContractViolation, || {
        used("x".parse::<u8>().unwrap());
    }),
    panic("ParseFloatError", ContractViolation, || {
        used("x".parse::<f64>().unwrap());
    }),
    panic("ParseBoolError", ContractViolation, || {
        used("x".parse::<bool>().unwrap());
    }),
    panic("Utf8Error", ContractViolation, || {
        std::str::from_utf8(black_box(&[0xff])).unwrap();
    }),
    panic("TryFromIntError", ContractViolation, || {
        used(u8::try_from(300).unwrap());
    }),
];

const SLICES: &[Panic] = &[
    panic("index out of bounds", ContractViolation, || {
        used(three()[9]);
    }),
    panic("range start index", ContractViolation, || {
        used(three()[9..].len());
    }),
    panic("range end index", ContractViolation, || {
        used(three()[..9].len());
    }),
    panic("slice index starts at", ContractViolation, || {
        let (from, to) = black_box((2, 1));
        used(three()[from..to].len());
    }),
    panic("byte index", ContractViolation, || {
        used(black_box("é").split_at(1));
    }),
    panic("start byte index", ContractViolation, || {
        used(black_box("é")[1..].len());
    }),
    panic("end byte index", ContractViolation, || {
        used(black_box("é")[..1].len());
    }),
    panic("begin > end", ContractViolation, || {
        let (from, to) = black_box((2, 1));
        used(black_box("abc")[from..to].len());
    }),
    // What a later compiler's standard library says of the same.
    panic("byte range starts at", ContractViolation, || {
        let (from, to) = black_box((2, 1));
        panic!("byte range starts at {from} but ends at {to}");
    }),
    panic("mid > len", ContractViolation, || {
        used(three().split_at(9).0.len());
    }),
    panic(
        "copy_from_slice: source slice length",
        ContractViolation,
        || {
            three().copy_from_slice(&[1]);
        },
    ),
    panic("source slice length", ContractViolation, || {
        three().clone_from_slice(&[1]);
    }),
    panic("swap_remove index", ContractViolation, || {
        used(three().swap_remove(9));
    }),
    panic("removal index", ContractViolation, || {
        used(three().remove(9));
    }),
    panic("insertion index", ContractViolation, || {
        three().insert(9, 0);
    }),
    panic("chunk size must be non-zero", ContractViolation, || {
        used(three().chunks(black_box(0)).count());
    }),
];

/// Takes what an expression that panics would have given.
fn used<T>(_: T) {}

fn three() -> Vec<u8> {
    black_box(vec![1, 2, 3])
}

fn poisoned() -> Arc<Mutex<()>> {
    let mutex = Arc::new(Mutex::new(()));
    let held = Arc::clone(&mutex);
    let holder = catch_unwind(AssertUnwindSafe(move || {
        let _held = held.lock();
        panic!("while it is held");
    }));
    assert!(holder.is_err());
    mutex
}

#[test]
fn of_state() {
    STATE.iter().for_each(Panic::check);
}

#[test]
fn of_peers() {
    PEERS.iter().for_each(Panic::check);
}

#[test]
fn of_limits() {
    LIMITS.iter().for_each(Panic::check);
}

#[test]
fn of_broken_promises() {
    PROMISES.iter().for_each(Panic::check);
}

#[test]
fn of_slices() {
    SLICES.iter().for_each(Panic::check);
}

/// A handler that panicked while it held a lock finds it poisoned, and says so.
#[test]
fn a_lock_that_the_handler_poisoned_itself() {
    let telemetry = gambeson::Telemetry::isolated();
    let (turns, sender) = (Mutex::new(0), unheard());
    let skip = gambeson_tests::refused(&telemetry, move |_| {
        let mut turn = turns.lock().unwrap();
        *turn += 1;
        sender.send(()).unwrap();
    });
    assert_eq!(skip.reason(), PeerDead);
    let event = gambeson::Event::new("case.run", &[], &[]);
    let again = telemetry.call("refused", &event);
    assert_eq!(again.reason(), Some(StateCorrupted));
}
