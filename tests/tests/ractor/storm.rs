//! A thousand messages while the actor is killed again and again: each is handled or skipped for
//! a reason, and the sums add up.

use std::{
    hint,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use gambeson::{
    Event, Report, Resource, Restart, SkipReason, Telemetry, defensive_handler, emit, handler,
    ractor::spawn,
};
use gambeson_tests::{PATIENCE, wait_until};
use ractor::{ActorRef, MessagingErr, RactorErr, call};

use crate::{
    Clerks,
    clerk::{Clerk, Fate, Work},
    runtime,
};

const MESSAGES: u64 = 1000;

/// So many messages go out until the clerk is killed once more.
const AT_LEAST_ONE_KILL_IN: u64 = 40;

static FATE: Mutex<Option<Fate>> = Mutex::new(None);
static SPAWNED: AtomicU64 = AtomicU64::new(0);

static MAIL: Clerks = Resource::with_opener("mail", || {
    SPAWNED.fetch_add(1, Ordering::SeqCst);
    spawn(
        &MAIL,
        None,
        Clerk,
        FATE.lock().unwrap().clone().unwrap_or_default(),
    )
})
.restart(
    Restart::new()
        .backoff(Duration::from_millis(1), Duration::from_millis(1))
        .at_most(u32::MAX, Duration::from_secs(1)),
);

#[defensive_handler(on = "mail.letter", quarantine = false)]
fn send(
    _event: &Event<'_>,
    #[needs(MAIL)] mail: &ActorRef<Work>,
) -> Result<(), MessagingErr<Work>> {
    mail.cast(Work::Add(1))
}

#[defensive_handler(on = "mail.letter", quarantine = false)]
async fn ask(
    _event: &Event<'_>,
    #[needs(MAIL)] mail: &ActorRef<Work>,
) -> Result<(), RactorErr<Work>> {
    call!(mail, Work::Total).map(drop)
}

/// Kills at moments that are as good as random, until the storm is over.
fn kill(kills: &AtomicU64, over: &AtomicBool) {
    let mut monitor = MAIL.monitor();
    let mut random = 0x9e37_79b9_u32;
    while !over.load(Ordering::SeqCst) {
        MAIL.wait_ready(PATIENCE).unwrap();
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        for _ in 0..random >> 16 {
            hint::spin_loop();
        }
        MAIL.lease().expect("nobody else kills it").kill();
        let down = monitor.wait(PATIENCE).expect("it was killed");
        assert_eq!(down.reason, SkipReason::PeerDead);
        assert_eq!(down.cause, "the actor was killed");
        assert!(monitor.try_next().is_none(), "once for each kill");
        kills.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn every_message_is_accounted_for() {
    let fate = Fate::default();
    *FATE.lock().unwrap() = Some(fate.clone());
    let runtime = runtime();
    let _inside = runtime.enter();
    let telemetry = Telemetry::builder()
        .isolated()
        .filter(|_| false)
        .handler(handler!(send))
        .handler(handler!(ask))
        .start()
        .unwrap();
    let (kills, over) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|threads| {
        let _over = Over(&over);
        threads.spawn(|| kill(&kills, &over));
        for sent in 0..MESSAGES {
            if sent % AT_LEAST_ONE_KILL_IN == 0 {
                wait_until("it is killed once more", PATIENCE, || {
                    kills.load(Ordering::SeqCst) >= sent / AT_LEAST_ONE_KILL_IN
                });
            }
            telemetry.enter(|| emit!("mail.letter"));
        }
        wait_until("all are asked", PATIENCE, || {
            let report = telemetry.report();
            report.handler("ask").unwrap().is_conserved()
        });
    });
    MAIL.revoke(PATIENCE);

    let report = telemetry.shutdown();
    let (sent, refused) = counts(&report, "send");
    assert_eq!(sent + refused, MESSAGES);
    let added = u64::from(fate.added.load(Ordering::SeqCst));
    assert!(
        added <= sent,
        "what a killed clerk had not read is lost, and no more: {report}"
    );
    let (asked, refused) = counts(&report, "ask");
    assert_eq!(asked + refused, MESSAGES);
    wait_until("the last answer is counted", PATIENCE, || {
        u64::from(fate.answered.load(Ordering::SeqCst)) == asked
    });
    let (spawned, kills) = (SPAWNED.load(Ordering::SeqCst), kills.into_inner());
    assert!(
        spawned == kills || spawned == kills + 1,
        "{spawned} for {kills} kills"
    );
}

/// The storm is over when this is dropped, also by a failed test.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// How many events were handled, and skipped because the clerk was dead.
fn counts(report: &Report, handler: &str) -> (u64, u64) {
    let counts = report.handler(handler).unwrap();
    assert_eq!(counts.matched, MESSAGES);
    (counts.handled, counts.skipped(SkipReason::PeerDead))
}
