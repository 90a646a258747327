//! Instrumented functions where a panic of a subscriber would end the process: called by a panic
//! hook, and while the thread unwinds. Alone in its process, whose hook it sets.

use std::{
    panic::{catch_unwind, set_hook, take_hook},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use gambeson::{Telemetry, instrumented};
use tracing::{Dispatch, Metadata, Subscriber, dispatcher, span, subscriber::Interest};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

/// Panics whatever it is asked while the thread panics.
#[derive(Clone, Default)]
struct Panics {
    times: Arc<AtomicUsize>,
}

impl Panics {
    fn panic_again(&self) {
        if thread::panicking() {
            self.times.fetch_add(1, Ordering::Relaxed);
            panic!("asked at the wrong time");
        }
    }
}

impl<S: Subscriber> Layer<S> for Panics {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        self.panic_again();
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        if metadata.name() == "asks" {
            self.panic_again();
        }
        true
    }

    fn on_new_span(&self, _: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        self.panic_again();
    }
}

#[instrumented]
fn first_in_a_hook() {}

#[instrumented]
fn asks() {}

#[instrumented]
fn opens() {}

struct CallsThem;

impl Drop for CallsThem {
    fn drop(&mut self) {
        asks();
        opens();
    }
}

#[test]
fn a_subscriber_that_panics_does_not_end_the_process() {
    let panics = Panics::default();
    let subscriber = Dispatch::new(tracing_subscriber::registry().with(panics.clone()));
    let previous = take_hook();
    set_hook(Box::new(move |info| {
        first_in_a_hook();
        previous(info);
    }));
    // Its hook calls the one that is there.
    let telemetry = Telemetry::isolated();
    dispatcher::with_default(&subscriber, || {
        asks();
        opens();
        let unwound = catch_unwind(|| {
            let _calls = CallsThem;
            panic!("once");
        });
        assert!(unwound.is_err());
    });
    // By `enabled` and by `on_new_span`; in the hook nobody was asked.
    assert_eq!(panics.times.load(Ordering::Relaxed), 2);
    drop(telemetry);
}
