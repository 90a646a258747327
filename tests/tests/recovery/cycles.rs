//! Twenty cycles of starting, using and killing everything, in a process of their own: only there
//! can threads, descriptors and objects be counted.

use gambeson_tests::{PATIENCE, Scenario};

#[test]
fn twenty_cycles_end_at_the_exact_baseline() {
    let cycles = Scenario::new(env!("CARGO_BIN_EXE_scenario"), "cycles");
    let ended = cycles.within(3 * PATIENCE).run();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, "20 cycles, and nothing is left\n");
}
