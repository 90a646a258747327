//! A run of strict mode, as a build server would see it: `strict PLACE`, and its twin in defensive
//! mode: `strict PLACE defensive`. What each shall do is told by `tests/strict.rs`.

mod places;

use gambeson::{Config, Event, Handler, IntoHandler, Quarantine, Telemetry, handler};
use gambeson_tests::tally;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let place = arguments.next().unwrap_or_default();
    let is_defensive = arguments.next().as_deref() == Some("defensive");
    tracing_subscriber::fmt()
        .with_writer(std::io::stdout)
        .with_ansi(false)
        .without_time()
        .init();
    let config = Config::default().with_defensive_mode(is_defensive);
    run(&place, &config);
    done();
}

fn run(place: &str, config: &Config) {
    let by_hand = |handler: Handler| started(config, handler.quarantine(Quarantine::OFF));
    match place {
        "registered" => places::emitting(&by_hand(Handler::new("till", "strict.sent", boom))),
        "error" => places::emitting(&by_hand(Handler::new("till", "strict.sent", |_| {
            Err("no luck")
        }))),
        "queued" => places::flushing(&by_hand(Handler::new("till", "strict.sent", boom).queue(4))),
        "async_flush" => places::flushing(&on_tokio(config)),
        "async_shutdown" => places::shutting_down(&on_tokio(config)),
        "async_drop" => places::dropping(on_tokio(config)),
        "async_exit" => places::exiting(&on_tokio(config)),
        "plain" => places::calling(&none(config), "plain", places::plain),
        "plain_async" => places::calling(&none(config), "plain_async", || {
            gambeson_tests::run(places::plain_async());
        }),
        "instrumented" => places::calling(&none(config), "instrumented", places::instrumented),
        "instrumented_async" => places::calling(&none(config), "instrumented_async", || {
            gambeson_tests::run(places::instrumented_async());
        }),
        unknown => panic!("no place is called `{unknown}`"),
    }
}

/// The handler that panics.
fn boom(_: &Event<'_>) {
    panic!("boom");
}

fn started(config: &Config, handler: impl IntoHandler) -> Telemetry {
    let builder = Telemetry::builder().filter(|_| false);
    match builder.config(config.clone()).handler(handler).start() {
        Ok(telemetry) => telemetry,
        Err(error) => panic!("{error}"),
    }
}

fn none(config: &Config) -> Telemetry {
    let builder = Telemetry::builder().filter(|_| false);
    match builder.config(config.clone()).start() {
        Ok(telemetry) => telemetry,
        Err(error) => panic!("{error}"),
    }
}

/// On a runtime that stays to the end of the process.
fn on_tokio(config: &Config) -> Telemetry {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    match runtime.worker_threads(1).build() {
        Ok(runtime) => {
            let _inside = Box::leak(Box::new(runtime)).enter();
            started(config, handler!(places::till))
        }
        Err(error) => panic!("{error}"),
    }
}

#[expect(clippy::print_stdout, reason = "the test reads it")]
fn done() {
    println!("done");
}

/// Says the counts of a handler when it goes, also while a panic passes.
struct Counts<'a>(&'a Telemetry, &'static str);

impl Drop for Counts<'_> {
    #[expect(clippy::print_stdout, reason = "the test reads it")]
    fn drop(&mut self) {
        println!("counts: {}", tally(&self.0.report(), self.1));
    }
}
