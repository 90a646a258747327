//! The mark that a guarded call leaves on its thread, by which the hook knows it.
//!
//! The thread-local has no destructor, so that it works in the destructors of all others.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    io::Write as _,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    UNWINDS, hook,
    payload::{PanicLocation, message_of},
    text::Text,
};
use crate::hazard::{
    Outermost,
    state::{self, LASTING, LOUD, POLLING, SILENT, UNSETTLED},
};

/// What the hook does with a panic inside the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Voice {
    /// Captures it and says nothing.
    Silent = SILENT,
    /// Captures it and lets the previous hook speak: strict mode, and panics that pass through.
    Loud = LOUD,
}

/// What the hook saw of the last panic inside the innermost call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Captured {
    voice: Voice,
    file: Text<160>,
    line: u32,
    column: u32,
    message: Text<512>,
}

/// What is left of guarded calls, and what the hook saw.
struct Mark {
    captured: RefCell<Option<Captured>>,
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
            captured: RefCell::new(None),
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
            || self.captured.borrow().is_some()
            || !hook::is_installed();
        let unsettled = if unsettled { UNSETTLED } else { 0 };
        speak(voice.map_or(0, |voice| voice as u8) | unsettled);
    }

    /// What was captured: in a box, for it is large and almost never there.
    fn take(&self) -> Option<Box<Captured>> {
        if self.captured.borrow().is_none() {
            return None;
        }
        self.captured.take().map(Box::new)
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

/// A guarded call on this thread's stack that found nothing to look at, as almost all do.
#[derive(Clone, Copy)]
pub(crate) struct Quiet {
    /// The state of the thread before the call, and after it.
    idle: u8,
    /// The state that the call is left in if it goes well.
    running: u8,
}

/// A guarded call on this thread's stack; what was there before comes back when it leaves: another
/// call, a panic that was caught or goes on.
pub(super) struct Frame {
    voice: Option<Voice>,
    captured: Option<Box<Captured>>,
    hook_finished: bool,
}

impl Quiet {
    /// Enters a silent call; `None` where there is something to look at. It has to be left.
    #[inline]
    pub(crate) fn enter() -> Option<Self> {
        let idle = state::get();
        if std::thread::panicking() || idle & !LASTING != 0 {
            return None;
        }
        Some(Quiet::of(idle, SILENT))
    }

    /// The same for a poll of a handler's future.
    #[inline]
    pub(super) fn enter_poll() -> Option<Self> {
        let idle = state::get();
        if std::thread::panicking() || idle & !LASTING != 0 {
            return None;
        }
        Some(Quiet::of(idle, SILENT | POLLING))
    }

    /// The same for the outermost call of a thread.
    #[inline]
    pub(crate) fn enter_outermost<const FENCED: bool>(_: Outermost<FENCED>) -> Option<Self> {
        (!std::thread::panicking()).then(|| Quiet::of(Outermost::<FENCED>::IDLE, SILENT))
    }

    #[inline]
    fn of(idle: u8, call: u8) -> Self {
        let running = idle | call;
        state::set(running);
        Quiet { idle, running }
    }

    /// Whether the code left nothing to look at.
    #[inline]
    pub(crate) fn is_settled(&self) -> bool {
        state::get() == self.running
    }

    /// Ends the call. A panic that the code caught by itself stays visible.
    #[inline]
    pub(crate) fn leave(self) {
        if self.is_settled() {
            state::set(self.idle);
        } else if let Some(captured) = self.leave_unsettled() {
            captured.print();
        }
    }

    #[cold]
    pub(super) fn leave_unsettled(self) -> Option<Box<Captured>> {
        MARK.with(|mark| {
            let captured = mark.take();
            mark.restore(None);
            state::set(state::get() & !POLLING | self.idle & POLLING);
            captured
        })
    }
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
            };
            speak(voice as u8 | UNSETTLED);
            frame
        })
    }

    /// Ends the call; the panic that the hook saw last, if any.
    pub(super) fn leave(self) -> Option<Box<Captured>> {
        MARK.with(|mark| {
            mark.hook_finished.set(self.hook_finished);
            let captured = mark.take();
            if let Some(outer) = self.captured {
                mark.captured.replace(Some(*outer));
            }
            mark.restore(self.voice);
            captured
        })
    }
}

/// Called by the hook first: whether the panic belongs to a guarded call and shall be silent.
pub(super) fn claim(info: &std::panic::PanicHookInfo<'_>) -> bool {
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
        if let Some(earlier) = captured.take() {
            earlier.print();
        }
        let (file, line, column) = info
            .location()
            .map_or(("", 0, 0), |at| (at.file(), at.line(), at.column()));
        *captured = Some(Captured {
            voice,
            file: Text::of(file),
            line,
            column,
            message: Text::of(message_of(info.payload()).unwrap_or("Box<dyn Any>")),
        });
        voice == Voice::Silent && !aborts(info)
    })
}

/// Whether the process ends with this panic, for which nobody else would then say why.
fn aborts(info: &std::panic::PanicHookInfo<'_>) -> bool {
    let cannot_unwind = |message: &str| {
        message.starts_with("panic in a destructor during cleanup")
            || message.starts_with("panic in a function that cannot unwind")
    };
    !UNWINDS || message_of(info.payload()).is_some_and(cannot_unwind)
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

impl Captured {
    /// The place, if this is what the hook saw of `payload`: the code may have caught another
    /// panic after this one.
    pub(super) fn location_of(&self, payload: &(dyn Any + Send)) -> Option<PanicLocation> {
        let same = match message_of(payload) {
            Some(message) => message.starts_with(self.message.as_str()),
            None => self.message.as_str() == "Box<dyn Any>",
        };
        (same && self.line > 0).then(|| PanicLocation {
            file: self.file.as_str().into(),
            line: self.line,
            column: self.column,
        })
    }

    /// Says what the default hook would have said, for a panic that the code under guard caught
    /// by itself. A closed stderr is no reason to fail.
    pub(super) fn print(&self) {
        if self.voice == Voice::Loud {
            return;
        }
        let thread = std::thread::current();
        let _ = writeln!(
            std::io::stderr(),
            "\nthread '{}' panicked at {}:{}:{}:\n{}",
            thread.name().unwrap_or("<unnamed>"),
            self.file.as_str(),
            self.line,
            self.column,
            self.message.as_str(),
        );
    }
}
