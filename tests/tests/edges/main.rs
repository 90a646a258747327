//! Where promises meet: failures inside failures, waits inside calls, ends during ends.

mod quarantine;
mod stragglers;
