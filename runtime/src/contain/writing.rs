//! The guard around what formats itself: a panic becomes a marker, and so does a value that is
//! shown while another is; what does not stop when it is refused is stopped.
//!
//! The thread-local has no destructor, so that it works in the destructors of all others.

use std::{
    cell::Cell,
    fmt::{self, Write},
};

use super::{UNWINDS, attempt, raise};

/// What stands for a value whose `Debug` or `Display` panicked.
pub(crate) const PANICKED: &str = "<formatting panicked>";

/// What stands for a value that would be shown while another is.
pub(crate) const NESTED: &str = "<formatted inside another value>";

/// How often a formatter may ask for more after it was refused. One that goes on for ever would
/// otherwise never come back.
const MOST_REFUSALS: u32 = 1 << 20;

/// What is shown.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(crate) enum Showing {
    /// A value. What its format emits has no values of its own: it may well be the same one again.
    Value = 1,
    /// What a failure or an event says in words, also where a value's format has called for it.
    Message = 4,
}

thread_local! {
    /// How many formats are on this thread's stack.
    static DEPTH: Cell<u8> = const { Cell::new(0) };
}

/// Lets user code write to `writer`, which keeps what it took until it refused.
///
/// # Errors
///
/// The marker that stands for the value.
pub(crate) fn write_guarded(
    showing: Showing,
    writer: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> fmt::Result,
) -> Result<(), &'static str> {
    let depth = DEPTH.get();
    if depth >= showing as u8 {
        return Err(NESTED);
    }
    DEPTH.set(depth + 1);
    let mut until_refused = UntilRefused {
        writer,
        refusals: 0,
    };
    let written = attempt(|| write(&mut until_refused));
    DEPTH.set(depth);
    match written {
        // A formatter may take a refusal for a reason to panic.
        None if until_refused.refusals == 0 => Err(PANICKED),
        _ => Ok(()),
    }
}

/// Asks the writer for nothing more once it has refused.
struct UntilRefused<'a> {
    writer: &'a mut dyn Write,
    refusals: u32,
}

impl Write for UntilRefused<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.refusals == 0 && self.writer.write_str(text).is_ok() {
            return Ok(());
        }
        self.refusals = self.refusals.saturating_add(1);
        if UNWINDS && self.refusals > MOST_REFUSALS {
            raise(Box::new("a formatter that goes on when it is refused"));
        }
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::Bounded;

    /// What is kept of what `write` writes, in ten bytes.
    fn written(write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> Result<String, &'static str> {
        let mut kept = Bounded::new(10);
        write_guarded(Showing::Value, &mut kept, write).map(|()| kept.finish().text)
    }

    #[test]
    fn what_goes_on_when_it_is_refused_is_stopped() {
        let kept = written(|to| {
            loop {
                let _ = to.write_str("abc");
            }
        });
        assert_eq!(kept.as_deref(), Ok("abcabcabca"));
    }

    #[test]
    fn nothing_is_taken_after_a_refusal() {
        let kept = written(|to| {
            for text in ["12345678", "€", "9"] {
                let _ = to.write_str(text);
            }
            Ok(())
        });
        assert_eq!(kept.as_deref(), Ok("12345678"));
    }

    #[test]
    fn a_panic_over_a_refusal_leaves_what_was_taken() {
        let kept = written(|to| panic!("{:?}", to.write_str("more than that")));
        assert_eq!(kept.as_deref(), Ok("more than "));
        assert_eq!(written(|_| panic!()), Err(PANICKED));
    }

    #[test]
    fn a_value_is_shown_in_no_other() {
        let mut inner = None;
        let outer = written(|to| {
            let _ = to.write_str("outer");
            inner = Some(written(|to| to.write_str("inner")));
            Ok(())
        });
        assert_eq!(outer.as_deref(), Ok("outer"));
        assert_eq!(inner, Some(Err(NESTED)));
        assert_eq!(written(|_| Ok(())).as_deref(), Ok(""));
    }
}
