use gambeson::Classify;

#[derive(Debug, thiserror::Error, Classify)]
#[error("gone")]
#[skip(state_unavailable, timed_out)]
struct Gone;

fn main() {
    Gone.classify();
}
