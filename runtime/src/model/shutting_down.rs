//! After a shutdown no handler runs, whatever was emitted or attached meanwhile.

use std::sync::Arc;

use loom::{
    sync::{Mutex, atomic::Ordering},
    thread,
};

use super::{Handler, List, Site, model};
use crate::{
    gate::Idle,
    hazard::{self, Mutation, is_broken},
    sync::lock,
};

/// The handlers of a telemetry, as `registry` has them.
#[derive(Default)]
struct Registry {
    handlers: Vec<Arc<Handler>>,
    detached: Vec<Arc<Handler>>,
    closed: bool,
}

fn attach(registry: &Mutex<Registry>, site: &Site, handler: &Arc<Handler>) {
    let mut registry = lock(registry);
    if registry.closed {
        return;
    }
    registry.handlers.push(Arc::clone(handler));
    let (list, memory) = List::of(&registry.handlers.iter().collect::<Vec<_>>());
    std::mem::forget(memory);
    site.set(Some(list));
}

/// Takes one handler away by hand, and does not wait.
fn remove(registry: &Mutex<Registry>, handler: &Arc<Handler>) {
    let mut registry = lock(registry);
    registry
        .handlers
        .retain(|other| !Arc::ptr_eq(other, handler));
    if !is_broken(Mutation::CloseAfterRemoving) {
        handler.gate.close_unfenced();
    }
    registry.detached.push(Arc::clone(handler));
    drop(registry);
    handler.gate.close_unfenced();
}

/// Refuses new handlers, and drains those that are there, which no order keeps apart: one stage, as
/// in `telemetry/end`.
fn shut_down(registry: &Mutex<Registry>, site: &Site) {
    let mut handlers = lock(registry).handlers.clone();
    let busy: Vec<_>;
    {
        let mut registry = lock(registry);
        registry.closed = true;
        let marked = hazard::look();
        let detached = registry.detached.iter();
        let is_busy = |handler: &&Arc<Handler>| handler.gate.inside_of(&marked) > 0;
        busy = detached.filter(is_busy).cloned().collect();
        if !is_broken(Mutation::DrainBeforeClosing) {
            handlers = registry.handlers.clone();
        }
    }
    let stage: Vec<_> = handlers.iter().chain(&busy).collect();
    for handler in &stage {
        handler.gate.close_unfenced();
    }
    let marked = hazard::look();
    for handler in stage {
        assert_eq!(handler.drain(&marked), Idle::Reached);
    }
    site.set(None);
}

/// A shutdown against an emission and an attach.
mod emitting_and_attaching {
    use super::*;

    fn program() {
        let registry = Arc::new(Mutex::new(Registry::default()));
        let (site, first, late) = (Site::new(), Handler::new(), Handler::new());
        attach(&registry, &site, &first);
        let emitter = thread::spawn({
            let (registry, site) = (Arc::clone(&registry), Arc::clone(&site));
            let late = Arc::clone(&late);
            move || {
                attach(&registry, &site, &late);
                site.emit();
            }
        });
        shut_down(&registry, &site);
        for handler in [&first, &late] {
            let is_attached = lock(&registry)
                .handlers
                .iter()
                .any(|other| Arc::ptr_eq(other, handler));
            let is_done = !is_attached || handler.gate.is_closed();
            assert!(is_done, "attached after the shutdown");
        }
        emitter.join().expect("the emitter");
        first.conserved();
        late.conserved();
    }

    model!(
        program: holds,
        NoHeavyFence fails with "read after it was freed",
        DrainBeforeClosing fails with "attached after the shutdown",
    );
}

/// A shutdown against an emission and a detach by hand, which is between two of its steps.
mod emitting_and_detaching {
    use super::*;

    fn program() {
        let registry = Arc::new(Mutex::new(Registry::default()));
        let (site, handler) = (Site::new(), Handler::new());
        attach(&registry, &site, &handler);
        let emitter = thread::spawn({
            let site = Arc::clone(&site);
            move || site.emit()
        });
        let detacher = thread::spawn({
            let (registry, handler) = (Arc::clone(&registry), Arc::clone(&handler));
            move || remove(&registry, &handler)
        });
        shut_down(&registry, &site);
        handler.lent.store(false, Ordering::Relaxed);
        emitter.join().expect("the emitter");
        detacher.join().expect("the detacher");
        handler.conserved();
    }

    model!(
        program: holds,
        CloseAfterRemoving fails with "used after the detach",
    );
}
