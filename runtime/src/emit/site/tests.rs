//! What whoever watches a site is told, and when.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::{Handler, Telemetry};

/// Whether it was told before anybody else could find the site joined.
struct Watcher {
    told_first: AtomicBool,
}

impl Watch for Watcher {
    fn observed(&self, site: &'static EmitSite, _: bool, _: &[Arc<Core>]) {
        let is_new = site.state.load(Ordering::Relaxed) == NEW;
        self.told_first.store(is_new, Ordering::Relaxed);
    }
}

#[test]
fn a_site_that_was_found_joined_was_told_of() {
    static SITE: EmitSite = EmitSite::new("site.told.first");
    static WATCHER: Watcher = Watcher {
        told_first: AtomicBool::new(false),
    };
    join(&SITE, &WATCHER);
    assert!(WATCHER.told_first.load(Ordering::Relaxed));
}

/// Joins the list, also while another test has it.
fn join(site: &'static EmitSite, watcher: &'static dyn Watch) {
    while !site.is_observed_by(watcher).1 {
        std::thread::yield_now();
    }
}

/// The ends of the sites that are observed, by the order in which they came to be.
struct Observed(Mutex<Vec<&'static str>>);

impl Watch for Observed {
    fn observed(&self, site: &'static EmitSite, is_observed: bool, _: &[Arc<Core>]) {
        let mut observed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let end = site.name.rsplit('.').next().unwrap_or_default();
        observed.retain(|known| *known != end || is_observed);
        if is_observed && !observed.contains(&end) {
            observed.push(end);
        }
    }
}

#[test]
fn a_start_is_observed_once_its_ends_are() {
    static START: EmitSite = EmitSite::new("site.turn.start");
    static STOP: EmitSite = EmitSite::new("site.turn.stop");
    static EXCEPTION: EmitSite = EmitSite::new("site.turn.exception");
    static OBSERVED: Observed = Observed(Mutex::new(Vec::new()));
    let observed = || OBSERVED.0.lock().unwrap_or_else(PoisonError::into_inner);
    for site in [&START, &STOP, &EXCEPTION] {
        join(site, &OBSERVED);
    }
    assert!(observed().is_empty());
    let telemetry = Telemetry::isolated();
    let handler = Handler::new("ear", "site.turn.*", |_| ());
    assert!(telemetry.attach(handler).is_ok());
    assert_eq!(*observed(), ["exception", "stop", "start"]);
    drop(telemetry);
    assert!(observed().is_empty());
}
