//! Handlers inside handlers.

use gambeson::defensive_handler;

use crate::twin::{attach, is_bare, own, start, telemetry, tell_of};

const LINKS: usize = 40;

/// Forty handlers, each of which emits the event of the next one and then panics.
pub(crate) fn chain_of_40() {
    start();
    if is_bare() {
        link(0);
    }
    let names: Vec<String> = (0..LINKS).map(|n| format!("link_{n}")).collect();
    for (n, name) in names.iter().enumerate() {
        let run = move |_: &gambeson::Event<'_>| {
            let next = format!("place.link_{}", n + 1);
            telemetry().map(|telemetry| telemetry.emit(&next, &[], &[]));
            panic!("link {n}");
        };
        attach(own(name, &format!("place.{name}"), run));
    }
    telemetry().map(|telemetry| telemetry.emit("place.link_0", &[], &[]));
    tell_of(&["link_0", "link_15", "link_16", "link_17", "link_39"]);
}

fn link(n: usize) {
    if n < LINKS {
        link(n + 1);
    }
    panic!("link {n}");
}

/// A thousand calls.
const DEPTH: u32 = 999;

/// Two functions that call each other a thousand deep, and panic on every level.
pub(crate) fn mutual_1000() {
    start();
    if is_bare() {
        bare_ping(DEPTH);
    }
    ping(DEPTH);
    tell_of(&["ping", "pong"]);
}

#[defensive_handler(quarantine = false)]
fn ping(depth: u32) {
    if depth > 0 {
        pong(depth - 1);
    }
    panic!("ping {depth}");
}

#[defensive_handler(quarantine = false)]
fn pong(depth: u32) {
    if depth > 0 {
        ping(depth - 1);
    }
    panic!("pong {depth}");
}

fn bare_ping(depth: u32) {
    if depth > 0 {
        bare_ping(depth - 1);
    }
    panic!("ping {depth}");
}
