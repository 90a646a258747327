use gambeson::Classify;

#[derive(Debug, Classify)]
#[skip(timed_out)]
struct Slow;

fn main() {
    let _ = Slow;
}
