use gambeson::defensive_handler;

#[defensive_handler(quarantine = true)]
fn refresh() {}

#[defensive_handler(quarantine(failures = "5", window = "10s"))]
fn refill() {}

fn main() {
    refresh();
    refill();
}
