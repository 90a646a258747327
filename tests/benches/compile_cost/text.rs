//! How much machine code a compiled crate has.

use std::{path::Path, process::Command};

/// The bytes of all `.text` sections, where the tool `size` is there to tell.
pub(crate) fn of(library: &Path) -> Option<u64> {
    let output = Command::new("size").arg("-A").arg(library).output().ok()?;
    let listing = String::from_utf8(output.stdout).ok()?;
    let sizes = listing.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let is_text = words.next()?.starts_with(".text");
        is_text.then(|| words.next()?.parse::<u64>().ok()).flatten()
    });
    output.status.success().then(|| sizes.sum())
}
