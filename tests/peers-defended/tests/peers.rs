//! What a part that fails does to published crates and their host, each time in a process of its
//! own: bare, so that the harm is known, and defended.

use std::os::unix::process::ExitStatusExt;

use gambeson_tests::{Ended, Scenario};

const SIGABRT: i32 = 6;

/// How a bare program ends.
#[derive(Clone, Copy)]
enum Harm {
    /// The panic reaches the host's thread, and ends it.
    HostDies,
    /// The process is aborted.
    Abort,
    /// The host goes on, and what it says shows what is broken.
    Says(&'static str),
}

fn run(name: &str, way: &str) -> Ended {
    let mut scenario = Scenario::new(env!("CARGO_BIN_EXE_peer"), name);
    scenario.command().arg(way);
    scenario.run()
}

#[track_caller]
fn bare(name: &str, harm: Harm) {
    let ended = run(name, "bare");
    match harm {
        Harm::HostDies => assert_eq!(ended.status.code(), Some(101), "{ended:?}"),
        Harm::Abort => assert_eq!(ended.status.signal(), Some(SIGABRT), "{ended:?}"),
        Harm::Says(stdout) => {
            assert!(ended.status.success(), "{ended:?}");
            assert_eq!(ended.stdout, stdout, "{ended:?}");
        }
    }
}

/// The host goes on to its end and says `stdout`; no panic is seen, and what is told of them is the
/// first failure, by name.
#[track_caller]
fn defended(name: &str, stdout: &str, told: &str) {
    let ended = run(name, "defended");
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stdout, stdout, "{ended:?}");
    let lines: Vec<_> = ended.stderr.lines().collect();
    match told {
        "" => assert!(lines.is_empty(), "{ended:?}"),
        told => {
            assert_eq!(lines.len(), 1, "{ended:?}");
            assert!(lines[0].starts_with(told), "{ended:?}");
        }
    }
}

/// The reader's thread dies, and with it every later export; `force_flush` and `shutdown` fail.
#[test]
fn an_observable_callback_does_not_end_the_export() {
    let dead = "flush: failed\nflush: failed\nflush: failed\nshutdown: failed\n";
    bare("observable", Harm::Says(dead));
    let alive = "exported: orders=[3]\nflush: ok\n\
        exported: disk_free=[42] orders=[3]\nflush: ok\n\
        exported: disk_free=[42] orders=[3]\nflush: ok\n\
        exported: disk_free=[42] orders=[3]\nshutdown: ok\n\
        disk_free: 4 = 3 handled + 1 unexpected\n";
    let told = "gambeson: handler `disk_free` skipped as unexpected: the disk does not answer";
    defended("observable", alive, told);
}

/// Every line of the formatter beside it is whole, and every call of the layer is accounted for.
#[test]
fn a_layer_that_always_fails_silences_nobody() {
    bare("layer", Harm::HostDies);
    let lines = " INFO order{id=7 paid=250}: ordered tills=3\n INFO closed\ncontained: true\n \
        INFO skips that were not told handler=\"audit\" reason=\"unexpected\" suppressed=21\n \
        INFO after the shutdown\n";
    let told = "gambeson: handler `audit` skipped as unexpected: the audit log is gone";
    defended("layer", lines, told);
}

/// What it held when it failed is there for the others: so it is with locks that have no poison.
#[test]
fn a_layer_that_fails_with_a_span_locked_poisons_nothing() {
    bare("layer_and_extensions", Harm::HostDies);
    let ended = run("layer_and_extensions", "defended");
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.stderr, "", "{ended:?}");
    let lines: Vec<_> = ended.stdout.lines().collect();
    let [record, first, second, summary] = lines[..] else {
        panic!("a record, two lines, and what was not told: {ended:?}");
    };
    let told =
        "ERROR handler skipped reason=\"unexpected\" class=bug handler=\"peer::layers::Greedy\"";
    assert!(record.starts_with(told), "{ended:?}");
    let line = " INFO order{id=7 paid=250}: ordered tills=3";
    assert_eq!((first, second), (line, line), "{ended:?}");
    assert_eq!(
        summary,
        " INFO skips that were not told handler=\"peer::layers::Greedy\" reason=\"unexpected\" \
         suppressed=3"
    );
}

/// The stock formatter cannot work in the destructor of a thread-local that is older than its own.
#[test]
fn a_guarded_formatter_in_a_destructor_does_not_abort() {
    bare("formatter_in_destructor", Harm::Abort);
    let stdout = " INFO begun\n INFO the thread has ended\nskipped: Some({StateUnavailable: 1})\n";
    defended("formatter_in_destructor", stdout, "");
}

/// A counter that a library keeps works again once its registration does.
#[test]
fn a_recorder_does_not_hurt_who_counts() {
    bare("recorder", Harm::HostDies);
    let stdout = "host: done, 4 arrived\nexporter: 6 = 4 handled + 2 unexpected\n\
        after the shutdown: 5 arrived\n";
    let told = "gambeson: handler `exporter` skipped as unexpected: the table is full";
    defended("recorder", stdout, told);
}

/// What the filter did not clean does not leave the process.
#[test]
fn a_privacy_filter_that_fails_lets_nothing_out() {
    bare("before_send", Harm::HostDies);
    let stdout = "sent: paid with card=****; refunded to card=****\n\
        scrub: 3 = 2 handled + 1 unexpected\n";
    let told = "gambeson: handler `scrub` skipped as unexpected: the message has no card";
    defended("before_send", stdout, told);
}

#[test]
fn a_report_in_a_destructor_does_not_abort() {
    bare("capture_in_destructor", Harm::Abort);
    let stdout = "thread: ended\nthread: ended\nsent: a thread has begun; a thread has begun\n\
        last_words: 2 = 0 handled + 2 state_unavailable\n";
    defended("capture_in_destructor", stdout, "");
}

#[test]
fn an_emission_in_a_destructor_does_not_abort() {
    bare("emit_in_destructor", Harm::Abort);
    let stdout = "sent: a thread has begun\nthread: ended\nsent: a thread has begun\n\
        thread: ended\nlast_words: 2 = 0 handled + 2 state_unavailable\n";
    defended("emit_in_destructor", stdout, "");
}

#[test]
fn a_look_at_the_context_in_a_destructor_does_not_abort() {
    bare("context_in_destructor", Harm::Abort);
    let stdout = "sent: by Some(\"the host\")\nthread: ended\nsent: by Some(\"the host\")\n\
        thread: ended\nlast_words: 2 = 0 handled + 2 state_unavailable\n";
    defended("context_in_destructor", stdout, "");
}

#[test]
fn an_emitter_does_not_hurt_who_emits() {
    bare("emitter", Harm::HostDies);
    let stdout = "sent: order 2\nsent: order 3\nhost: done\n\
        emitter: 3 = 2 handled + 1 unexpected\n";
    let told = "gambeson: handler `emitter` skipped as unexpected: the collector does not answer";
    defended("emitter", stdout, told);
}

/// The collector's thread dies, and nothing tells the host.
#[test]
fn a_reporter_does_not_end_its_collector() {
    bare(
        "reporter",
        Harm::Says("host: done, 0 of 2 arrived, nor will they\n"),
    );
    let stdout = "host: done, 2 of 3 arrived\ncollector: runs\n\
        reporter: 3 = 2 handled + 1 unexpected\n";
    let told = "gambeson: handler `reporter` skipped as unexpected: the collector does not answer";
    defended("reporter", stdout, told);
}

/// Fifty panics, and the other breaker has seen none.
#[test]
fn panics_count_for_our_breaker() {
    bare("breaker", Harm::Says("still permitted: true\nran: 50\n"));
    let stdout = "terminal: 50 = 0 handled + 45 quarantined + 5 unexpected\nran: 5\n";
    let told = "gambeson: handler `terminal` skipped as unexpected: the terminal does not answer";
    defended("breaker", stdout, told);
}
