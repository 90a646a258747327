//! Choices that are random, and the same again for the same seed.

use std::hash::{BuildHasher, RandomState};

/// A small generator, so that a seed is all it takes to see a failure again.
#[derive(Clone, Debug)]
pub struct Choices(u64);

impl Choices {
    /// The choices of one of the streams of a seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        Choices(seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below the limit, which is at least 1.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// The seed in the environment under this name, else a new one; it is printed, for a test that
/// fails to be run again.
///
/// # Panics
///
/// If what is in the environment is no number.
#[expect(clippy::print_stdout, reason = "it is shown where the test fails")]
pub fn seed(name: &str) -> u64 {
    let seed = match std::env::var(name).map(|given| given.parse()) {
        Ok(Ok(given)) => given,
        Ok(Err(error)) => panic!("{name} is no number: {error}"),
        Err(_) => RandomState::new().hash_one(name),
    };
    println!("to see it again: {name}={seed}");
    seed
}
