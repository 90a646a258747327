use gambeson::defensive_handler;

#[defensive_handler]
fn serve() -> ! {
    loop {}
}

fn main() {
    serve();
}
