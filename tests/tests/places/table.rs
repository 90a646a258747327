//! The places: in each, what the defended program says, and how the bare one ends.

use self::Bare::{Aborts, Exits101, Logs, Says};

/// A place, and what becomes of the body there.
pub(crate) struct Place {
    pub(crate) name: &'static str,
    /// What the defended program says: the counts of the body in each form.
    pub(crate) says: &'static str,
    /// Its exit code.
    pub(crate) code: i32,
    /// Of how many panics it tells: the host's own, and of no contained one.
    pub(crate) panics: usize,
    pub(crate) bare: Bare,
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
pub(crate) enum Bare {
    /// It aborts, and says why.
    Aborts(&'static str),
    /// A panic gets through to `main`.
    Exits101,
    /// It goes on, and says this instead.
    Says(&'static str),
    /// It goes on, and this is in its log.
    Logs(&'static str),
}

/// The counts of each form: of the handlers of an event, and of those that are called in place.
macro_rules! counts {
    (calm: $calm:literal, inner: $inner:literal, outer: $outer:literal, others: $others:literal) => {
        concat!("calm: ", $calm, "\ninner: ", $inner, "\n", forms!(outer: $outer, others: $others))
    };
}

macro_rules! forms {
    (outer: $outer:literal, others: $others:literal) => {
        concat!(
            "outer: ",
            $outer,
            "\nplain: ",
            $others,
            "\npolled: ",
            $others,
            "\ntraced: ",
            $others,
            "\nclosure: ",
            $others,
            "\n"
        )
    };
}

/// Each form has gone once through all its endings.
macro_rules! once {
    () => {
        counts! {
            calm: "6 = 6 handled",
            inner: "60 = 0 handled + 30 reentrant + 30 unexpected",
            outer: "6 = 1 handled + 1 timed_out + 4 unexpected",
            others: "6 = 1 handled + 1 timed_out + 4 unexpected"
        }
    };
}

/// The same before each of a hundred forks; every child has come to its end.
macro_rules! forked {
    () => {
        concat!(
            "100 children came to their end\nforks: 100 = 100 handled\n",
            forms! {
                outer: "6 = 1 handled + 1 timed_out + 4 unexpected",
                others: "6 = 1 handled + 1 timed_out + 4 unexpected"
            }
        )
    };
}

pub(crate) const PLACES: &[Place] = &[
    // The subscriber's own values are gone, so that each body panics, and that of `traced` does not
    // begin: its span cannot be made.
    place(
        "older_thread_local",
        counts! {
            calm: "13 = 13 handled",
            inner: "110 = 0 handled + 24 state_unavailable + 55 reentrant + 31 unexpected",
            outer: "13 = 1 handled + 1 timed_out + 11 unexpected",
            others: "12 = 1 handled + 1 timed_out + 10 unexpected"
        },
        Aborts("thread local panicked on drop"),
    ),
    place(
        "younger_thread_local",
        counts! {
            calm: "13 = 13 handled",
            inner: "122 = 0 handled + 61 reentrant + 61 unexpected",
            outer: "13 = 2 handled + 2 timed_out + 9 unexpected",
            others: "12 = 2 handled + 2 timed_out + 8 unexpected"
        },
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
        counts! {
            calm: "0 = 0 handled",
            inner: "0 = 0 handled",
            outer: "0 = 0 handled",
            others: "6 = 0 handled + 6 shutting_down"
        },
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
        "library_destructor",
        once!(),
        Aborts("panic in a function that cannot unwind"),
    ),
    place("forked_child", forked!(), Says("a child hung: true\n")),
    place(
        "forked_child_of_changes",
        forked!(),
        Says("a child hung: true\n"),
    ),
    place(
        "forked_child_of_queues",
        concat!(forked!(), "all were set aside or overloaded: true\n"),
        Says("a child hung: true\n"),
    ),
    place(
        "signal",
        counts! {
            calm: "12 = 12 handled",
            inner: "120 = 0 handled + 60 reentrant + 60 unexpected",
            outer: "12 = 2 handled + 2 timed_out + 8 unexpected",
            others: "18 = 2 handled + 6 shutting_down + 2 timed_out + 8 unexpected"
        },
        Exits101,
    ),
    place("small_stack", once!(), Exits101),
    place(
        "runtime_dropped",
        concat!(
            "3 ran to their end\n",
            counts! {
                calm: "18 = 18 handled",
                inner: "180 = 0 handled + 90 reentrant + 90 unexpected",
                outer: "18 = 3 handled + 3 timed_out + 12 unexpected",
                others: "18 = 3 handled + 3 timed_out + 12 unexpected"
            }
        ),
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
        counts! {
            calm: "384 = 384 handled",
            inner: "3840 = 0 handled + 1920 reentrant + 1920 unexpected",
            outer: "384 = 64 handled + 64 timed_out + 256 unexpected",
            others: "384 = 64 handled + 64 timed_out + 256 unexpected"
        },
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

const IN_HOOK: &str = counts! {
    calm: "6 = 0 handled + 6 in_panic_hook",
    inner: "0 = 0 handled",
    outer: "6 = 0 handled + 6 in_panic_hook",
    others: "6 = 0 handled + 6 in_panic_hook"
};
