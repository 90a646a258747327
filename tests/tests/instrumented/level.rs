//! `level`: that of a call's span.

use gambeson::instrumented;
use tracing::{Level, level_filters::LevelFilter, subscriber};
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::{heard, name::current, seen::seen};

#[instrumented]
fn by_default() -> Option<&'static str> {
    current()
}

macro_rules! functions {
    ($($function:ident = $level:expr;)*) => {$(
        #[instrumented(level = $level)]
        fn $function() -> Option<&'static str> {
            current()
        }
    )*};
}

functions! {
    by_number_1 = 1;
    by_number_2 = 2;
    by_number_3 = 3;
    by_number_4 = 4;
    by_number_5 = 5;
    by_name_trace = "trace";
    by_name_debug = "DEBUG";
    by_name_info = "Info";
    by_name_warn = "warn";
    by_name_error = "error";
    by_path_trace = Level::TRACE;
    by_path_error = tracing::Level::ERROR;
}

const CONSTANT: Level = Level::DEBUG;

#[instrumented(level = CONSTANT)]
fn by_constant() -> Option<&'static str> {
    current()
}

#[test]
fn a_span_has_the_level_that_was_written() {
    let calls: [(fn() -> _, &str, &str); 14] = [
        (by_default, "by_default", "INFO"),
        (by_number_1, "by_number_1", "TRACE"),
        (by_number_2, "by_number_2", "DEBUG"),
        (by_number_3, "by_number_3", "INFO"),
        (by_number_4, "by_number_4", "WARN"),
        (by_number_5, "by_number_5", "ERROR"),
        (by_name_trace, "by_name_trace", "TRACE"),
        (by_name_debug, "by_name_debug", "DEBUG"),
        (by_name_info, "by_name_info", "INFO"),
        (by_name_warn, "by_name_warn", "WARN"),
        (by_name_error, "by_name_error", "ERROR"),
        (by_path_trace, "by_path_trace", "TRACE"),
        (by_path_error, "by_path_error", "ERROR"),
        (by_constant, "by_constant", "DEBUG"),
    ];
    for (call, name, level) in calls {
        let line = format!("{level} instrumented::level {name}:");
        assert_eq!(seen(call), (Some(name), vec![line]));
    }
}

/// Runs `code` under a subscriber that wants warnings only.
fn at_warn<R>(code: impl FnOnce() -> R) -> R {
    subscriber::with_default(Registry::default().with(LevelFilter::WARN), code)
}

#[test]
fn a_span_below_the_level_of_the_subscriber_is_not_made_and_the_call_is_heard() {
    assert_eq!(at_warn(by_name_warn), Some("by_name_warn"));
    let (span, events) = heard("instrumented.level.**", || at_warn(by_name_info));
    assert_eq!(span, None);
    let names = ["start", "stop"].map(|end| format!("instrumented.level.by_name_info.{end}"));
    assert_eq!(events, names);
}
