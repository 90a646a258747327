use gambeson::Classify;

#[derive(Debug, thiserror::Error, Classify)]
enum LedgerError {
    #[error("gone")]
    #[skip]
    Gone,
    #[error("slow")]
    #[skip()]
    Slow,
    #[error("broken")]
    #[skip = "state_corrupted"]
    Broken,
    #[error("full")]
    #[skip("resource_exhausted")]
    Full,
}

fn main() {
    for error in [
        LedgerError::Gone,
        LedgerError::Slow,
        LedgerError::Broken,
        LedgerError::Full,
    ] {
        error.classify();
    }
}
