//! `follows_from`: the spans that a call's span is told to follow from.

use std::cell::Cell;

use gambeson::instrumented;
use tracing::{Span, info_span, span::Id};

use super::{
    run,
    seen::{seen, unseen},
};

#[instrumented(skip_all, follows_from = [&causes.0, &causes.1])]
fn spans(causes: &Causes) {}

#[instrumented(skip_all, follows_from = causes.ids())]
fn ids(causes: &Causes) {}

#[instrumented(skip_all, follows_from = causes)]
fn any_iterator<'a>(causes: impl Iterator<Item = &'a Span>) {}

#[instrumented(skip_all, follows_from = [&causes.1], parent = &causes.0)]
async fn later(causes: Causes) -> bool {
    causes.0.is_none()
}

#[instrumented(follows_from = [None::<Id>, Span::none().id()])]
fn nothing() {}

struct Causes(Span, Span);

impl Causes {
    fn ids(&self) -> Vec<Option<Id>> {
        vec![self.0.id(), None, self.1.id()]
    }
}

/// What is seen of a call that may follow from the spans `ordered` and `paid`.
fn caused<R>(call: impl FnOnce(Causes) -> R) -> Vec<String> {
    let (_, lines) = seen(|| call(Causes(info_span!("ordered"), info_span!("paid"))));
    assert_eq!(
        lines[..2],
        ["ordered", "paid"].map(|name| format!("INFO instrumented::follows_from {name}:"))
    );
    lines[2..].to_vec()
}

#[test]
fn a_span_follows_from_each_of_the_list_in_its_order() {
    let line = |text: &str| format!("INFO instrumented::follows_from {text}:");
    let both = |name: &str| {
        let causes = ["ordered", "paid"].map(|cause| format!("{name} follows from {cause}"));
        [vec![line(name)], causes.to_vec()].concat()
    };
    assert_eq!(caused(|causes| spans(&causes)), both("spans"));
    assert_eq!(caused(|causes| ids(&causes)), both("ids"));
    assert_eq!(
        caused(|causes| any_iterator([&causes.0, &causes.1].into_iter())),
        both("any_iterator")
    );
    assert_eq!(
        caused(|causes| run(later(causes))),
        [line("later in ordered"), "later follows from paid".into()]
    );
    assert_eq!(caused(|_| nothing()), [line("nothing")]);
}

#[test]
fn a_list_is_asked_for_once_and_only_where_there_is_a_span() {
    #[instrumented(skip_all, follows_from = { asked.set(asked.get() + 1); [None::<Id>] })]
    fn asks(asked: &Cell<u32>) {}
    let asked = Cell::new(0);
    // Twice, for a site that is new may only guess.
    unseen(|| asks(&asked));
    asked.set(0);
    unseen(|| asks(&asked));
    assert_eq!(asked.get(), 0);
    seen(|| asks(&asked));
    assert_eq!(asked.get(), 1);
}
