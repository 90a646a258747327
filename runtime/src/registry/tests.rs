//! What is attached one by one stands as if all had been put in order at once.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Lineup, Names, Registry, order};
use crate::{
    Config, Handler,
    conduct::Conduct,
    handler::{Bound, Entry},
};

/// A handler of a small world, so that names meet: whom it is after, and whom before.
#[derive(Clone, Debug)]
struct Plan {
    name: &'static str,
    after: Option<&'static str>,
    before: Option<&'static str>,
}

#[derive(Clone, Debug)]
enum Step {
    Attach(Plan),
    Detach(&'static str),
}

const NAMES: [&str; 12] = [
    "a", "b", "c", "d", "e", "x::a", "x::b", "x::f", "y::g", "y::h", "z", "z::z",
];

fn step() -> impl Strategy<Value = Step> {
    let name = || prop::sample::select(&NAMES[..]);
    let tie = || prop::option::weighted(0.15, name());
    let plan = (name(), tie(), tie()).prop_map(|(name, after, before)| Plan {
        name,
        after,
        before,
    });
    prop_oneof![
        3 => plan.prop_map(Step::Attach),
        1 => name().prop_map(Step::Detach),
    ]
}

fn entry(plan: &Plan) -> Arc<Entry> {
    let mut handler = Handler::new(plan.name, "a.b", |_| ());
    if let Some(name) = plan.after {
        handler = handler.after(name);
    }
    if let Some(name) = plan.before {
        handler = handler.before(name);
    }
    handler.entry
}

fn free(name: &str) -> Arc<Entry> {
    Handler::new(name, "a.b", |_| ()).entry
}

fn ids<'a>(entries: impl IntoIterator<Item = &'a Arc<Entry>>) -> Vec<String> {
    let entries = entries.into_iter();
    entries.map(|entry| entry.id.to_string()).collect()
}

fn attach(registry: &Registry, entry: &Arc<Entry>) -> bool {
    let attached = registry.attach(vec![Arc::clone(entry)], Vec::new());
    attached.is_ok()
}

/// The handlers of one event as sites keep them: changed for each one that comes or goes.
struct List {
    conduct: Arc<Conduct>,
    handlers: Box<[Bound]>,
}

impl List {
    fn follow(&mut self, registry: &Registry, entry: &Arc<Entry>) {
        if let Some(handlers) = registry.rematch(&self.handlers, entry, "a.b", &self.conduct) {
            self.handlers = handlers;
        }
    }

    fn ids(&self) -> Vec<String> {
        ids(self.handlers.iter().map(|bound| &bound.entry))
    }
}

proptest! {
    #[test]
    fn step_by_step_is_as_all_at_once(steps in prop::collection::vec(step(), 1..60)) {
        let registry = Registry::default();
        let conduct = Arc::new(Conduct::new(Config::default()));
        let mut list = List { conduct, handlers: Box::new([]) };
        let mut absent: Vec<Arc<Entry>> = Vec::new();
        let mut expected: Vec<Arc<Entry>> = Vec::new();
        for step in &steps {
            match step {
                Step::Attach(plan) => {
                    let new = entry(plan);
                    let mut all = expected.clone();
                    all.push(Arc::clone(&new));
                    let whole = order::order(all, || Names::of(&absent));
                    match registry.attach(vec![Arc::clone(&new)], Vec::new()) {
                        Ok(change) => {
                            expected = whole.expect("what is attached can be put in order");
                            absent.retain(|old| old.id != new.id);
                            match change {
                                super::Change::One(one) => list.follow(&registry, &one),
                                super::Change::Any => {
                                    list.handlers = registry.matching("a.b", &list.conduct);
                                }
                            }
                        }
                        Err(_) => prop_assert!(whole.is_err()),
                    }
                }
                Step::Detach(name) => {
                    let Some(gone) = expected.iter().position(|entry| *entry.id == **name) else {
                        continue;
                    };
                    let gone = expected.remove(gone);
                    prop_assert!(registry.remove(&gone));
                    prop_assert!(!registry.remove(&gone), "it is there no more");
                    list.follow(&registry, &gone);
                    absent.push(gone);
                }
            }
            prop_assert_eq!(ids(&registry.attached()), ids(&expected));
            prop_assert_eq!(list.ids(), ids(&expected));
        }
        for entry in expected.iter().chain(&absent) {
            let found = registry.find(&entry.id).map(|found| Arc::ptr_eq(&found, entry));
            prop_assert_eq!(found, Ok(true));
        }
    }
}

#[test]
fn chunks_split_and_vanish() {
    let registry = Registry::default();
    let names: Vec<String> = (0..1_000).map(|number| format!("h{number:04}")).collect();
    // From the middle outwards, so that every chunk grows.
    let (low, high) = names.split_at(500);
    for (low, high) in low.iter().rev().zip(high) {
        assert!(attach(&registry, &free(low)) && attach(&registry, &free(high)));
    }
    assert_eq!(ids(&registry.attached()), names);
    for name in &names[100..900] {
        let entry = registry.find(name).expect("it was attached");
        assert!(registry.remove(&entry));
    }
    let rest = [&names[..100], &names[900..]].concat();
    assert_eq!(ids(&registry.attached()), rest);
    let latest = registry
        .known()
        .into_iter()
        .nth(200)
        .expect("a detached one");
    assert_eq!(
        *latest.id, *names[899],
        "the last to be detached is the first of them"
    );
}

#[test]
fn a_name_stays_taken_also_out_of_its_place() {
    let registry = Registry::default();
    let waits = Handler::new("a", "a.b", |_| ()).after("m");
    let both = vec![waits.entry, free("m")];
    assert!(registry.attach(both, Vec::new()).is_ok());
    assert_eq!(ids(&registry.attached()), ["m", "a"]);
    assert!(!attach(&registry, &free("a")));
    assert!(attach(&registry, &free("k")));
    assert_eq!(ids(&registry.attached()), ["k", "m", "a"]);
}

#[test]
fn who_waited_moves_up_once_the_other_is_gone() {
    let registry = Registry::default();
    let waits = Handler::new("a", "a.b", |_| ()).after("m");
    let both = vec![waits.entry, free("m"), free("b")];
    assert!(registry.attach(both, Vec::new()).is_ok());
    assert_eq!(ids(&registry.attached()), ["b", "m", "a"]);
    let gone = registry.find("m").expect("it was attached");
    assert!(registry.remove(&gone));
    assert_eq!(
        ids(&registry.attached()),
        ["b", "a"],
        "nobody moves while handlers leave"
    );
    assert!(attach(&registry, &free("c")));
    assert_eq!(ids(&registry.attached()), ["a", "b", "c"]);
}

#[test]
fn a_version_is_not_changed_by_the_next() {
    let first = Lineup::of(vec![free("a"), free("c")]);
    let second = first.with(free("b"));
    let third = second.without(&first.named("a").map(Arc::clone).expect("named"));
    assert_eq!(ids(first.iter()), ["a", "c"]);
    assert_eq!(ids(second.iter()), ["a", "b", "c"]);
    assert_eq!(
        third.map(|lineup| ids(lineup.iter())),
        Some(vec!["b".into(), "c".into()])
    );
}

/// Whoever finds it gone, as a shutdown may, has not to wait for calls that are still to come.
#[test]
fn what_is_detached_lets_nothing_in_any_more() {
    let registry = Registry::default();
    let one = free("one");
    assert!(registry.attach(vec![Arc::clone(&one)], Vec::new()).is_ok());
    assert!(one.gate.pass().is_some(), "it is attached");
    assert!(registry.remove(&one));
    assert!(one.gate.pass().is_none());
}

/// Whoever takes its name answers for the calls that it left behind.
#[test]
fn what_is_attached_again_waits_for_what_its_namesake_left() {
    let registry = Registry::default();
    let attach = || {
        assert!(registry.attach(vec![free("one")], Vec::new()).is_ok());
        registry.attached().remove(0)
    };
    let first = attach();
    let inside = first.gate.enter(crate::hazard::here()).expect("it is open");
    assert!(registry.remove(&first) && !first.is_at_rest());
    let second = attach();
    assert_eq!(second.in_flight_of(&crate::hazard::look()), 1);
    drop(inside);
}
