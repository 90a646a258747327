//! Handlers wherever a function can stand: in functions, blocks, constants, private and nested
//! modules, and made by a macro; `handler!` finds each by its path.

use gambeson::{Event, Telemetry, defensive_handler, emit, handler};

mod outer {
    pub mod inner {
        use gambeson::{Event, defensive_handler};

        #[defensive_handler(on = "places.opened")]
        pub(in crate::outer) fn hidden(_: &Event<'_>) {}

        #[defensive_handler(on = "places.opened", after(super::super::at_the_root))]
        pub(crate) fn nested(_: &Event<'_>) {}
    }

    pub fn site() -> impl gambeson::IntoHandler {
        gambeson::handler!(inner::hidden)
    }
}

#[defensive_handler(on = "places.opened")]
fn at_the_root(_: &Event<'_>) {}

macro_rules! made {
    ($($name:ident on $pattern:literal)*) => {$(
        #[defensive_handler(on = $pattern)]
        fn $name(_: &Event<'_>) {}
    )*};
}

made! {
    made_first on "places.**"
    made_second on "places.opened"
}

const _: () = {
    #[defensive_handler(on = "places.opened", name = "in a constant")]
    fn unnamed(_: &Event<'_>) {}
};

fn main() {
    #[defensive_handler(on = "places.opened")]
    fn in_main(_: &Event<'_>) {}

    let in_a_block = {
        #[defensive_handler(on = "places.opened")]
        fn in_main(_: &Event<'_>) {}
        handler!(in_main)
    };
    assert_eq!(handler!(in_main).name(), in_a_block.name());

    let builder = Telemetry::builder().isolated();
    let telemetry = builder
        .filter(|name| !name.ends_with("in_main"))
        .handler(handler!(in_main))
        .start()
        .expect("the order is possible");
    telemetry.enter(|| emit!("places.opened"));
    let report = telemetry.shutdown();
    for name in [
        "hidden",
        "nested",
        "at_the_root",
        "made_first",
        "made_second",
        "in a constant",
        "in_main",
    ] {
        let counts = report.handler(name).map(|it| (it.matched, it.handled));
        assert_eq!(counts, Some((1, 1)), "{name}");
    }
    let _: gambeson::Handler = gambeson::IntoHandler::into_handler(outer::site());
    let _ = made_first;
}
