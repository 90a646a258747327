//! What the tests share: captured records, waits that fail loudly, processes with a
//! deadline, and stores that can be killed.

#![forbid(unsafe_code)]

mod choices;
mod crowd;
mod polling;
mod program;
mod records;
mod scenario;
pub mod stores;
mod tally;
mod threads;
mod wait;

pub use crate::{
    choices::{Choices, seed},
    crowd::{Crowd, crowd},
    polling::{block_on, pause, run},
    program::{say, start_without_quarantine},
    records::{Record, Records},
    scenario::{Ended, Scenario},
    tally::{refused, tally},
    threads::without_threads,
    wait::{PATIENCE, wait_until},
};
