use gambeson::defensive_handler;

#[defensive_handler]
struct Till;

fn main() {
    let _ = Till;
}
