//! Known messages, for panics and errors that carry no type.
//!
//! The first row that fits wins. Each row has a test that makes the real panic, so that a new
//! compiler or tokio that words it otherwise is noticed.

#![allow(
    clippy::enum_glob_use,
    reason = "the reasons are a table's right column"
)]

#[cfg(any(test, fuzzing))]
pub(crate) mod scan;

use crate::{
    contain::Start as Begun,
    reason::SkipReason::{self, *},
};

/// How much of a message is searched.
const SEARCHED: usize = 512;

#[derive(Clone, Copy)]
enum Fits {
    Start(&'static str),
    Anywhere(&'static str),
}
use Fits::{Anywhere, Start};

/// What the standard library, tokio and ractor say when they panic.
const PANICS: &[(Fits, SkipReason)] = &[
    // An error was unwrapped: its Debug says which.
    (Anywhere("PoisonError"), StateCorrupted),
    (Anywhere("kind: NotFound"), StateUnavailable),
    (Anywhere("AccessError"), StateUnavailable),
    (Anywhere("BorrowMutError"), StateCorrupted),
    (Anywhere("BorrowError"), StateCorrupted),
    (Anywhere("TryReserveError"), ResourceExhausted),
    (Anywhere("kind: StorageFull"), ResourceExhausted),
    (Anywhere("kind: OutOfMemory"), ResourceExhausted),
    (Anywhere("kind: QuotaExceeded"), ResourceExhausted),
    (Anywhere("Too many open files"), ResourceExhausted),
    (Anywhere("kind: Unsupported"), NotImplemented),
    (Anywhere("kind: BrokenPipe"), PeerDead),
    (Anywhere("kind: ConnectionRefused"), PeerDead),
    (Anywhere("kind: ConnectionReset"), PeerDead),
    (Anywhere("kind: UnexpectedEof"), PeerDead),
    (Anywhere("kind: TimedOut"), TimedOut),
    (Anywhere("Kind(NotFound)"), StateUnavailable),
    (Anywhere("Kind(OutOfMemory)"), ResourceExhausted),
    (Anywhere("Kind(BrokenPipe)"), PeerDead),
    (Anywhere("Kind(TimedOut)"), TimedOut),
    (Anywhere("Elapsed(())"), TimedOut),
    (Anywhere("JoinError::Cancelled"), ShuttingDown),
    (Anywhere("JoinError::Panic"), PeerDead),
    (Anywhere("SendError"), PeerDead),
    (Anywhere("RecvError"), PeerDead),
    (Anywhere("SendErr"), PeerDead),
    (Anywhere("RecvErr"), PeerDead),
    (Anywhere("InvalidActorType"), ContractViolation),
    (Anywhere("StartupFailed("), PeerDead),
    (Anywhere("on a `SenderError` value"), PeerDead),
    (Anywhere("on a `Timeout` value"), TimedOut),
    (Anywhere("on an `Err` value: Timeout"), TimedOut),
    (Anywhere("on an `Err` value: Disconnected"), PeerDead),
    (Anywhere("ParseIntError"), ContractViolation),
    (Anywhere("ParseFloatError"), ContractViolation),
    (Anywhere("ParseBoolError"), ContractViolation),
    (Anywhere("Utf8Error"), ContractViolation),
    (Anywhere("TryFromIntError"), ContractViolation),
    // Thread-locals, cells and lazies.
    (
        Start("cannot access a Thread Local Storage value"),
        StateUnavailable,
    ),
    (Start("RefCell already"), StateCorrupted),
    (Start("already borrowed"), StateCorrupted),
    (Start("already mutably borrowed"), StateCorrupted),
    (
        Start("LazyLock instance has previously been poisoned"),
        StateCorrupted,
    ),
    (
        Start("LazyCell instance has previously been poisoned"),
        StateCorrupted,
    ),
    (
        Start("Once instance has previously been poisoned"),
        StateCorrupted,
    ),
    // Limits.
    (Start("capacity overflow"), ResourceExhausted),
    (Start("Hash table capacity overflow"), ResourceExhausted),
    (Start("failed to spawn thread"), ResourceExhausted),
    // Unfinished code.
    (Start("not yet implemented"), NotImplemented),
    (Start("not implemented"), NotImplemented),
    // Broken promises.
    (
        Start("internal error: entered unreachable code"),
        ContractViolation,
    ),
    (Start("assertion failed"), ContractViolation),
    (Start("assertion `"), ContractViolation),
    (
        Start("called `Option::unwrap()` on a `None` value"),
        ContractViolation,
    ),
    (Start("index out of bounds"), ContractViolation),
    (Start("range start index"), ContractViolation),
    (Start("range end index"), ContractViolation),
    (Start("slice index starts at"), ContractViolation),
    (Start("byte index"), ContractViolation),
    (Start("start byte index"), ContractViolation),
    (Start("end byte index"), ContractViolation),
    (Start("begin > end"), ContractViolation),
    (Start("byte range starts at"), ContractViolation),
    (Start("mid > len"), ContractViolation),
    (
        Start("copy_from_slice: source slice length"),
        ContractViolation,
    ),
    (Start("source slice length"), ContractViolation),
    (Start("swap_remove index"), ContractViolation),
    (Start("removal index"), ContractViolation),
    (Start("insertion index"), ContractViolation),
    (Start("chunk size must be non-zero"), ContractViolation),
    (Start("attempt to "), ContractViolation),
    // tokio.
    (Start("there is no reactor running"), ShuttingDown),
    (
        Anywhere("must be called from the context of a Tokio"),
        ShuttingDown,
    ),
    (
        Start("A Tokio 1.x context was found, but it is being shutdown"),
        ShuttingDown,
    ),
    (
        Start("The Tokio context thread-local variable has been destroyed"),
        ShuttingDown,
    ),
    (
        Start("Cannot start a runtime from within a runtime"),
        ContractViolation,
    ),
    (
        Start("Cannot block the current thread from within a runtime"),
        ContractViolation,
    ),
    (
        Start("Cannot drop a runtime in a context where blocking is not allowed"),
        ContractViolation,
    ),
];

/// How errors begin whose type has parameters or is another's, so that it cannot be asked for.
const ERRORS: &[(&str, SkipReason)] = &[
    (
        "A Tokio 1.x context was found, but it is being shutdown",
        ShuttingDown,
    ),
    ("sending on a closed channel", PeerDead),
    ("channel closed", PeerDead),
    ("sending on a full channel", Overloaded),
    ("no available capacity", Overloaded),
    ("poisoned lock: another task failed inside", StateCorrupted),
    ("Messaging failed because channel is closed", PeerDead),
    ("Messaging failed to enqueue the message", PeerDead),
    (
        "Messaging failed due to the provided actor type",
        ContractViolation,
    ),
    ("Actor panicked", PeerDead),
];

/// The same of those that say no more than this, with which others may begin.
const WHOLE_ERRORS: &[(&str, SkipReason)] = &[("timeout", TimedOut)];

/// The reason of a panic with this message.
pub(super) fn reason_of_panic(message: &str) -> Option<SkipReason> {
    PANICS_BY_BYTE.lookup(message)
}

/// The reason of an error that begins so.
pub(super) fn reason_of_error(text: &Begun) -> Option<SkipReason> {
    let fits = |(start, _): &&(&str, SkipReason)| text.as_bytes().starts_with(start.as_bytes());
    let is_whole = |(whole, _): &&(&str, SkipReason)| text.as_bytes() == whole.as_bytes();
    let found = ERRORS.iter().find(fits);
    let found = found.or_else(|| WHOLE_ERRORS.iter().find(is_whole));
    found.map(|&(_, reason)| reason)
}

static PANICS_BY_BYTE: ByByte = ByByte::new(PANICS);

/// A table whose rows are found by their first byte, so that a text is searched once and not once
/// for each row.
struct ByByte {
    rows: &'static [(Fits, SkipReason)],
    /// The rows that begin with a byte, as a set.
    starting: [u128; 128],
    anywhere: u128,
}

impl ByByte {
    const fn new(rows: &'static [(Fits, SkipReason)]) -> Self {
        assert!(rows.len() < 128, "the rows are a set in one word");
        let (mut starting, mut anywhere) = ([0; 128], 0);
        let mut row = 0;
        while row < rows.len() {
            let text = match rows[row].0 {
                Start(text) => text,
                Anywhere(text) => {
                    anywhere |= 1 << row;
                    text
                }
            };
            starting[text.as_bytes()[0] as usize] |= 1 << row;
            row += 1;
        }
        ByByte {
            rows,
            starting,
            anywhere,
        }
    }

    /// The reason of the first row that fits.
    fn lookup(&self, message: &str) -> Option<SkipReason> {
        let text = &message.as_bytes()[..message.len().min(SEARCHED)];
        let mut found = None;
        // The rows that would win if they fit here.
        let mut rows = u128::MAX;
        for (place, byte) in text.iter().enumerate() {
            let starting = self.starting.get(usize::from(*byte)).unwrap_or(&0);
            if let Some(row) = self.first_fit(rows & starting, &text[place..]) {
                found = Some(row);
                rows &= (1 << row) - 1;
            }
            if place == 0 {
                rows &= self.anywhere;
            }
        }
        found.map(|row| self.rows[row].1)
    }

    /// The first of these rows that the text starts with.
    fn first_fit(&self, mut rows: u128, text: &[u8]) -> Option<usize> {
        while rows != 0 {
            let row = rows.trailing_zeros() as usize;
            let (Start(known) | Anywhere(known)) = self.rows[row].0;
            if text.starts_with(known.as_bytes()) {
                return Some(row);
            }
            rows &= rows - 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contain::START;

    #[test]
    fn the_first_row_that_fits_wins_wherever_it_fits() {
        let both = "assertion failed: PoisonError { .. }";
        assert_eq!(reason_of_panic(both), Some(StateCorrupted));
        let twice = "RecvError after kind: NotFound";
        assert_eq!(reason_of_panic(twice), Some(StateUnavailable));
    }

    #[test]
    fn a_start_fits_only_at_the_start() {
        assert_eq!(reason_of_panic("already borrowed"), Some(StateCorrupted));
        assert_eq!(reason_of_panic("it was already borrowed"), None);
        let behind_another =
            "it must be called from the context of a Tokio 1.x; not yet implemented";
        assert_eq!(reason_of_panic(behind_another), Some(ShuttingDown));
        assert_eq!(reason_of_panic("kind: Timed"), None, "half a row");
        assert_eq!(reason_of_panic(""), None);
    }

    #[test]
    fn only_the_beginning_of_a_message_is_searched() {
        let far = |length| format!("{}RecvError", "é".repeat(length));
        assert_eq!(reason_of_panic(&far(250)), Some(PeerDead));
        assert_eq!(reason_of_panic(&far(256)), None);
    }

    #[test]
    fn as_much_of_an_error_is_read_as_is_compared() {
        assert!(ERRORS.iter().all(|(start, _)| start.len() <= START));
    }
}
