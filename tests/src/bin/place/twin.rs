//! Which of the two programs this is, and what it says at its end.

use std::sync::OnceLock;

use gambeson::{Builder, Config, Event, Handler, IntoHandler, Telemetry, handler};
use gambeson_tests::{PATIENCE, tally};
use tracing_subscriber::fmt::MakeWriter;

use crate::body::{self, FORMS, run_bare, run_defended};

/// What the attributes of the others say.
const NOT_QUARANTINED: &str =
    "[[telemetry.rule]]\nhandler = \"place::body::traced\"\nquarantine = false";

static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();

/// The subscriber that most programs have.
pub(crate) fn log_to(writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .init();
}

/// Whether this program goes without the defence.
pub(crate) fn is_bare() -> bool {
    std::env::args().nth(2).as_deref() == Some("bare")
}

/// Starts the telemetry, which lives as long as the process; the bare program has none.
pub(crate) fn start() {
    start_with(|builder| builder);
}

pub(crate) fn start_with(build: impl FnOnce(Builder) -> Builder) {
    if is_bare() {
        return;
    }
    // Handlers are attached by hand, for a place may need them in an order, or others with them.
    let config = Config::parse(NOT_QUARANTINED).map(|it| it.with_shutdown_deadline(PATIENCE));
    let config = config.unwrap_or_else(|error| panic!("{error}"));
    let builder = Telemetry::builder().filter(|_| false).config(config);
    let builder = builder
        .handler(handler!(body::outer))
        .handler(handler!(body::inner))
        .handler(handler!(body::calm));
    match build(builder).start() {
        Ok(telemetry) => drop(TELEMETRY.set(telemetry)),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn telemetry() -> Option<&'static Telemetry> {
    TELEMETRY.get()
}

pub(crate) fn attach(handler: impl IntoHandler) {
    if let Some(telemetry) = telemetry()
        && let Err(error) = telemetry.attach(handler)
    {
        panic!("{error}");
    }
}

/// Runs the body through all its endings.
pub(crate) fn run() {
    if is_bare() {
        run_bare();
    } else {
        run_defended();
    }
}

/// Runs the body when it is dropped.
pub(crate) struct Runs;

impl Drop for Runs {
    fn drop(&mut self) {
        run();
    }
}

/// A handler of the place's own.
pub(crate) fn own(
    name: &str,
    pattern: &str,
    code: impl Fn(&Event<'_>) + Send + Sync + 'static,
) -> Handler {
    Handler::new(name, pattern, code).quarantine(gambeson::Quarantine::OFF)
}

/// Says the counts of the body in each form.
pub(crate) fn tell() {
    tell_of(&[&["calm", "inner"], &FORMS[..]].concat());
}

/// Says the counts of these handlers.
#[expect(clippy::print_stdout, reason = "the test reads it")]
pub(crate) fn tell_of(handlers: &[&str]) {
    let Some(telemetry) = telemetry() else {
        return println!("nothing was counted");
    };
    let report = telemetry.report();
    for handler in handlers {
        println!("{handler}: {}", tally(&report, handler));
    }
}
