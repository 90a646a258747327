use gambeson::instrumented;

#[instrumented(ret)]
fn never() -> ! {
    std::process::exit(0)
}

fn main() {
    never();
}
