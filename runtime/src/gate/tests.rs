//! Who gets in, who is waited for, and who is named.

use super::*;

#[test]
fn a_closed_gate_lets_nothing_in() {
    let gate = Gate::new();
    assert!(gate.close());
    assert!(!gate.close(), "the second close finds it closed");
    assert!(gate.enter(hazard::here()).is_none());
    assert!(gate.pass().is_none());
    assert_eq!(gate.wait_idle(Duration::ZERO), Idle::Reached);
}

#[test]
fn waiting_ends_with_the_last_call() {
    let gate = Arc::new(Gate::new());
    let pass = gate.pass().expect("open");
    let inside = gate.enter(hazard::here()).expect("open");
    gate.close();
    assert_eq!(gate.wait_idle(Duration::ZERO), Idle::Busy(2));
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| gate.wait_idle(Duration::from_secs(60)));
        drop(pass);
        assert_eq!(gate.inside(), 1);
        drop(inside);
        assert_eq!(waiter.join().expect("no panic"), Idle::Reached);
    });
}

#[test]
fn who_is_inside_is_named() {
    let gate = Gate::new();
    let _inside = gate.enter(hazard::here()).expect("open");
    let threads = gate.threads_inside();
    assert_eq!(threads.len(), 1);
    assert_eq!(threads[0].thread, std::thread::current().id());
}

#[test]
fn a_thread_without_marks_left_is_counted() {
    let gate = Gate::new();
    let inside: Vec<_> = (0..100)
        .map(|_| gate.enter(hazard::here()).expect("open"))
        .collect();
    assert!(matches!(inside[99], Presence::Counted(_)));
    gate.close();
    assert_eq!(gate.wait_idle(Duration::ZERO), Idle::Busy(100));
    drop(inside);
    assert_eq!(gate.wait_idle(Duration::ZERO), Idle::Reached);
}

#[test]
fn what_is_inside_of_two_gates_adds_up() {
    let (one, two) = (Idle::Busy(1), Idle::Busy(2));
    assert_eq!(one.and(two), Idle::Busy(3));
    assert_eq!(one.and(Idle::Reached), one);
    assert_eq!(Idle::Reached.and(two), two);
    assert_eq!(Idle::Reached.and(Idle::Reached), Idle::Reached);
}
