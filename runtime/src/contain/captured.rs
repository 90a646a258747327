//! What the hook saw of a panic.

use std::{any::Any, io::Write as _, panic::PanicHookInfo, thread::Thread};

use super::{
    frame::Voice,
    payload::{PanicLocation, message_of},
    text::Text,
};
use crate::{
    escape::{self, LONGEST_ESCAPE},
    hazard,
};

/// What the hook saw of the last panic inside the innermost call. It is large: it is written in
/// place, and moved only where another call lies over it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Captured {
    voice: Voice,
    file: Text<160>,
    line: u32,
    column: u32,
    message: Text<512>,
}

impl Captured {
    pub(super) const NOTHING: Self = Captured {
        voice: Voice::Silent,
        file: Text::EMPTY,
        line: 0,
        column: 0,
        message: Text::EMPTY,
    };

    /// Takes the place of what was seen before.
    pub(super) fn set(&mut self, voice: Voice, info: &PanicHookInfo<'_>) {
        let (file, line, column) = info
            .location()
            .map_or(("", 0, 0), |at| (at.file(), at.line(), at.column()));
        self.voice = voice;
        self.file.set(file);
        self.line = line;
        self.column = column;
        let message = message_of(info.payload()).unwrap_or("Box<dyn Any>");
        self.message.set(message);
    }

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
    /// by itself, but with nothing in it that forges a line. A closed stderr is no reason to fail.
    pub(super) fn print(&self) {
        if self.voice == Voice::Loud {
            return;
        }
        // This may be a hook, where a thread that is too far gone to be asked for its name must not be.
        let thread = hazard::here().and_then(|_| hazard::current_thread());
        let name = thread.as_ref().and_then(Thread::name);
        let _ = writeln!(
            std::io::stderr(),
            "\nthread '{}' panicked at {}:{}:{}:\n{}",
            safe(name.unwrap_or("<unnamed>")),
            safe(self.file.as_str()),
            self.line,
            self.column,
            safe(self.message.as_str()),
        );
    }
}

fn safe(text: &str) -> String {
    escape::bounded(text, text.len() * LONGEST_ESCAPE).text
}
