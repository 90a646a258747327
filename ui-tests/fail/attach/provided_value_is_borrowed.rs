use gambeson::Resource;

fn main() {
    let ledger: Resource<u8> = Resource::new("ledger");
    let _provided = ledger.provide(1);
}
