//! What keeps a handler from being called does so on the way of almost every call, too: to the
//! process's telemetry, outside any scope. Each case runs there and in a scope, for a handler of
//! events and for calls in place, and is counted alike.
//!
//! A binary of its own, for there is one such telemetry in a process.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::{
    io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use gambeson::{
    Builder, Clock, Config, Defense, Handler, HandlerState, Quarantine, Telemetry, emit,
};
use gambeson_tests::{PATIENCE, tally};

const COOLDOWN: Duration = Duration::from_secs(60);
/// Longer than a cooldown, or its double, whatever the jitter.
const LONG: Duration = Duration::from_secs(600);

/// What a handler does when it is called.
#[derive(Clone, Copy)]
enum Does {
    Well,
    Err,
    Panic,
}

/// What the handler of a case does, and how often it ran.
struct Till {
    does: Mutex<Does>,
    ran: AtomicU32,
}

impl Till {
    fn run(&self) -> Result<(), io::Error> {
        self.ran.fetch_add(1, Ordering::SeqCst);
        let does = *self.does.lock().unwrap();
        match does {
            Does::Well => Ok(()),
            Does::Err => Err(io::ErrorKind::Unsupported.into()),
            Does::Panic => panic!("out of change"),
        }
    }
}

/// A telemetry with the handler of a case, and the way to it.
struct Shop<'a> {
    telemetry: &'a Telemetry,
    clock: &'a Clock,
    is_in_scope: bool,
    name: &'a str,
    till: &'a Till,
    /// Calls it in place, instead of events.
    in_place: Option<Defense>,
    opened: AtomicU32,
}

impl Shop<'_> {
    /// So many events, or calls.
    fn open(&self, times: u32, does: Does) {
        *self.till.does.lock().unwrap() = does;
        self.opened.fetch_add(times, Ordering::SeqCst);
        let open = || {
            for _ in 0..times {
                if let Some(defense) = &self.in_place {
                    let _ = defense.try_run_or(|| self.till.run(), |_| Ok(()));
                } else {
                    emit!("shop.opened");
                }
            }
        };
        if self.is_in_scope {
            self.telemetry.enter(open);
        } else {
            open();
        }
    }

    fn state(&self) -> HandlerState {
        self.telemetry.report().handler(self.name).unwrap().state
    }
}

fn builder(clock: &Clock) -> Builder {
    let config = Config::default()
        .with_quarantine_after(2, Duration::from_secs(60))
        .with_cooldown(COOLDOWN, COOLDOWN);
    let builder = Telemetry::builder().filter(|_| false).config(config);
    builder.clock(clock)
}

/// One case: what it does, and what is counted of it then.
struct Case {
    name: &'static str,
    quarantine: Quarantine,
    run: fn(&Shop<'_>),
    counts: &'static str,
    /// How often the handler says that it ran.
    ran: u32,
}

impl Case {
    #[track_caller]
    fn check(&self) {
        static PROCESS: OnceLock<(Telemetry, Clock)> = OnceLock::new();
        // The handlers of one case hear the events of another.
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let start = |builder: fn(Builder) -> Builder| {
            let clock = Clock::new();
            (builder(self::builder(&clock)).start().unwrap(), clock)
        };
        let process = PROCESS.get_or_init(|| start(|process| process));
        for is_in_place in [false, true] {
            let isolated = start(Builder::isolated);
            self.check_in(process, false, is_in_place);
            self.check_in(&isolated, true, is_in_place);
        }
    }

    #[track_caller]
    fn check_in(
        &self,
        (telemetry, clock): &(Telemetry, Clock),
        is_in_scope: bool,
        is_in_place: bool,
    ) {
        let place = if is_in_place {
            "in place"
        } else {
            "for events"
        };
        let name = &*format!("{} {place}", self.name);
        let behind = format!("behind {name}");
        let till = Arc::new(Till {
            does: Mutex::new(Does::Well),
            ran: AtomicU32::new(0),
        });
        if !is_in_place {
            let running = Arc::clone(&till);
            let first = Handler::new(name, "shop.opened", move |_| running.run());
            telemetry.attach(first.quarantine(self.quarantine)).unwrap();
            let second = Handler::new(&behind, "shop.opened", |_| ()).after(name);
            telemetry.attach(second).unwrap();
        }
        let shop = Shop {
            telemetry,
            clock,
            is_in_scope,
            name,
            till: &till,
            in_place: is_in_place.then(|| Defense::new(name).quarantine(self.quarantine)),
            opened: AtomicU32::new(0),
        };
        (self.run)(&shop);
        let report = telemetry.report();
        assert_eq!(
            tally(&report, name),
            self.counts,
            "in a scope: {is_in_scope}"
        );
        assert_eq!(till.ran.load(Ordering::SeqCst), self.ran, "{name}");
        if !is_in_place {
            let opened = shop.opened.load(Ordering::SeqCst);
            assert_eq!(
                tally(&report, &behind),
                format!("{opened} = {opened} handled")
            );
            for handler in [name, &behind] {
                telemetry.detach(handler, PATIENCE).unwrap();
            }
        }
    }
}

#[test]
fn each_way_to_end() {
    Case {
        name: "ends",
        quarantine: Quarantine::OFF,
        run: |shop| {
            shop.open(3, Does::Well);
            shop.open(4, Does::Err);
            shop.open(5, Does::Panic);
            shop.open(1, Does::Well);
        },
        counts: "13 = 4 handled + 4 not_implemented + 5 unexpected",
        ran: 13,
    }
    .check();
}

#[test]
fn a_pause() {
    Case {
        name: "paused",
        quarantine: Quarantine::INHERIT,
        run: |shop| {
            shop.open(1, Does::Well);
            shop.telemetry.pause(shop.name).unwrap();
            shop.open(3, Does::Panic);
            shop.telemetry.resume(shop.name).unwrap();
            shop.open(1, Does::Well);
        },
        counts: "5 = 2 handled + 3 disabled",
        ran: 2,
    }
    .check();
}

#[test]
fn a_quarantine_and_its_probes() {
    Case {
        name: "quarantined",
        quarantine: Quarantine::INHERIT,
        run: |shop| {
            // A success begins the count anew.
            shop.open(1, Does::Panic);
            shop.open(1, Does::Well);
            shop.open(5, Does::Panic);
            assert_eq!(shop.state(), HandlerState::Quarantined);
            shop.clock.advance(LONG);
            shop.open(3, Does::Err);
            shop.clock.advance(LONG);
            shop.open(2, Does::Well);
        },
        counts: "12 = 3 handled + 1 not_implemented + 5 quarantined + 3 unexpected",
        ran: 7,
    }
    .check();
}

#[test]
fn a_reset() {
    Case {
        name: "reset",
        quarantine: Quarantine::INHERIT,
        run: |shop| {
            shop.open(4, Does::Panic);
            shop.telemetry.reset(shop.name).unwrap();
            shop.open(1, Does::Panic);
            shop.open(1, Does::Well);
        },
        counts: "6 = 1 handled + 2 quarantined + 3 unexpected",
        ran: 4,
    }
    .check();
}

#[test]
fn a_quarantine_by_hand() {
    for quarantine in [Quarantine::OFF, Quarantine::INHERIT] {
        let is_off = quarantine == Quarantine::OFF;
        Case {
            name: if is_off {
                "by hand, else never"
            } else {
                "by hand"
            },
            quarantine,
            run: |shop| {
                // Known to the telemetry from its first call.
                shop.open(1, Does::Well);
                let by_hand = |time| shop.telemetry.quarantine(shop.name, time).unwrap();
                by_hand(Duration::MAX);
                shop.open(10, Does::Well);
                shop.telemetry.reset(shop.name).unwrap();
                shop.open(1, Does::Well);
                by_hand(LONG);
                shop.open(2, Does::Well);
                shop.clock.advance(LONG);
                shop.open(2, Does::Well);
            },
            counts: "16 = 4 handled + 12 quarantined",
            ran: 4,
        }
        .check();
    }
}
