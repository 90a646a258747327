//! Cargo, run on the scratch workspace.

use std::process::{Command, Output};

use crate::scratch::Scratch;

/// Runs a cargo command, without the network, in a target directory that stays for the next run.
pub(crate) fn cargo(scratch: &Scratch, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--no-fail-fast"].iter().filter(|flag| {
            // The flag for what goes on after a failure has another name in `check`.
            **flag == "--offline" || arguments[0] == "test"
        }))
        .current_dir(scratch.root.join("suite"))
        .env("CARGO_TARGET_DIR", scratch.root.join("target"))
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo starts")
}
