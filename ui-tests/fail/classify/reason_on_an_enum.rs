use gambeson::Classify;

#[derive(Debug, thiserror::Error, Classify)]
#[skip(timed_out)]
enum LedgerError {
    #[error("gone")]
    Gone,
}

fn main() {
    LedgerError::Gone.classify();
}
