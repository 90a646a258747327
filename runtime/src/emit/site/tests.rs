//! What whoever watches a site is told, and when.

use std::sync::atomic::AtomicBool;

use super::*;

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
    while !SITE.is_observed_by(&WATCHER).1 {
        // Another test has the list.
        std::thread::yield_now();
    }
    assert!(WATCHER.told_first.load(Ordering::Relaxed));
}
