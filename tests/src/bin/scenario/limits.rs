//! What no guard contains, as the documentation says: each of these ends the process.

use std::hint::black_box;

use gambeson::{Event, Handler, emit};

use crate::{boom, process, say};

/// A handler that recurses without end.
pub(crate) fn stack() {
    fn dive(depth: u64) -> u64 {
        if black_box(depth) == u64::MAX {
            return depth;
        }
        black_box(dive(depth + 1)) + 1
    }
    let telemetry = process([Handler::new("till", "shop.opened", |_| {
        black_box(dive(0));
    })]);
    emit!("shop.opened");
    say(&telemetry, "till");
}

/// A handler that asks for more memory than there is; a capacity that no memory could have is a
/// panic instead, and contained.
pub(crate) fn memory() {
    let telemetry = process([
        Handler::new("absurd", "shop.opened", |_| {
            black_box(Vec::<u8>::with_capacity(black_box(usize::MAX)));
        }),
        Handler::new("greedy", "shop.opened", |_| {
            black_box(Vec::<u8>::with_capacity(black_box(
                isize::MAX.unsigned_abs() / 2,
            )));
        }),
    ]);
    let opened = Event::new("shop.opened", &[], &[]);
    let _ = telemetry.call("absurd", &opened);
    say(&telemetry, "absurd");
    let _ = telemetry.call("greedy", &opened);
    say(&telemetry, "greedy");
}

/// A hook of the program's own that panics: never called for a contained panic, fatal for others.
pub(crate) fn hook() {
    std::panic::set_hook(Box::new(|_| panic!("in the hook")));
    let telemetry = process([Handler::new("till", "shop.opened", boom)]);
    emit!("shop.opened");
    say(&telemetry, "till");
    let _ = std::panic::catch_unwind(|| panic!("nobody's"));
    say(&telemetry, "till");
}
