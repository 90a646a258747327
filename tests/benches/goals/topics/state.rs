//! The states of tracing's filters in which a call site of it does nothing.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, prelude::*};

/// Why what tracing would record goes nowhere.
#[derive(Clone, Copy)]
pub(crate) enum State {
    NoSubscriber,
    LevelOff,
    CallsiteOff,
    /// Our layer turns the callsite off, since no handler is attached for it.
    LayerIdle,
}

impl State {
    /// Each of them.
    pub(crate) const ALL: [Self; 4] = [
        State::NoSubscriber,
        State::LevelOff,
        State::CallsiteOff,
        State::LayerIdle,
    ];

    /// What is said of tracing in this state.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            State::NoSubscriber => "without a subscriber",
            State::LevelOff => "with its level off",
            State::CallsiteOff => "with its callsite off",
            State::LayerIdle => "with our layer, which nobody uses",
        }
    }

    /// The state of that name.
    pub(crate) fn of_name(name: &str) -> Result<Self, String> {
        let found = State::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| format!("no probe `{name}`"))
    }

    /// Sets it for the whole process.
    pub(crate) fn set(self) {
        let registry = tracing_subscriber::registry();
        match self {
            State::NoSubscriber => {}
            State::LevelOff => registry.with(LevelFilter::OFF).init(),
            State::CallsiteOff => {
                let elsewhere = Targets::new().with_target("elsewhere", LevelFilter::TRACE);
                registry.with(elsewhere).init();
            }
            State::LayerIdle => registry.with(gambeson::tracing_layer()).init(),
        }
    }
}
