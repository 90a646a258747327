use gambeson::defensive_handler;

#[defensive_handler(quarantine(failures = 0))]
fn refresh() {}

fn main() {
    refresh();
}
