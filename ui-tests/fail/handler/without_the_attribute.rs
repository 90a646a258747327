use gambeson::{Event, handler};

fn audit(_: &Event<'_>) {}

fn main() {
    let _ = handler!(audit);
    let _ = audit;
}
