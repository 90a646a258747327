//! One call of a handler: admitted, run under guard, counted, and told if it failed.

mod admission;
mod attempt;
mod caller;
mod defend;
mod future;
mod sample;
mod sync;

pub use self::defend::{FromSkip, YieldSkip, defend, defend_async, yield_skip};
pub(crate) use self::{
    attempt::{Attempt, Ended},
    caller::Caller,
    future::{Held, guarded},
    sync::{call, call_short, call_whole},
};
