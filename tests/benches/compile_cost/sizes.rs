//! How large a compiled crate is.

use std::{path::Path, process::Command};

/// Bytes of a crate, or of one of its functions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sizes {
    /// Machine code.
    pub(crate) text: f64,
    /// What it refers to: constants, statics, and the pointers in them.
    pub(crate) data: f64,
}

impl Sizes {
    /// The sum of all sections, where the tool `size` is there to tell.
    pub(crate) fn of(library: &Path) -> Option<Self> {
        let output = Command::new("size").arg("-A").arg(library).output().ok()?;
        let listing = String::from_utf8(output.stdout).ok()?;
        let mut sizes = Sizes::default();
        for line in listing.lines() {
            let mut words = line.split_whitespace();
            let (Some(section), Some(size)) = (words.next(), words.next()) else {
                continue;
            };
            let bytes = size.parse().unwrap_or(0.0);
            if section.starts_with(".text") {
                sizes.text += bytes;
            } else if section.starts_with(".data") || section.starts_with(".rodata") {
                sizes.data += bytes;
            }
        }
        output.status.success().then_some(sizes)
    }

    /// What one of so many functions has.
    #[expect(
        clippy::cast_precision_loss,
        reason = "there are far fewer than 2^52 functions"
    )]
    pub(crate) fn over(self, functions: usize) -> Self {
        let functions = functions as f64;
        Sizes {
            text: self.text / functions,
            data: self.data / functions,
        }
    }

    pub(crate) fn sum(&self) -> f64 {
        self.text + self.data
    }
}
