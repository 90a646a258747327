//! Paired measurement: what is compared is timed in turn, round by round, in one process.

mod child;
pub(crate) mod group;
pub(crate) mod instructions;
mod options;
mod table;
mod together;

pub(crate) use self::{
    child::{Figures, Probe},
    group::{Case, Group, median},
    instructions::count,
    options::{Mode, Options},
    table::{Row, Table},
};
