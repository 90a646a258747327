//! How a thread says what it is using, so that others can wait until nobody uses it.
//!
//! Every thread that emits owns a [slot](slot::Slot) with some words, its marks. Whoever uses a
//! thing writes its address into a mark and then looks whether the thing is still to be used;
//! whoever takes a thing away says so first and then reads all marks:
//!
//! ```text
//! user:   mark = thing     fence     taken away?  no: use it   mark = 0
//! taker:  taken away       fence     any mark of the thing?  no: nobody uses it, nor ever will
//! ```
//!
//! Between the write and the read of each stands a fence, so that at least one of the two sees the
//! other. Calls are many and takers few; so, where the system can, the taker's fence is made to
//! hold for all running threads ([`barrier`]) and the user's is free: two plain stores to memory
//! that only its own thread writes.
//!
//! The same slots hold the [counters](counts), for the same reason.

mod barrier;
pub(crate) mod counts;
mod leaving;
mod local;
mod mutation;
mod shared;
mod slot;

pub use self::barrier::use_fences;
#[cfg(all(test, not(loom)))]
pub(crate) use self::mutation::LEFT_OUT;
#[cfg(all(test, loom))]
pub(crate) use self::mutation::set_broken;
pub(crate) use self::{
    barrier::{heavy, is_asymmetric, leave, prepare},
    leaving::Leaving,
    local::{Here, Marker, Outermost, divert, here, is_diverted, outermost, state},
    mutation::{Mutation, is_broken},
    shared::{Guard, Shared, settle, sweep},
    slot::{Mark, Marked, Owner, current_thread, current_thread_id, holders, look, marks_of},
};
