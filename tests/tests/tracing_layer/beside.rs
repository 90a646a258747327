//! The layer beside ours.

use std::{
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use tracing::{
    Event, Subscriber, info, info_span,
    span::{Attributes, Id},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use super::heard;

static SEEN: Mutex<String> = Mutex::new(String::new());

/// Keeps the targets of what it sees.
pub(super) struct Beside;

impl Beside {
    fn note(what: &str, target: &str) {
        let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(seen, "{what} {target}");
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Beside {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        Beside::note("new", attributes.metadata().target());
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        Beside::note("event", event.metadata().target());
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        Beside::note("close", context.metadata(&id).map_or("?", |of| of.target()));
    }
}

/// What the layer beside ours saw of a target.
pub(super) fn seen(target: &str) -> Vec<String> {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let lines = seen.lines().filter(|line| line.ends_with(target));
    lines.map(str::to_owned).collect()
}

fn log() {
    let _span = info_span!(target: "beside::both", "span");
    info!(target: "beside::both", "event");
}

#[test]
fn it_sees_everything_whether_we_listen_or_not() {
    let once = [
        "new beside::both",
        "event beside::both",
        "close beside::both",
    ];
    assert_eq!(heard("elsewhere.**", log), [""; 0]);
    assert_eq!(seen("beside::both"), once);
    assert_eq!(heard("beside.both.**", log).len(), 3);
    assert_eq!(seen("beside::both"), [once, once].concat());
    log();
    assert_eq!(seen("beside::both"), [once, once, once].concat());
}
