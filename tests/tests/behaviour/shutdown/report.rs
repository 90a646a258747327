//! The report of the end names what is left, and is the same for all who ask.

use std::{sync::Barrier, thread, time::Duration};

use gambeson::{Handler, PartKind, Resource};
use gambeson_tests::tally;

use super::{ended, held};
use crate::started;

/// Also when more was counted since.
#[test]
fn a_second_call_gives_the_same_report() {
    let telemetry = started([Handler::new("till", "report.opened", |_| ())]);
    let first = telemetry.shutdown();
    let late = telemetry.call("till", &gambeson::Event::new("report.late", &[], &[]));
    assert!(!late.is_handled());
    let second = telemetry.shutdown_within(Duration::ZERO);
    assert_eq!(first, second);
    let now = telemetry.report();
    assert_eq!(tally(&now, "till"), "1 = 0 handled + 1 shutting_down");
    assert_eq!(now.shutdown, first.shutdown);
}

#[test]
fn a_resource_that_is_still_leased_is_named() {
    static BOOKS: Resource<u32> = Resource::new("report_books");
    let _provided = BOOKS.provide(7);
    let telemetry = started([Handler::new("till", "report.opened", |_| ()).needs(&BOOKS)]);
    let lease = BOOKS.lease().unwrap();
    let shutdown = ended(telemetry.shutdown_within(Duration::ZERO));
    let books = shutdown.part(PartKind::Resource, "report_books").unwrap();
    assert_eq!(books.outstanding, 1);
    assert!(books.overran() && !shutdown.is_complete());
    let told = shutdown.to_string();
    assert!(
        told.contains("\nstill leased: report_books (1 lease)\n"),
        "{told}"
    );
    drop(lease);
}

#[test]
fn a_straggler_is_named_with_its_thread() {
    let (hog, hog_call) = held("hog");
    let telemetry = started([hog]);
    thread::scope(|scope| {
        hog_call.begin(scope, &telemetry, "hog");
        let shutdown = ended(telemetry.shutdown_within(Duration::ZERO));
        let hog = shutdown.part(PartKind::Handler, "hog").unwrap();
        assert_eq!((hog.outstanding, hog.holders.len()), (1, 1));
        assert_eq!(hog.holders, shutdown.stragglers[0].threads);
        let told = shutdown.to_string();
        let row = told.lines().find(|line| line.starts_with("hog "));
        let row = row.expect("a row for it");
        assert!(
            row.ends_with(&format!("1 by {}, overran", hog.holders[0])),
            "{told}"
        );
        hog_call.let_go();
    });
}

/// Both have the same deadline; whoever comes second waits for the first one's report.
#[test]
fn shutdowns_at_once_have_the_same_report() {
    for _ in 0..20 {
        let (stuck, stuck_call) = held("stuck");
        let telemetry = started([stuck]);
        let at_once = Barrier::new(2);
        let shut_down = || {
            at_once.wait();
            telemetry.shutdown_within(Duration::from_millis(2))
        };
        thread::scope(|scope| {
            stuck_call.begin(scope, &telemetry, "stuck");
            let other = scope.spawn(shut_down);
            let (one, other) = (shut_down(), other.join().unwrap());
            assert_eq!(one, other);
            assert_eq!(ended(one).stragglers.len(), 1);
            stuck_call.let_go();
        });
    }
}
