//! `parent`: the span that a call's span is in, if not the one that the caller is in.

use std::cell::Cell;

use gambeson::instrumented;
use tracing::{Span, info_span, span::Id};

use super::{
    run,
    seen::{seen, unseen},
};

#[instrumented(skip_all, parent = parent)]
fn in_a_span(parent: &Span) {}

#[instrumented(skip_all, parent = request.span.id())]
fn in_an_id(request: &Request) {}

#[instrumented(skip_all, parent = parent)]
fn in_an_id_that_may_be_there(parent: Option<Id>) {}

#[instrumented(skip_all, parent = &request.span)]
async fn later(request: Request) -> bool {
    request.span.is_none()
}

#[instrumented(parent = None)]
fn at_the_root() {}

#[instrumented]
fn by_default() {}

struct Request {
    span: Span,
}

/// What is seen of a call from inside the span `caller`, where there is the span `request` too.
fn placed<R>(call: impl FnOnce(&Request) -> R) -> Vec<String> {
    let (_, mut lines) = seen(|| {
        let span = info_span!("request");
        info_span!("caller").in_scope(|| call(&Request { span }))
    });
    assert_eq!(lines.remove(0), "INFO instrumented::parent request:");
    assert_eq!(lines.remove(0), "INFO instrumented::parent caller:");
    lines
}

#[test]
fn a_span_is_where_it_was_put() {
    let line = |text: &str| vec![format!("INFO instrumented::parent {text}:")];
    assert_eq!(placed(|_| by_default()), line("by_default"));
    assert_eq!(
        placed(|request| in_a_span(&request.span)),
        line("in_a_span in request")
    );
    assert_eq!(placed(in_an_id), line("in_an_id in request"));
    let by_option = "in_an_id_that_may_be_there in";
    assert_eq!(
        placed(|request| in_an_id_that_may_be_there(request.span.id())),
        line(&format!("{by_option} request"))
    );
    assert_eq!(
        placed(|_| in_an_id_that_may_be_there(None)),
        line(&format!("{by_option} nothing"))
    );
    assert_eq!(placed(|_| at_the_root()), line("at_the_root in nothing"));
    let by_async = |request: &Request| {
        let span = request.span.clone();
        run(later(Request { span }))
    };
    assert_eq!(placed(by_async), line("later in request"));
}

#[test]
fn a_parent_is_asked_for_once_and_only_where_there_is_a_span() {
    #[instrumented(skip_all, parent = { asked.set(asked.get() + 1); None::<Id> })]
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
