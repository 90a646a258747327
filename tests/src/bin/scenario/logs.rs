//! Logs that are themselves broken.

use std::{cell::RefCell, fmt, thread};

use gambeson::{Config, Handler, Quarantine, Telemetry, emit};

use crate::{boom, say};

fn logging(handler: Handler) -> Telemetry {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let started = Telemetry::builder()
        .filter(|_| false)
        .config(Config::default().with_debug(true))
        .handler(handler.quarantine(Quarantine::OFF))
        .start();
    match started {
        Ok(telemetry) => telemetry,
        Err(error) => panic!("{error}"),
    }
}

/// The stock formatter aborts a process when it is used in the destructor of a thread-local
/// that is older than its own.
pub(crate) fn in_destructor() {
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            emit!("shop.opened");
        }
    }
    thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });
    let telemetry = logging(Handler::new("till", "shop.opened", boom));
    for older in [true, false] {
        let _ = thread::spawn(move || {
            if older {
                LAST.set(Some(Last));
            }
            emit!("shop.opened");
            if !older {
                LAST.set(Some(Last));
            }
        })
        .join();
    }
    say(&telemetry, "till");
}

/// Standard error is a pipe that nobody reads.
pub(crate) fn to_closed_pipe() {
    let telemetry = logging(Handler::new("till", "shop.opened", |_| {
        let _ = std::panic::catch_unwind(|| panic!("its own"));
        boom_again();
    }));
    emit!("shop.opened");
    emit!("shop.opened");
    say(&telemetry, "till");
}

fn boom_again() {
    panic!("boom");
}

/// A `Debug` that panics half-way leaves the next line whole.
pub(crate) fn with_broken_debug() {
    struct Broken;
    impl fmt::Debug for Broken {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half a line")?;
            panic!("no debug for you")
        }
    }
    let telemetry = logging(Handler::new("till", "shop.opened", boom));
    emit!("shop.opened", {}, { broken = ?Broken });
    tracing::info!("the next line");
    say(&telemetry, "till");
}
