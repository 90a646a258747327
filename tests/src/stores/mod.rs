//! Real things for resources to be made of, and the ways to kill them.

mod peer;
mod server;
mod table;

pub use self::{peer::Peer, server::Server, table::Table};
