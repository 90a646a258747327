#![deny(unused_must_use)]

use gambeson::Resource;

static LEDGER: Resource<u8> = Resource::new("ledger");

fn main() {
    LEDGER.provide(1);
}
