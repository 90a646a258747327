//! Handlers: how one is declared, and what is kept of it while it is attached.

mod bound;
mod breaker;
mod closure;
mod entry;
mod judged;
mod quarantine;
mod site;
mod tally;

pub(crate) use self::{
    bound::Bound,
    breaker::{Admission, Breaker, Change, Hearing, Limits},
    entry::{Entry, Runner, Source},
    tally::{Own, Place, Tally},
};
pub use self::{
    closure::{Handler, HandlerReturn, IntoHandler},
    judged::{Judge, Judged},
    quarantine::Quarantine,
    site::{BoxFuture, Declaration, Reference, Run, Site, type_name_of},
};
