use gambeson::Classify;

#[derive(Debug, thiserror::Error, Classify)]
enum LedgerError {
    #[error("gone")]
    #[skip(crate = ::gambeson)]
    Gone,
}

fn main() {
    LedgerError::Gone.classify();
}
