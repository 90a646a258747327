//! What it costs to open a call, in entries that are looked at.

use super::*;

/// No function has it.
const FUNCTION: u32 = u32::MAX;

fn len(ledger: &Ledger) -> usize {
    lock(&ledger.shard.entries).len()
}

/// Opens a call; how many entries were looked at for it.
fn open(ledger: &mut Ledger) -> (Accounted, usize) {
    let looks = ledger.empty.is_empty();
    let looked_at = if looks { len(ledger) } else { 0 };
    (ledger.enter(FUNCTION).expect("there is room"), looked_at)
}

#[test]
fn a_call_costs_the_same_however_many_are_open() {
    let mut ledger = Ledger::new();
    let mut stay_open = Vec::new();
    for open_calls in [15, 16, 1_000, 4_095, 4_096, 16_383] {
        stay_open.resize_with(open_calls, || open(&mut ledger).0);
        let calls = 4_096;
        let looked_at: usize = (0..calls).map(|_| open(&mut ledger).1).sum();
        // A look at all of them finds a quarter empty, or makes as many.
        let most = 4 * calls + len(&ledger);
        assert!(
            looked_at <= most,
            "{open_calls} open: looked at {looked_at} entries for {calls} calls"
        );
    }
}

#[test]
fn there_are_at_most_thrice_as_many_entries_as_calls_were_ever_open() {
    let mut ledger = Ledger::new();
    // A thread that ended may have left some.
    let left = len(&ledger);
    let mut stay_open = Vec::new();
    for open_calls in 1..5_000 {
        stay_open.push(open(&mut ledger).0);
        drop(open(&mut ledger));
        let entries = len(&ledger);
        assert!(
            entries <= left.max(FIRST).max(3 * open_calls),
            "{entries} entries for {open_calls} open calls"
        );
    }
}
