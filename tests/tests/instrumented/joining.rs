//! A function that is called for the first time while telemetries come and go: the list that it
//! joins is busy then, and nothing of its calls is lost all the same.

use std::{
    sync::mpsc::{self, TryRecvError},
    thread,
};

use gambeson::Telemetry;
use gambeson_tests::Records;

use super::{configured, heard};

/// Modules of functions, and a list of them all with their paths.
macro_rules! functions {
    ($($module:ident)*) => { functions!(@each ($($module)*) ($($module)*)); };
    (@each ($($module:ident)*) $names:tt) => {
        $(mod $module {
            functions!(@module $names);
        })*

        pub(super) fn all() -> impl Iterator<Item = (&'static str, fn())> {
            [$($module::LIST),*].into_iter().flatten()
        }
    };
    (@module ($($function:ident)*)) => {
        $(#[gambeson::instrumented]
        fn $function() {})*

        pub(super) const LIST: [(&str, fn()); 8] = [
            $((concat!(module_path!(), "::", stringify!($function)), $function)),*
        ];
    };
}

mod first_heard {
    functions!(a b c d e f g h);
}

mod first_logged {
    functions!(a b c d e f g h);
}

/// Runs `code` while another thread starts and ends telemetries.
fn while_others_come_and_go(code: impl FnOnce()) {
    let (over, is_over) = mpsc::channel::<()>();
    thread::scope(|scope| {
        // Ended also where `code` panics.
        let _over = over;
        scope.spawn(move || {
            while is_over.try_recv() == Err(TryRecvError::Empty) {
                Telemetry::isolated().shutdown();
            }
        });
        code();
    });
}

#[test]
fn no_event_of_its_calls_is_lost() {
    while_others_come_and_go(|| {
        for (path, function) in first_heard::all() {
            let ((), events) = heard("instrumented.joining.**", || {
                function();
                function();
            });
            let name = path.replace("::", ".");
            let ends = ["start", "stop", "start", "stop"];
            assert_eq!(events, ends.map(|end| format!("{name}.{end}")));
        }
    });
}

#[test]
fn no_record_of_its_calls_is_lost() {
    let telemetry = configured("[telemetry]\ndebug = true");
    while_others_come_and_go(|| {
        for (path, function) in first_logged::all() {
            let records = Records::new();
            records.capture(|| telemetry.enter(function));
            let records = records.all();
            let told = records.iter().map(|record| {
                assert_eq!(record.field("function"), Some(path));
                record.field("message")
            });
            let told: Vec<_> = told.collect();
            assert_eq!(told, [Some("call started"), Some("call ended")]);
        }
    });
}
