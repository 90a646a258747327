//! Paired measurement: what is compared is timed in turn, round by round, in one process.

mod child;
mod group;
mod instructions;
mod options;
mod table;
mod together;

pub(crate) use self::{
    child::{Figures, Probe},
    group::{Case, Group, Round, Rounds, median},
    instructions::{Count, count},
    options::{Mode, Options},
    table::{Row, Table},
};
