//! A list of handlers is replaced while others read it.

use std::sync::Arc;

use loom::thread;

use super::{Handler, List, Site, model};

/// An attach against an emission: the handler that was there is called once, neither skipped nor
/// repeated, and the list that was replaced is not freed while it is read.
mod attaching {
    use super::*;

    fn program() {
        let (site, before, after) = (Site::new(), Handler::new(), Handler::new());
        let (list, _memory) = List::of(&[&before]);
        site.set(Some(list));
        let emitter = thread::spawn({
            let site = Arc::clone(&site);
            move || site.emit()
        });
        let (list, _memory_too) = List::of(&[&before, &after]);
        site.set(Some(list));
        emitter.join().expect("the emitter");
        assert_eq!(before.conserved(), 1, "skipped or repeated");
        assert!(after.conserved() <= 1);
    }

    model!(
        program: holds,
        NoLightFence fails with "read after it was freed",
        NoHeavyFence fails with "read after it was freed",
        NoSecondLook fails with "skipped or repeated",
        NoLookAtMarks fails with "read after it was freed",
    );
}

/// Whoever has no mark reads an owned list, which the sweep leaves alone.
mod owned {
    use super::*;

    fn program() {
        let (site, handler) = (Site::new(), Handler::new());
        let (list, _memory) = List::of(&[&handler]);
        site.set(Some(list));
        let reader = thread::spawn({
            let site = Arc::clone(&site);
            move || {
                if let Some(list) = site.0.get() {
                    list.look();
                }
            }
        });
        site.set(None);
        reader.join().expect("the reader");
    }

    model!(program: holds);
}

/// A reader that comes while the value is replaced may mark both: what it is the last to have
/// marked is freed when it leaves.
mod leaving {
    use loom::sync::atomic::Ordering;

    use super::*;

    fn program() {
        let site = Site::new();
        let (list, _memory) = List::of(&[]);
        let freed = list.freed.expect("it knows");
        site.set(Some(list));
        let reader = thread::spawn({
            let site = Arc::clone(&site);
            move || site.lease()
        });
        let (list, _memory_too) = List::of(&[]);
        site.set(Some(list));
        reader.join().expect("the reader");
        assert!(freed.load(Ordering::Relaxed), "kept for nobody");
    }

    model!(
        program: holds,
        NoSweepAtLeave fails with "kept for nobody",
        NoHeavyFence fails with "kept for nobody",
    );
}
