//! A process for others to talk to.

use std::io::{self, Write};

/// Gives back each line that it reads, until there are no more.
pub(crate) fn echo() {
    let mut stdout = io::stdout().lock();
    for line in io::stdin().lines() {
        let Ok(line) = line else { return };
        if writeln!(stdout, "{line}")
            .and_then(|()| stdout.flush())
            .is_err()
        {
            return;
        }
    }
}
