//! One deadline for all: each stage has its share, and no hog has that of others.

use std::{thread, time::Duration};

use gambeson::{Config, Handler, PartKind};
use gambeson_tests::{PATIENCE, wait_until};

use super::{ended, held, shutting_down};
use crate::{started, started_with};

const DEADLINE: Duration = Duration::from_millis(400);
const LONGER: Duration = Duration::from_secs(8);

/// Its first call ends once it is closed, which it is only when the hog's share is over.
#[test]
fn a_hog_overruns_its_share_and_the_others_drain() {
    let ((hog, hog_call), (first, first_call)) = (held("hog"), held("first"));
    let telemetry = started([first, hog.after("first")]);
    thread::scope(|scope| {
        hog_call.begin(scope, &telemetry, "hog");
        first_call.begin(scope, &telemetry, "first");
        let shutdown = scope.spawn(|| ended(telemetry.shutdown_within(DEADLINE)));
        wait_until("the first is closed", PATIENCE, || {
            telemetry.handlers().is_empty()
        });
        first_call.let_go();
        let shutdown = shutdown.join().unwrap();
        let part = |name| shutdown.part(PartKind::Handler, name).unwrap();
        let (hog, first) = (part("hog"), part("first"));
        assert_eq!((hog.outstanding, first.outstanding), (1, 0));
        assert!(hog.overran() && !first.overran(), "{shutdown}");
        assert!(hog.share <= DEADLINE / 2, "{shutdown}");
        assert!(hog.took > hog.share, "it was looked at again: {shutdown}");
        assert!(shutdown.elapsed >= DEADLINE, "{shutdown}");
        assert!(shutdown.elapsed < DEADLINE * 4, "{shutdown}");
        assert_eq!(shutdown.stragglers.len(), 1);
        assert_eq!(shutdown.stragglers[0].handler, "hog");
        hog_call.let_go();
    });
}

/// Late, but before the whole deadline is over.
#[test]
fn who_overran_its_share_is_awaited_again_at_the_end() {
    let ((hog, hog_call), (first, first_call)) = (held("hog"), held("first"));
    let telemetry = started([first, hog.after("first")]);
    thread::scope(|scope| {
        hog_call.begin(scope, &telemetry, "hog");
        first_call.begin(scope, &telemetry, "first");
        let shutdown = scope.spawn(|| ended(telemetry.shutdown_within(LONGER)));
        wait_until("the first is closed", PATIENCE, || {
            telemetry.handlers().is_empty()
        });
        first_call.let_go();
        hog_call.let_go();
        let shutdown = shutdown.join().unwrap();
        let hog = shutdown.part(PartKind::Handler, "hog").unwrap();
        assert_eq!(hog.outstanding, 0);
        assert!(hog.overran(), "{shutdown}");
        assert!(shutdown.is_complete() && shutdown.stragglers.is_empty());
        assert!(shutdown.elapsed < LONGER, "{shutdown}");
    });
}

/// What the first stage does not use is there for the second one.
#[test]
fn unused_time_is_for_the_later_stages() {
    let (first, first_call) = held("first");
    let quick = Handler::new("quick", "shares.opened", |_| ());
    let telemetry = started([first, quick.after("first")]);
    thread::scope(|scope| {
        first_call.begin(scope, &telemetry, "first");
        let shutdown = shutting_down(scope, &telemetry);
        wait_until("all are closed", PATIENCE, || {
            telemetry.handlers().is_empty()
        });
        first_call.let_go();
        let shutdown = shutdown.join().unwrap();
        let share = |name| shutdown.part(PartKind::Handler, name).unwrap().share;
        assert!(share("quick") <= PATIENCE / 2);
        assert!(share("first") > PATIENCE * 9 / 10, "{shutdown}");
    });
}

/// Everything is closed and counted, and nothing awaited.
#[test]
fn without_grace_nothing_is_awaited() {
    let (hog, hog_call) = held("hog");
    let config = Config::default()
        .with_graceful_shutdown(false)
        .with_shutdown_deadline(PATIENCE);
    let telemetry = started_with(config, [hog]);
    thread::scope(|scope| {
        hog_call.begin(scope, &telemetry, "hog");
        let shutdown = ended(telemetry.shutdown());
        let hog = shutdown.part(PartKind::Handler, "hog").unwrap();
        assert_eq!((hog.outstanding, hog.share), (1, Duration::ZERO));
        assert!(shutdown.elapsed < PATIENCE, "{shutdown}");
        hog_call.let_go();
    });
}
