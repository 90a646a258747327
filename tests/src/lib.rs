//! What the tests share: captured records, waits that fail loudly, processes with a deadline.

#![forbid(unsafe_code)]

mod polling;
mod records;
mod scenario;
mod tally;
mod wait;

pub use crate::{
    polling::{block_on, pause, run},
    records::{Record, Records},
    scenario::{Ended, Scenario},
    tally::{refused, tally},
    wait::{PATIENCE, wait_until},
};
