use gambeson::Classify;

#[derive(Debug, thiserror::Error, Classify)]
#[error("gone")]
#[skip(crate)]
struct Gone;

#[derive(Debug, thiserror::Error, Classify)]
#[error("slow")]
#[skip(crate = ::gambeson)]
#[skip(crate = ::gambeson)]
struct Slow;

fn main() {
    Gone.classify();
    Slow.classify();
}
