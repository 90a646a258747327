//! After a shutdown no handler runs, whatever was emitted or attached meanwhile.

use std::sync::Arc;

use loom::{sync::Mutex, thread};

use super::{Handler, List, Site, model};
use crate::{
    gate::Idle,
    hazard::{Mutation, is_broken},
    sync::lock,
};

/// The handlers of a telemetry, as `registry` has them.
#[derive(Default)]
struct Registry {
    handlers: Vec<Arc<Handler>>,
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

/// Refuses new handlers, and drains those that are there in the reverse of their order.
fn shut_down(registry: &Mutex<Registry>, site: &Site) {
    let mut handlers = lock(registry).handlers.clone();
    {
        let mut registry = lock(registry);
        registry.closed = true;
        if !is_broken(Mutation::DrainBeforeClosing) {
            handlers = registry.handlers.clone();
        }
    }
    for handler in handlers.iter().rev() {
        assert_eq!(handler.detach(), Idle::Reached);
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
