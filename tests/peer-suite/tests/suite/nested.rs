//! Cargo, run on the scratch workspace.

use std::process::{Command, Output};

use crate::scratch::Scratch;

/// Runs a cargo command without the network, in a target directory that stays for the next run.
pub(crate) fn cargo(scratch: &Scratch, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(&scratch.root)
        .env("CARGO_TARGET_DIR", scratch.root.join("target"))
        .env("CARGO_TERM_COLOR", "never")
        .env("RUST_BACKTRACE", "0")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo starts")
}
