use gambeson::Classify;

#[derive(Debug, thiserror::Error, Classify)]
enum LedgerError {
    #[error("gone")]
    #[skip(state_unavailble)]
    Gone,
    #[error("slow")]
    #[skip(TimedOut)]
    Slow,
    #[error("red")]
    #[skip(colour)]
    Red,
}

fn main() {
    for error in [LedgerError::Gone, LedgerError::Slow, LedgerError::Red] {
        error.classify();
    }
}
