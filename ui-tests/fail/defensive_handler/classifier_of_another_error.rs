use gambeson::{Skip, SkipReason, defensive_handler};

fn reason(_: &std::io::Error) -> SkipReason {
    SkipReason::PeerDead
}

#[defensive_handler(classify = reason)]
fn total() -> Result<u32, Skip> {
    Ok(1)
}

fn main() {
    let _ = total();
}
