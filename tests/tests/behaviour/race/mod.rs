//! What happens when everything happens at once: each test has an exact oracle.

mod availability;
mod life_cycle;
mod store;
