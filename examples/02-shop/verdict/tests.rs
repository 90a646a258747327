use super::{Books, books::Counts};

fn counts(name: &str, matched: u64, handled: u64) -> Counts {
    Counts {
        name: name.to_owned(),
        matched,
        handled,
        skipped: matched - handled,
        timed_out: 0,
    }
}

/// Ten receipts and two refusals, with one skip of each handler.
fn books() -> Books {
    let mut mail = counts("send_receipt", 10, 9);
    mail.timed_out = 1;
    let names = ["audit_order", "measure_order", "record_sale"];
    Books {
        placed: 10,
        refused: 2,
        spent_cents: 4_500,
        answered: 12,
        stored: 10,
        stored_cents: 4_500,
        ledger_rows: 9,
        ledger_rows_that_are_orders: 9,
        audit_lines: 23,
        metrics_events: 24,
        metrics_timed: 12,
        fraud_checks: 9,
        stock_reserved: 10,
        mails_taken: 10,
        handlers: vec![
            counts("audit_order", 24, 23),
            counts("measure_order", 24, 24),
            counts("record_sale", 10, 9),
            counts("check_for_fraud", 10, 9),
            counts("reserve_stock", 10, 9),
            mail,
        ],
        attached: names.map(str::to_owned).to_vec(),
        detached: names.map(str::to_owned).into_iter().rev().collect(),
        enabled: true,
        ..Books::default()
    }
}

#[test]
fn books_that_agree_are_clean() {
    let verdict = books().judge();
    assert!(verdict.is_clean(), "{verdict}");
    assert_eq!(verdict.to_string().lines().count(), 24);
}

#[test]
fn one_off_anywhere_is_told() {
    type Spoil = fn(&mut Books);
    let spoils: [(Spoil, &str); 14] = [
        (|books| books.failed += 1, "without the right answer"),
        (|books| books.stored += 1, "orders in the store"),
        (|books| books.stored_cents -= 1, "cents in the store"),
        (
            |books| books.ledger_rows -= 1,
            "rows in the ledger = handled",
        ),
        (
            |books| books.ledger_rows_that_are_orders -= 1,
            "that are orders",
        ),
        (|books| books.audit_lines += 1, "lines in the audit log"),
        (|books| books.metrics_events -= 1, "events in the metrics"),
        (|books| books.metrics_timed += 1, "latencies in the metrics"),
        (|books| books.fraud_checks += 1, "fraud checks"),
        (|books| books.stock_reserved = 8, "orders in the stock"),
        (|books| books.mails_taken = 8, "mails taken"),
        (
            |books| books.handlers[2].skipped += 1,
            "record_sale: matched = handled",
        ),
        (|books| books.refused += 1, "audit_order: matched = events"),
        (|books| books.stragglers += 1, "still running"),
    ];
    for (spoil, what) in spoils {
        let mut books = books();
        spoil(&mut books);
        let verdict = books.judge();
        let told = verdict.to_string();
        let wrong: Vec<&str> = told
            .lines()
            .filter(|line| line.starts_with("WRONG"))
            .collect();
        assert!(!verdict.is_clean(), "{what}");
        assert!(
            wrong.iter().any(|line| line.contains(what)),
            "{what}: {told}"
        );
    }
}

#[test]
fn wrong_answers_a_wrong_order_and_an_empty_run_are_told() {
    let mut wrong = books();
    wrong.wrong.push("customer 3: 500".to_owned());
    assert!(wrong.judge().to_string().contains("WRONG  customer 3: 500"));

    let mut order = books();
    order.detached.swap(0, 1);
    assert!(order.judge().to_string().contains("not the reverse"));

    assert!(!Books::default().judge().is_clean());
}
