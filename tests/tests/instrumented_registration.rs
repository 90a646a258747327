//! Subscribers that run code, or panic, while they are asked about callsites: tracing neither waits
//! for itself nor breaks. Alone in its process, for which a broken tracing stays broken.

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

/// What is done when a point of that name is asked about.
type Next = (&'static str, fn());

thread_local! {
    /// What a subscriber does when this thread next asks it about the callsite of this name.
    static NEXT: Cell<Option<Next>> = const { Cell::new(None) };
}

/// Counts spans, and does what is next when it is asked.
#[derive(Clone, Default)]
struct Asked {
    spans: Arc<AtomicUsize>,
}

impl Asked {
    fn subscriber(&self) -> Dispatch {
        Dispatch::new(tracing_subscriber::registry().with(self.clone()))
    }

    /// How many spans `code` makes.
    fn spans_of(&self, subscriber: &Dispatch, code: impl FnOnce()) -> usize {
        let before = self.spans.load(Ordering::SeqCst);
        dispatcher::with_default(subscriber, code);
        self.spans.load(Ordering::SeqCst) - before
    }
}

impl<S: Subscriber> Layer<S> for Asked {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if let Some((name, act)) = NEXT.get()
            && name == metadata.name()
        {
            NEXT.set(None);
            act();
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
fn first_called_meanwhile() {}

fn a_subscriber_that_is_asked_may_call_a_function_for_its_first_time() {
    let asked = Asked::default();
    let subscriber = asked.subscriber();
    assert_eq!(asked.spans_of(&subscriber, known), 1);
    let (ended, has_ended) = mpsc::channel();
    let asking = subscriber.clone();
    thread::spawn(move || {
        NEXT.set(Some(("known", first_called_meanwhile)));
        dispatcher::with_default(&asking, callsite::rebuild_interest_cache);
        ended.send(NEXT.get().is_none()).unwrap();
    });
    let was_called = has_ended.recv_timeout(PATIENCE);
    assert_eq!(was_called, Ok(true), "it does not wait for itself");
    // Tracing hid the subscriber from the first call, and so asks anew.
    let spans = asked.spans_of(&subscriber, || {
        callsite::rebuild_interest_cache();
        first_called_meanwhile();
    });
    assert_eq!(spans, 1);
}

#[instrumented]
fn asked_about() {}

#[instrumented]
fn first_called_after() {}

fn a_subscriber_that_panics_when_asked_breaks_nothing_for_others() {
    let asked = Asked::default();
    let subscriber = asked.subscriber();
    assert_eq!(asked.spans_of(&subscriber, asked_about), 1);
    NEXT.set(Some(("asked_about", || panic!("when asked"))));
    let rebuild = || dispatcher::with_default(&subscriber, callsite::rebuild_interest_cache);
    assert!(catch_unwind(AssertUnwindSafe(rebuild)).is_err());
    assert!(NEXT.get().is_none());

    let other = Asked::default();
    let spans = other.spans_of(&other.subscriber(), || {
        tracing::info_span!("of_tracing").in_scope(first_called_after);
        asked_about();
    });
    assert_eq!(spans, 3);
}

/// One after the other, since each subscriber is asked about all that is there.
#[test]
fn a_subscriber_may_do_anything_when_it_is_asked() {
    a_subscriber_that_is_asked_may_call_a_function_for_its_first_time();
    a_subscriber_that_panics_when_asked_breaks_nothing_for_others();
}
