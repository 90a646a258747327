//! What no guard contains: each of these ends the process.

use std::{
    cell::RefCell,
    hint::black_box,
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use gambeson::{Handler, emit};

use crate::{foreign, process, say};

/// A handler with a frame that cannot unwind, and a panic in it.
pub(crate) fn extern_c() {
    extern "C" fn frame() {
        panic!("below the guard");
    }
    let telemetry = process([Handler::new("till", "shop.opened", |_| frame())]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// A panic of Rust's passes through frames that can unwind, and is contained.
pub(crate) fn extern_c_unwind() {
    extern "C-unwind" fn frame() {
        panic!("below the guard");
    }
    let telemetry = process([Handler::new("till", "shop.opened", |_| frame())]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// An exception of another language.
pub(crate) fn foreign_exception() {
    let telemetry = process([Handler::new("till", "shop.opened", |_| foreign::throw())]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// A value whose derived `Debug` is as deep as the value.
pub(crate) fn deep_debug() {
    #[derive(Debug)]
    struct Deep {
        #[expect(dead_code, reason = "only shown")]
        next: Option<Box<Deep>>,
    }
    let telemetry = process([Handler::new("till", "shop.opened", |_| ())]);
    emit!("shop.opened");
    say(&telemetry, "till");
    let mut list = None;
    for _ in 0..1_000_000 {
        list = Some(Box::new(Deep { next: list }));
    }
    emit!("shop.opened", {}, { list = ?black_box(list) });
}

/// A panic in the destructor of a thread-local that no call of ours is around.
pub(crate) fn thread_local_outside() {
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            emit!("shop.opened");
            panic!("in a destructor");
        }
    }
    thread_local!(static LAST: RefCell<Option<Panics>> = const { RefCell::new(None) });
    let telemetry = process([Handler::new("till", "shop.opened", |_| -> () {
        panic!("contained")
    })]);
    let (said, is_said) = mpsc::channel();
    let told = Handler::new("told", "shop.opened", move |_| said.send(()));
    if telemetry.attach(told).is_err() {
        return;
    }
    let ending = thread::spawn(|| LAST.set(Some(Panics)));
    if is_said.recv_timeout(Duration::from_secs(10)).is_ok() {
        let _ = ending.join();
    }
}

/// A job that a handler leaves to rayon's threads.
pub(crate) fn rayon() {
    let (goes_on, may_go_on) = mpsc::channel();
    let waiting = Mutex::new(Some(may_go_on));
    let telemetry = process([Handler::new("till", "shop.opened", move |_| {
        let waiting = waiting.lock().ok().and_then(|mut waiting| waiting.take());
        rayon_core::spawn(move || {
            let said = waiting.map(|waiting| waiting.recv());
            panic!("on another's thread: {said:?}");
        });
    })]);
    emit!("shop.opened");
    say(&telemetry, "till");
    let _ = goes_on.send(());
    loop {
        thread::park();
    }
}
