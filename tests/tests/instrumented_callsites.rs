//! Subscribers that run code while they are asked about callsites: what they do must neither wait for
//! tracing nor break it. Alone in their process, since a broken tracing is so for all of it.

#![allow(clippy::unwrap_used, reason = "what cannot fail here, must not")]

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use gambeson::instrumented;
use gambeson_tests::PATIENCE;
use tracing::{Dispatch, Metadata, Subscriber, callsite, dispatcher, span, subscriber::Interest};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

thread_local! {
    /// Whether the subscribers do anything when this thread asks them.
    static DO: Cell<bool> = const { Cell::new(false) };
}

/// Counts spans, and does something when it is asked about the callsite of this name.
#[derive(Clone)]
struct Asked {
    about: &'static str,
    then: fn(),
    spans: Arc<AtomicUsize>,
}

impl Asked {
    fn new(about: &'static str, then: fn()) -> Self {
        Asked {
            about,
            then,
            spans: Arc::default(),
        }
    }

    fn subscriber(&self) -> Dispatch {
        Dispatch::new(tracing_subscriber::registry().with(self.clone()))
    }
}

impl<S: Subscriber> Layer<S> for Asked {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.name() == self.about && DO.get() {
            (self.then)();
        }
        Interest::always()
    }

    fn on_new_span(&self, _: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        self.spans.fetch_add(1, Ordering::SeqCst);
    }
}

#[instrumented]
fn known() {}

#[instrumented]
fn called_meanwhile() {}

fn a_function_may_be_called_first_by_a_subscriber_that_is_asked() {
    let asked = Asked::new("known", called_meanwhile);
    let subscriber = asked.subscriber();
    dispatcher::with_default(&subscriber, known);
    let (ended, has_ended) = mpsc::channel();
    let asking = subscriber.clone();
    thread::spawn(move || {
        DO.set(true);
        dispatcher::with_default(&asking, callsite::rebuild_interest_cache);
        ended.send(()).unwrap();
    });
    has_ended
        .recv_timeout(PATIENCE)
        .expect("it does not wait for itself");
    // Asked again, for tracing hides the subscriber from whom it asks.
    let before = asked.spans.load(Ordering::SeqCst);
    dispatcher::with_default(&subscriber, || {
        callsite::rebuild_interest_cache();
        called_meanwhile();
    });
    assert_eq!(asked.spans.load(Ordering::SeqCst), before + 1);
}

#[instrumented]
fn asked_about() {}

#[instrumented]
fn called_after() {}

fn a_subscriber_that_panics_when_asked_breaks_nothing_for_others() {
    let asked = Asked::new("asked_about", || panic!("when asked"));
    let subscriber = asked.subscriber();
    dispatcher::with_default(&subscriber, asked_about);
    DO.set(true);
    let rebuild = || dispatcher::with_default(&subscriber, callsite::rebuild_interest_cache);
    assert!(catch_unwind(AssertUnwindSafe(rebuild)).is_err());
    DO.set(false);
    let other = Asked::new("", || ());
    dispatcher::with_default(&other.subscriber(), || {
        tracing::info_span!("of_tracing").in_scope(called_after);
    });
    assert_eq!(other.spans.load(Ordering::SeqCst), 2);
}

/// One after the other, since each is asked about all that is there.
#[test]
fn subscribers_may_do_anything_while_they_are_asked() {
    a_function_may_be_called_first_by_a_subscriber_that_is_asked();
    a_subscriber_that_panics_when_asked_breaks_nothing_for_others();
}
