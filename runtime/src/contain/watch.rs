//! What the panic hook saw, for code that is not called under a catch: an instrumented function
//! learns of its panic while the thread unwinds, when the payload is out of reach.
//!
//! The thread-local has no destructor, so that it works in the destructors of all others.

use std::{
    cell::{Cell, RefCell},
    panic::PanicHookInfo,
};

use super::{
    frame, hook,
    payload::{PanicLocation, message_of},
    text::Text,
};

struct Watch {
    /// How many watches are on this thread's stack.
    depth: Cell<u32>,
    /// How many panics were seen on this thread while it was watched.
    serial: Cell<u32>,
    seen: RefCell<Sight>,
}

/// The last panic that was seen. It is large, and written in place.
#[derive(Clone, Copy)]
struct Sight {
    is_text: bool,
    message: Text<512>,
    file: Text<160>,
    line: u32,
    column: u32,
}

thread_local! {
    static WATCH: Watch = const {
        Watch {
            depth: Cell::new(0),
            serial: Cell::new(0),
            seen: RefCell::new(Sight {
                is_text: false,
                message: Text::EMPTY,
                file: Text::EMPTY,
                line: 0,
                column: 0,
            }),
        }
    };
}

/// A stretch of code on this thread's stack whose panic is watched for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watching {
    serial: u32,
    /// Whether the thread was unwinding already: then nothing tells a new panic from that one.
    was_panicking: bool,
}

/// A panic as the hook saw it. What it did not see is not there: a hook that was set over ours may
/// keep it from ours, and a panic that is resumed runs none.
#[derive(Debug)]
pub(crate) struct Witnessed {
    pub(crate) message: Option<String>,
    pub(crate) location: Option<PanicLocation>,
}

impl Watching {
    /// Begins to watch; it has to be ended.
    #[inline]
    pub(crate) fn begin() -> Self {
        hook::ensure();
        WATCH.with(|watch| {
            watch.depth.set(watch.depth.get() + 1);
            Watching {
                serial: watch.serial.get(),
                was_panicking: std::thread::panicking(),
            }
        })
    }

    /// Ends it.
    #[expect(clippy::unused_self, reason = "what it stands for ends with it")]
    #[inline]
    pub(crate) fn end(self) {
        WATCH.with(|watch| watch.depth.set(watch.depth.get().saturating_sub(1)));
    }

    /// Whether the code is being left by a panic, as far as the thread can tell.
    #[inline]
    pub(crate) fn is_panicking(self) -> bool {
        !self.was_panicking && std::thread::panicking()
    }

    /// What was seen of the panic that leaves the code.
    pub(crate) fn witnessed(self) -> Witnessed {
        if self.is_panicking() {
            // It unwinds through here, and so no hook is running, whether or not ours was called.
            frame::skip_hook();
        }
        WATCH.with(|watch| {
            let nothing = Witnessed {
                message: None,
                location: None,
            };
            if watch.serial.get() == self.serial {
                return nothing;
            }
            watch.seen.try_borrow().map_or(nothing, |seen| Witnessed {
                message: seen.is_text.then(|| seen.message.as_str().to_owned()),
                location: (seen.line > 0).then(|| PanicLocation {
                    file: seen.file.as_str().into(),
                    line: seen.line,
                    column: seen.column,
                }),
            })
        })
    }
}

/// Whether code on this thread's stack is watched.
pub(crate) fn is_watched() -> bool {
    WATCH.with(|watch| watch.depth.get() > 0)
}

/// What was seen of the panic that unwinds through a watch, while guarded code of somebody else runs.
pub(super) struct Aside {
    serial: u32,
    sight: Sight,
}

/// Puts aside what was seen, if this thread unwinds and is watched: a panic of other code must not
/// be taken for the one that unwinds.
pub(super) fn put_aside() -> Option<Box<Aside>> {
    WATCH.with(|watch| {
        if watch.depth.get() == 0 || !std::thread::panicking() {
            return None;
        }
        let sight = *watch.seen.try_borrow().ok()?;
        let serial = watch.serial.get();
        Some(Box::new(Aside { serial, sight }))
    })
}

/// Puts back what was put aside.
pub(super) fn put_back(aside: &Aside) {
    WATCH.with(|watch| {
        watch.serial.set(aside.serial);
        if let Ok(mut seen) = watch.seen.try_borrow_mut() {
            *seen = aside.sight;
        }
    });
}

/// Forgets the last panic, which was caught: it is not that of a function around.
pub(super) fn forget() {
    WATCH.with(|watch| {
        if let Ok(mut seen) = watch.seen.try_borrow_mut() {
            (seen.is_text, seen.line) = (false, 0);
        }
    });
}

/// Called by the hook: notes the panic where somebody watches.
pub(super) fn note(info: &PanicHookInfo<'_>) {
    WATCH.with(|watch| {
        if watch.depth.get() == 0 {
            return;
        }
        watch.serial.set(watch.serial.get().wrapping_add(1));
        if let Ok(mut seen) = watch.seen.try_borrow_mut() {
            let message = message_of(info.payload());
            seen.is_text = message.is_some();
            seen.message.set(message.unwrap_or_default());
            let (file, line, column) = info
                .location()
                .map_or(("", 0, 0), |at| (at.file(), at.line(), at.column()));
            seen.file.set(file);
            (seen.line, seen.column) = (line, column);
        }
    });
}
