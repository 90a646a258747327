use gambeson::Classify;

#[derive(Debug, thiserror::Error, Classify)]
#[error("gone")]
struct Gone {
    #[skip(timed_out)]
    cause: std::io::Error,
}

fn main() {
    let cause = std::io::Error::other("x");
    Gone { cause }.classify();
}
