//! The mark that a guarded call leaves on its thread, by which the hook knows it.
//!
//! The thread-local has no destructor, so that it works in the destructors of all others.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    panic::{Location, PanicHookInfo},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    UNWINDS,
    captured::Captured,
    hook,
    payload::{PanicLocation, message_of},
    watch,
};
use crate::hazard::state::{self, LASTING, LOUD, SILENT, UNSETTLED};

/// What the hook does with a panic inside the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Voice {
    /// Captures it and says nothing.
    Silent = SILENT,
    /// Captures it and lets the previous hook speak: strict mode, and panics that pass through.
    Loud = LOUD,
}

/// What is left of guarded calls, and what the hook saw.
struct Mark {
    captured: RefCell<Captured>,
    has_captured: Cell<bool>,
    hooks_running: Cell<u32>,
    hook_finished: Cell<bool>,
    /// Whether an event came from a panicking thread before our hook did.
    came_before_hook: Cell<bool>,
}

/// Whether a hook that was installed over ours emits events.
static HOOK_OVER_OURS: AtomicBool = AtomicBool::new(false);

thread_local! {
    static MARK: Mark = const {
        Mark {
            captured: RefCell::new(Captured::NOTHING),
            has_captured: Cell::new(false),
            hooks_running: Cell::new(0),
            hook_finished: Cell::new(false),
            came_before_hook: Cell::new(false),
        }
    };
}

impl Mark {
    /// A thread that does not panic awaits the hook of its next panic.
    fn await_hook(&self) {
        self.hook_finished.set(false);
        self.came_before_hook.set(false);
    }

    fn finish_hook(&self) {
        self.hook_finished.set(true);
        unsettle();
    }

    /// Goes back to what was there before a call.
    fn restore(&self, voice: Option<Voice>) {
        let unsettled = self.hook_finished.get()
            || self.came_before_hook.get()
            || self.has_captured.get()
            || !hook::is_installed();
        let unsettled = if unsettled { UNSETTLED } else { 0 };
        speak(voice.map_or(0, |voice| voice as u8) | unsettled);
    }

    /// What was captured, to be kept or told: almost never anything.
    fn take(&self) -> Option<Box<Captured>> {
        let had = self.has_captured.replace(false);
        had.then(|| Box::new(*self.captured.borrow()))
    }

    /// Puts back what was taken, in the place of what was captured since.
    fn put(&self, captured: Option<Box<Captured>>) {
        self.has_captured.set(captured.is_some());
        if let Some(captured) = captured {
            *self.captured.borrow_mut() = *captured;
        }
    }
}

/// Sets the voice of the innermost call, and whether anything is unsettled.
fn speak(voice: u8) {
    state::set(state::get() & LASTING | voice);
}

fn unsettle() {
    state::set(state::get() | UNSETTLED);
}

fn voice_now() -> Option<Voice> {
    match state::get() & !UNSETTLED & !LASTING {
        SILENT => Some(Voice::Silent),
        LOUD => Some(Voice::Loud),
        _ => None,
    }
}

/// A guarded call on this thread's stack; what was there before comes back when it leaves: another
/// call, a panic that was caught or goes on.
pub(super) struct Frame {
    voice: Option<Voice>,
    captured: Option<Box<Captured>>,
    hook_finished: bool,
    aside: Option<Box<watch::Aside>>,
}

/// What the hook saw of a panic that was caught: it stays where the hook wrote it until this is
/// dropped, for almost nobody asks for it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// What was there before the call.
    outer: Option<Box<Captured>>,
}

/// Ends an outermost call that left something to look at; the panic that the hook saw last, if any.
#[cold]
pub(super) fn settle() -> Option<Box<Captured>> {
    MARK.with(|mark| {
        let captured = mark.take();
        mark.await_hook();
        mark.restore(None);
        captured
    })
}

/// Ends an outermost call with a panic.
pub(super) fn settle_panicked() -> Seen {
    watch::forget();
    MARK.with(|mark| {
        mark.await_hook();
        mark.restore(None);
    });
    Seen { outer: None }
}

impl Frame {
    pub(super) fn enter(voice: Voice) -> Self {
        MARK.with(|mark| {
            if !std::thread::panicking() {
                mark.await_hook();
            }
            let frame = Frame {
                voice: voice_now(),
                captured: mark.take(),
                hook_finished: mark.hook_finished.get(),
                aside: watch::put_aside(),
            };
            speak(voice as u8 | UNSETTLED);
            frame
        })
    }

    /// Ends the call; the panic that the hook saw last, if any.
    pub(super) fn leave(self) -> Option<Box<Captured>> {
        if let Some(aside) = &self.aside {
            watch::put_back(aside);
        }
        MARK.with(|mark| {
            mark.hook_finished.set(self.hook_finished);
            let captured = mark.take();
            mark.put(self.captured);
            mark.restore(self.voice);
            captured
        })
    }

    /// Ends the call with a panic.
    pub(super) fn leave_panicked(self) -> Seen {
        match &self.aside {
            Some(aside) => watch::put_back(aside),
            None => watch::forget(),
        }
        MARK.with(|mark| {
            mark.hook_finished.set(self.hook_finished);
            mark.restore(self.voice);
        });
        Seen {
            outer: self.captured,
        }
    }
}

#[expect(clippy::unused_self, reason = "what it stands for ends with it")]
impl Seen {
    /// Where the panic with this payload began, if the hook saw it.
    pub(super) fn location_of(&self, payload: &(dyn Any + Send)) -> Option<PanicLocation> {
        MARK.with(|mark| {
            if !mark.has_captured.get() {
                return None;
            }
            mark.captured.borrow().location_of(payload)
        })
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        MARK.with(|mark| {
            mark.put(self.outer.take());
            mark.restore(voice_now());
        });
    }
}

/// Called by the hook first: whether the panic belongs to a guarded call and shall be silent.
pub(super) fn claim(info: &PanicHookInfo<'_>) -> bool {
    MARK.with(|mark| {
        mark.finish_hook();
        if mark.came_before_hook.replace(false) {
            HOOK_OVER_OURS.store(true, Ordering::Relaxed);
        }
        let Some(voice) = voice_now() else {
            return false;
        };
        let Ok(mut captured) = mark.captured.try_borrow_mut() else {
            return false;
        };
        if mark.has_captured.replace(true) {
            captured.print();
        }
        captured.set(voice, info);
        voice == Voice::Silent && !aborts(info)
    })
}

/// Whether the process ends with this panic, for which nobody else would then say why.
fn aborts(info: &PanicHookInfo<'_>) -> bool {
    let cannot_unwind = |message: &str| {
        message.starts_with("panic in a destructor during cleanup")
            || message.starts_with("panic in a function that cannot unwind")
    };
    // Anybody may panic with these words, but only the compiler's own calls do so from there.
    let is_of_the_compiler =
        |location: &Location<'_>| Path::new(location.file()).ends_with("core/src/panicking.rs");
    !UNWINDS
        || message_of(info.payload()).is_some_and(cannot_unwind)
            && info.location().is_some_and(is_of_the_compiler)
}

/// Runs the previous hook, marked so that handlers called from inside it are skipped.
pub(super) fn in_hook(previous: impl FnOnce()) {
    MARK.with(|mark| mark.hooks_running.set(mark.hooks_running.get() + 1));
    previous();
    MARK.with(|mark| mark.hooks_running.set(mark.hooks_running.get() - 1));
}

/// Marks a panic that goes on without its hook.
pub(super) fn skip_hook() {
    MARK.with(Mark::finish_hook);
}

/// Whether this code was called by a panic hook, where a panic aborts and cannot be caught.
///
/// A hook that was installed over ours runs before it: then the thread is panicking and our
/// hook has not yet finished for this panic. A panic that is resumed looks the same, but ours does
/// not follow. Nothing tells a later panic from the unwinding of an earlier one that was caught
/// elsewhere, so once such a hook is known, every event of a panicking thread counts as one from
/// a hook.
pub(crate) fn in_panic_hook() -> bool {
    MARK.with(|mark| {
        if !std::thread::panicking() {
            mark.await_hook();
            return false;
        }
        if !mark.hook_finished.get() && mark.hooks_running.get() == 0 && hook::is_installed() {
            mark.came_before_hook.set(true);
            unsettle();
        }
        mark.hooks_running.get() > 0
            || !mark.hook_finished.get()
            || HOOK_OVER_OURS.load(Ordering::Relaxed)
    })
}
