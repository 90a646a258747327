use gambeson::defensive_handlers;

#[defensive_handlers]
mod audit;

fn main() {}
