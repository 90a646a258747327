//! What becomes of values and of what failures say: shown once, bounded, safe, and secrets not at all.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod formats;
mod limits;
mod quoted;
mod secrets;
mod sinks;

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use gambeson::{Config, Event, Handler, Telemetry};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

/// A telemetry of these handlers alone that tells every skip.
fn telling(handlers: impl IntoIterator<Item = Handler>) -> Telemetry {
    let config = Config::default().with_debug(true);
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let builder = builder.config(config);
    let handlers = handlers.into_iter();
    let started = handlers.fold(builder, gambeson::Builder::handler).start();
    started.unwrap()
}

/// The metadata of the events that a handler has heard, as text.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn handler(&self) -> Handler {
        self.handler_of("case.*")
    }

    fn handler_of(&self, pattern: &str) -> Handler {
        let heard = self.clone();
        Handler::new("hears", pattern, move |event: &Event<'_>| {
            let shown = event.metadata().iter().map(|(_, value)| value.to_string());
            heard.0.lock().unwrap().extend(shown);
        })
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// What the stock formatters write.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    /// What `code` makes the stock formatter write: as lines, or as JSON.
    fn capture(as_json: bool, code: impl FnOnce()) -> String {
        Sink::capture_up_to(Level::TRACE, as_json, code)
    }

    fn capture_up_to(level: Level, as_json: bool, code: impl FnOnce()) -> String {
        let sink = Sink::default();
        let stock = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .with_writer(sink.clone());
        if as_json {
            tracing::subscriber::with_default(stock.json().finish(), code);
        } else {
            tracing::subscriber::with_default(stock.finish(), code);
        }
        let bytes = sink.0.lock().unwrap().clone();
        String::from_utf8(bytes).expect("UTF-8")
    }
}

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Sink {
    type Writer = Sink;

    fn make_writer(&self) -> Sink {
        self.clone()
    }
}
