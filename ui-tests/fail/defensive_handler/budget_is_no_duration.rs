use gambeson::defensive_handler;

#[defensive_handler(budget = "5 apples")]
fn refresh() {}

#[defensive_handler(quarantine(cooldown = "soon"))]
fn refill() {}

fn main() {
    refresh();
    refill();
}
