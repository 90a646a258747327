//! Where code of others ends the process: one hostile body in each place, defended and bare. It emits
//! again, opens a span, logs through the stock formatter, and then panics with each kind of payload,
//! fails and returns. Every run is a process, with exact output and exit status.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

use std::{os::unix::process::ExitStatusExt, time::Duration};

use gambeson_tests::{Ended, Scenario};

/// A place, and what becomes of the body there.
struct Place {
    name: &'static str,
    /// What the defended program says: the counts of the body in each form.
    says: &'static str,
    /// Its exit code.
    code: i32,
    /// Of how many panics it tells: the host's own, and of no contained one.
    panics: usize,
    bare: Bare,
}

/// A place in which the host itself does not panic, and exits well.
const fn place(name: &'static str, says: &'static str, bare: Bare) -> Place {
    Place {
        name,
        says,
        code: 0,
        panics: 0,
        bare,
    }
}

impl Place {
    const fn exits(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    const fn panics(mut self, panics: usize) -> Self {
        self.panics = panics;
        self
    }
}

/// What becomes of the program without the defence.
#[derive(Debug)]
enum Bare {
    /// It aborts, and says why.
    Aborts(&'static str),
    /// A panic gets through to `main`.
    Exits101,
    /// It goes on, and says this instead.
    Says(&'static str),
    /// It goes on, and this is in its log.
    Logs(&'static str),
}

use Bare::{Aborts, Exits101, Logs, Says};

/// Each form has gone once through all its endings.
macro_rules! once {
    () => {
        "calm: 6 = 6 handled\n\
         outer: 6 = 1 handled + 1 timed_out + 4 unexpected\n\
         inner: 36 = 0 handled + 18 reentrant + 18 unexpected\n\
         plain: 6 = 1 handled + 1 timed_out + 4 unexpected\n\
         polled: 6 = 1 handled + 1 timed_out + 4 unexpected\n"
    };
}

const PLACES: &[Place] = &[
    place(
        "older_thread_local",
        "calm: 13 = 13 handled\n\
         outer: 13 = 1 handled + 1 timed_out + 11 unexpected\n\
         inner: 74 = 0 handled + 18 state_unavailable + 37 reentrant + 19 unexpected\n\
         plain: 12 = 1 handled + 1 timed_out + 10 unexpected\n\
         polled: 12 = 1 handled + 1 timed_out + 10 unexpected\n",
        Aborts("thread local panicked on drop"),
    ),
    place(
        "younger_thread_local",
        "calm: 13 = 13 handled\n\
         outer: 13 = 2 handled + 2 timed_out + 9 unexpected\n\
         inner: 74 = 0 handled + 37 reentrant + 37 unexpected\n\
         plain: 12 = 2 handled + 2 timed_out + 8 unexpected\n\
         polled: 12 = 2 handled + 2 timed_out + 8 unexpected\n",
        Aborts("thread local panicked on drop"),
    ),
    place(
        "unwinding",
        once!(),
        Aborts("panic in a destructor during cleanup"),
    )
    .panics(1),
    place(
        "hook_before",
        IN_HOOK,
        Aborts("thread panicked while processing panic"),
    ),
    place(
        "hook_after",
        IN_HOOK,
        Aborts("thread panicked while processing panic"),
    )
    .panics(1),
    place(
        "after_shutdown",
        "calm: 0 = 0 handled\n\
         outer: 0 = 0 handled\n\
         inner: 0 = 0 handled\n\
         plain: 6 = 0 handled + 6 shutting_down\n\
         polled: 6 = 0 handled + 6 shutting_down\n",
        Exits101,
    ),
    place(
        "after_main",
        concat!("all ran after main: true\n", once!()),
        Says("all ran after main: false\nnothing was counted\n"),
    ),
    place(
        "at_exit",
        once!(),
        Aborts("panic in a function that cannot unwind"),
    ),
    place(
        "static_destructor",
        once!(),
        Aborts("panic in a function that cannot unwind"),
    ),
    place(
        "forked_child",
        "100 children came to their end\n\
         forks: 100 = 100 handled\n\
         outer: 6 = 1 handled + 1 timed_out + 4 unexpected\n\
         plain: 6 = 1 handled + 1 timed_out + 4 unexpected\n\
         polled: 6 = 1 handled + 1 timed_out + 4 unexpected\n",
        Says("a child hung: true\n"),
    ),
    place(
        "forked_child_of_changes",
        "100 children came to their end\n\
         forks: 100 = 100 handled\n\
         outer: 6 = 1 handled + 1 timed_out + 4 unexpected\n\
         plain: 6 = 1 handled + 1 timed_out + 4 unexpected\n\
         polled: 6 = 1 handled + 1 timed_out + 4 unexpected\n",
        Says("a child hung: true\n"),
    ),
    place(
        "signal",
        "calm: 12 = 12 handled\n\
         outer: 12 = 2 handled + 2 timed_out + 8 unexpected\n\
         inner: 72 = 0 handled + 36 reentrant + 36 unexpected\n\
         plain: 18 = 2 handled + 6 shutting_down + 2 timed_out + 8 unexpected\n\
         polled: 18 = 2 handled + 6 shutting_down + 2 timed_out + 8 unexpected\n",
        Exits101,
    ),
    place("small_stack", once!(), Exits101),
    place(
        "runtime_dropped",
        "3 ran to their end\n\
         calm: 18 = 18 handled\n\
         outer: 18 = 3 handled + 3 timed_out + 12 unexpected\n\
         inner: 108 = 0 handled + 54 reentrant + 54 unexpected\n\
         plain: 18 = 3 handled + 3 timed_out + 12 unexpected\n\
         polled: 18 = 3 handled + 3 timed_out + 12 unexpected\n",
        Says("0 ran to their end\n"),
    ),
    place(
        "runtime_gone",
        concat!("queued: 3 = 0 handled + 3 shutting_down\n", once!()),
        Exits101,
    ),
    place(
        "chain_of_40",
        "link_0: 1 = 0 handled + 1 unexpected\n\
         link_15: 1 = 0 handled + 1 unexpected\n\
         link_16: 1 = 0 handled + 1 reentrant\n\
         link_17: 0 = 0 handled\n\
         link_39: 0 = 0 handled\n",
        Exits101,
    ),
    place(
        "mutual_1000",
        "ping: 500 = 0 handled + 500 unexpected\n\
         pong: 500 = 0 handled + 500 unexpected\n",
        Exits101,
    ),
    place(
        "crowd_of_64",
        "calm: 384 = 384 handled\n\
         outer: 384 = 64 handled + 64 timed_out + 256 unexpected\n\
         inner: 2304 = 0 handled + 1152 reentrant + 1152 unexpected\n\
         plain: 384 = 64 handled + 64 timed_out + 256 unexpected\n\
         polled: 384 = 64 handled + 64 timed_out + 256 unexpected\n",
        Aborts("thread result panicked on drop"),
    ),
    place(
        "exit",
        "4 threads live\n",
        Aborts("thread result panicked on drop"),
    )
    .exits(7),
    place(
        "return",
        "4 threads live\n",
        Aborts("thread result panicked on drop"),
    ),
    place(
        "own_hook",
        "the hook heard 1\nboom: 1 = 0 handled + 1 unexpected\n",
        Says("the hook heard 2\nnothing was counted\n"),
    ),
    place(
        "closed_stderr",
        "boom: 1 = 0 handled + 1 unexpected\n",
        Exits101,
    ),
    place(
        "broken_debug",
        "shows: 1 = 1 handled\n",
        Logs("half a line2"),
    ),
    place(
        "payload",
        "bomb: 1 = 0 handled + 1 unexpected\npayload_drop_panics: 1\n",
        Exits101,
    ),
    place(
        "payload_chain_3",
        "bomb: 1 = 0 handled + 1 unexpected\npayload_drop_panics: 3\n",
        Aborts("drop of the panic payload panicked"),
    ),
    place(
        "payload_chain_100",
        "bomb: 1 = 0 handled + 1 unexpected\npayload_drop_panics: 8\n",
        Aborts("drop of the panic payload panicked"),
    ),
];

const IN_HOOK: &str = "calm: 6 = 0 handled + 6 in_panic_hook\n\
                       outer: 6 = 0 handled + 6 in_panic_hook\n\
                       inner: 0 = 0 handled\n\
                       plain: 6 = 0 handled + 6 in_panic_hook\n\
                       polled: 6 = 0 handled + 6 in_panic_hook\n";

/// The least stack, in KiB, on which a handler that logs is contained; the documentation says so.
const LEAST_STACK: &str = "32";

const SIGABRT: i32 = 6;

/// The program in a place.
fn program(place: &str, arguments: &[&str], backtrace: Option<&str>) -> Ended {
    let mut program = Scenario::new(env!("CARGO_BIN_EXE_place"), place);
    let command = program.command();
    command.args(arguments);
    // Where frames are larger, as under a sanitizer, whoever runs this asks for more.
    if std::env::var_os("STACK_KIB").is_none() {
        command.env("STACK_KIB", LEAST_STACK);
    }
    if let Some(backtrace) = backtrace {
        command.env("RUST_BACKTRACE", backtrace);
    }
    if place == "closed_stderr" {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        command.stderr(writer);
    }
    program.within(Duration::from_secs(60)).run()
}

/// The body is contained in every place: counted to the last call, and without a word of a panic.
fn is_survived(backtrace: Option<&str>) {
    for place in PLACES {
        let name = place.name;
        let ended = program(name, &[], backtrace);
        assert_eq!(ended.status.code(), Some(place.code), "{name}: {ended:?}");
        assert_eq!(ended.stdout, place.says, "{name}: {ended:?}");
        let told = |text| ended.stderr.matches(text).count();
        assert_eq!(told("panicked at"), place.panics, "{name}: {ended:?}");
        let traced = backtrace.map_or(0, |_| place.panics);
        assert_eq!(told("stack backtrace"), traced, "{name}: {ended:?}");
        if let Logs(text) = place.bare {
            assert_eq!(told(text), 0, "{name}: {ended:?}");
        }
    }
}

#[test]
fn every_place_is_survived() {
    is_survived(None);
}

#[test]
fn every_place_is_survived_with_full_backtraces() {
    is_survived(Some("full"));
}

/// Without the defence none of them is, and so the other tests see something.
#[test]
fn no_place_is_survived_bare() {
    for Place { name, bare, .. } in PLACES {
        let ended = program(name, &["bare"], None);
        let (code, signal) = (ended.status.code(), ended.status.signal());
        match *bare {
            Aborts(why) => {
                assert_eq!(signal, Some(SIGABRT), "{name}: {ended:?}");
                assert!(ended.stderr.contains(why), "{name}: {ended:?}");
            }
            Exits101 => assert_eq!(code, Some(101), "{name}: {ended:?}"),
            Says(text) => assert_eq!((code, &*ended.stdout), (Some(0), text), "{name}: {ended:?}"),
            Logs(text) => assert!(ended.stderr.contains(text), "{name}: {ended:?}"),
        }
    }
}
