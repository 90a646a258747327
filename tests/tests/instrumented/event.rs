//! `event`: the first segments of the names of a call's events.

use gambeson::instrumented;

use super::{heard, run};

/// The events of a call that returns.
fn ends(prefix: &str) -> Vec<String> {
    vec![format!("{prefix}.start"), format!("{prefix}.stop")]
}

#[instrumented]
fn by_default() {}

#[instrumented]
fn r#match() {}

#[instrumented]
async fn later() {}

mod till {
    use gambeson::instrumented;

    #[instrumented]
    pub(super) fn count() {}

    pub(super) struct Drawer;

    impl Drawer {
        #[instrumented]
        pub(super) fn open(&self) {}
    }
}

#[test]
fn without_it_events_have_the_name_of_the_function_in_its_module() {
    let calls: [(&str, fn()); 5] = [
        ("by_default", by_default),
        ("match", r#match),
        ("later", || run(later())),
        ("till.count", till::count),
        ("till.open", || till::Drawer.open()),
    ];
    for (name, call) in calls {
        let ((), events) = heard("instrumented.event.**", call);
        assert_eq!(events, ends(&format!("instrumented.event.{name}")));
    }
}

#[instrumented(event = "boot")]
fn one_segment() {}

#[instrumented(event = "shop.order.line-2")]
async fn many_segments() {}

#[instrumented(event = "shop.order.line-2")]
fn the_same_again() {}

#[test]
fn with_it_events_have_that_name() {
    assert_eq!(heard("boot.*", one_segment).1, ends("boot"));
    let prefix = "shop.order.line-2";
    let both = || {
        run(many_segments());
        the_same_again();
    };
    let ((), events) = heard("shop.order.**", both);
    assert_eq!(events, [ends(prefix), ends(prefix)].concat());
}

#[test]
fn a_handler_of_one_ending_hears_nothing_of_the_others() {
    assert_eq!(heard("boot.start", one_segment).1, ["boot.start"]);
    assert_eq!(heard("boot.stop", one_segment).1, ["boot.stop"]);
    assert_eq!(heard("boot.exception", one_segment).1, [""; 0]);
}

#[test]
fn calls_inside_of_a_call_have_events_of_their_own() {
    #[instrumented(event = "nested")]
    fn down(depth: u32) {
        if depth > 0 {
            down(depth - 1);
        }
    }
    let names = ["start", "start", "start", "stop", "stop", "stop"];
    let names = names.map(|ending| format!("nested.{ending}"));
    assert_eq!(heard("nested.*", || down(2)).1, names);
}
