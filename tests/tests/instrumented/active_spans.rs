//! `Telemetry::active_spans`: the calls that are open.

use std::{
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use gambeson::{Handler, Telemetry, instrumented};

use super::{pause, poll_once, run, seen::unseen, thrown};

/// A telemetry that tracks makes every call of the process an open one of its own telemetry: these
/// tests run one after the other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tracking() -> Telemetry {
    Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .track_spans()
        .start()
        .unwrap()
}

/// The functions that are open, the oldest first where their ages differ.
fn open(telemetry: &Telemetry) -> Vec<String> {
    let mut names: Vec<String> = telemetry
        .active_spans()
        .into_iter()
        .map(|span| span.name.replace("instrumented::active_spans::", ""))
        .collect();
    names.sort();
    names
}

type Step<'a> = &'a dyn Fn();

#[instrumented(skip_all)]
fn outer(inside: Step<'_>) {
    inner(inside);
}

#[instrumented(skip_all)]
fn inner(inside: Step<'_>) {
    inside();
}

#[instrumented(skip_all)]
fn panics(inside: Step<'_>) {
    inside();
    std::panic::panic_any(());
}

#[instrumented]
async fn first() {
    pause().await;
    pause().await;
}

#[instrumented]
async fn second() {
    pause().await;
    pause().await;
}

#[test]
fn a_call_is_open_until_it_returns_or_panics() {
    let _alone = alone();
    let telemetry = tracking();
    telemetry.enter(|| {
        outer(&|| assert_eq!(open(&telemetry), ["inner", "outer"]));
        assert_eq!(open(&telemetry), [""; 0]);
        let inside = || outer(&|| assert_eq!(open(&telemetry), ["inner", "outer", "panics"]));
        thrown::<(), _>(|| panics(&inside));
        assert_eq!(open(&telemetry), [""; 0]);
    });
}

#[test]
fn calls_that_end_out_of_order_end_themselves() {
    let _alone = alone();
    let telemetry = tracking();
    telemetry.enter(|| {
        let mut futures: Vec<Pin<Box<dyn Future<Output = ()>>>> =
            vec![Box::pin(first()), Box::pin(second()), Box::pin(first())];
        assert_eq!(open(&telemetry), [""; 0], "before the first polls");
        for future in &mut futures {
            poll_once(future.as_mut());
        }
        assert_eq!(open(&telemetry), ["first", "first", "second"]);
        run(futures.remove(0));
        assert_eq!(open(&telemetry), ["first", "second"]);
        drop(futures.remove(1));
        assert_eq!(open(&telemetry), ["second"]);
        inner(&|| assert_eq!(open(&telemetry), ["inner", "second"]));
        drop(futures);
        assert_eq!(open(&telemetry), [""; 0]);
    });
}

#[test]
fn a_call_may_end_on_another_thread() {
    let _alone = alone();
    let telemetry = tracking();
    let mut moved = Box::pin(first());
    telemetry.enter(|| poll_once(moved.as_mut()));
    assert_eq!(open(&telemetry), ["first"]);
    let mut moved = thread::scope(|scope| {
        let elsewhere = scope.spawn(|| {
            poll_once(moved.as_mut());
            // A call of that thread, which is in no telemetry of ours.
            inner(&|| assert_eq!(open(&telemetry), ["first"]));
            moved
        });
        elsewhere.join().unwrap()
    });
    assert_eq!(open(&telemetry), ["first"], "its first thread has ended");
    run(moved.as_mut());
    assert_eq!(open(&telemetry), [""; 0]);
}

#[test]
fn a_telemetry_sees_only_its_own() {
    let _alone = alone();
    let (one, other) = (tracking(), tracking());
    one.enter(|| {
        outer(&|| {
            other.enter(|| {
                inner(&|| {
                    assert_eq!(open(&one), ["inner", "outer"]);
                    assert_eq!(open(&other), ["inner"]);
                });
            });
        });
    });
}

#[test]
fn a_call_that_nobody_observes_is_open_where_spans_are_tracked() {
    let _alone = alone();
    let unobserved = |telemetry: &Telemetry| {
        let found = Mutex::new(Vec::new());
        let note = || *found.lock().unwrap() = open(telemetry);
        telemetry.enter(|| unseen(|| inner(&note)));
        found.into_inner().unwrap()
    };
    let untracked = Telemetry::isolated();
    // Twice, for a site that is new may only guess.
    unobserved(&untracked);
    assert_eq!(unobserved(&untracked), [""; 0]);
    let observed = Handler::new("ear", "instrumented.active_spans.inner.stop", |_| ());
    untracked.attach(observed).unwrap();
    assert_eq!(unobserved(&untracked), ["inner"]);
    drop(untracked);
    assert_eq!(unobserved(&tracking()), ["inner"]);
}

#[test]
fn an_age_grows() {
    let _alone = alone();
    let telemetry = tracking();
    let age = || telemetry.active_spans().first().map(|span| span.age);
    telemetry.enter(|| {
        inner(&|| {
            let begun = age().unwrap();
            gambeson_tests::wait_until("the call is older", gambeson_tests::PATIENCE, || {
                age().unwrap() > begun
            });
        });
    });
    assert_eq!(age(), None);
}

#[test]
fn the_report_of_a_shutdown_names_those_that_are_open() {
    let _alone = alone();
    let telemetry = tracking();
    let (release, released) = mpsc::channel::<()>();
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        let telemetry = &telemetry;
        scope.spawn(move || {
            let inside = || {
                tell.send(()).unwrap();
                released.recv().unwrap();
            };
            telemetry.enter(|| outer(&inside));
        });
        told.recv().unwrap();
        let report = telemetry.shutdown_within(Duration::from_secs(1));
        let shown = report.to_string();
        let shutdown = report.shutdown.unwrap();
        let mut names: Vec<&str> = shutdown
            .open_calls
            .iter()
            .map(|call| call.name.as_str())
            .collect();
        names.sort_unstable();
        let expected = ["inner", "outer"].map(|name| format!("instrumented::active_spans::{name}"));
        assert_eq!(names, expected);
        for name in expected {
            assert!(shown.contains(&name), "{shown}");
        }
        release.send(()).unwrap();
    });
    let shutdown = tracking().shutdown().shutdown.unwrap();
    assert_eq!(shutdown.open_calls, []);
}
