//! Subscribers that are asked, or asked anew, while calls are made.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use gambeson::instrumented;
use gambeson_tests::PATIENCE;
use tracing::{Dispatch, Metadata, Subscriber, callsite, dispatcher, span, subscriber::Interest};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

/// Counts spans and events.
#[derive(Clone, Default)]
struct Counts {
    spans: Arc<AtomicUsize>,
    events: Arc<AtomicUsize>,
}

impl<S: Subscriber> Layer<S> for Counts {
    fn on_new_span(&self, _: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        self.spans.fetch_add(1, Ordering::Relaxed);
    }

    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        self.events.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counts {
    fn get(&self) -> (usize, usize) {
        let counts = [&self.spans, &self.events];
        let [spans, events] = counts.map(|count| count.load(Ordering::Relaxed));
        (spans, events)
    }
}

#[instrumented(err)]
fn failing() -> Result<(), &'static str> {
    Err("as always")
}

#[test]
fn no_call_goes_without_its_span_while_a_subscriber_is_asked_anew() {
    const CALLS: usize = 10_000;
    let counts = Counts::default();
    let subscriber = Dispatch::new(tracing_subscriber::registry().with(counts.clone()));
    let have_called = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            dispatcher::with_default(&subscriber, || {
                (0..CALLS).for_each(|_| assert!(failing().is_err()));
            });
            have_called.store(true, Ordering::Relaxed);
        });
        dispatcher::with_default(&subscriber, || {
            while !have_called.load(Ordering::Relaxed) {
                callsite::rebuild_interest_cache();
            }
        });
    });
    assert_eq!(counts.get(), (CALLS, CALLS));
}

/// When first asked about `late`, lets the other thread call it, and waits until it has.
struct Slow {
    call: Mutex<Option<mpsc::Sender<()>>>,
    called: Mutex<mpsc::Receiver<()>>,
}

impl<S: Subscriber> Layer<S> for Slow {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.name() == "late"
            && let Some(call) = self.call.lock().unwrap().take()
        {
            call.send(()).unwrap();
            let called = self.called.lock().unwrap();
            called.recv_timeout(PATIENCE).expect("it has called");
        }
        Interest::always()
    }
}

#[instrumented(err)]
fn late() -> Result<(), &'static str> {
    Err("as always")
}

#[test]
fn a_call_that_is_not_the_first_only_just_has_its_span_and_record() {
    let (call, may_call) = mpsc::channel();
    let (has_called, called) = mpsc::channel();
    let slow = Slow {
        call: Mutex::new(Some(call)),
        called: Mutex::new(called),
    };
    let counts = Counts::default();
    let layers = tracing_subscriber::registry()
        .with(counts.clone())
        .with(slow);
    let subscriber = &Dispatch::new(layers);
    thread::scope(|scope| {
        scope.spawn(move || {
            dispatcher::with_default(subscriber, || {
                may_call.recv().unwrap();
                assert!(late().is_err());
                has_called.send(()).unwrap();
            });
        });
        dispatcher::with_default(subscriber, || assert!(late().is_err()));
    });
    assert_eq!(counts.get(), (2, 2));
}
