//! What is compiled: crates with the same functions, which differ in what is written on them.

use std::hash::Hash;

use super::workshop::Build;

/// A crate of a part.
pub(crate) trait Subject: Copy + Eq + Hash + 'static {
    /// The folder of the part.
    const FOLDER: &'static str;
    /// What a manifest needs besides gambeson.
    const DEPENDENCIES: &'static str;
    /// How they are compiled.
    const BUILDS: &'static [Build];
    /// How often each is measured in a full run.
    const ROUNDS: usize;
    const ALL: &'static [Self];

    /// The name of its crate.
    fn name(self) -> String;

    /// What the table calls its functions.
    fn title(self) -> String;

    /// The same functions with nothing on them.
    fn plain(self) -> Self;

    /// How many functions it has in a full run.
    fn functions(self) -> usize;

    /// The whole crate, with so many functions.
    fn source(self, functions: usize) -> String;
}
