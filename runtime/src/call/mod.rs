//! One call of a handler: admitted, run under guard, counted, and told if it failed.

mod admission;
mod attempt;
mod caller;
mod defend;
mod ended;
mod future;
mod news;
mod sample;
pub(crate) mod short;
mod sync;

pub use self::defend::{FromSkip, YieldSkip, defend, defend_async, yield_skip};
pub(crate) use self::{
    attempt::Attempt,
    caller::Caller,
    defend::{Left, not_handled},
    ended::Ended,
    future::{Held, guarded},
    news::{News, cause, hear_skips, tell_changes, told_by},
    sync::{call, call_whole},
};
