//! Openers that wait for other resources: in a circle, they would wait until their deadlines.

use std::cell::Cell;

use super::{DownCause, Need, chronicle::Dependent};
use crate::reason::SkipReason;

thread_local! {
    /// Whose opener runs on this thread.
    static OPENING: Cell<Option<Dependent>> = const { Cell::new(None) };
}

/// Runs the opener of a resource.
pub(super) fn opening<R>(resource: &'static dyn Need, open: impl FnOnce() -> R) -> R {
    let _ = OPENING.try_with(|opening| opening.set(Some(Dependent(resource))));
    let opened = open();
    let _ = OPENING.try_with(|opening| opening.set(None));
    opened
}

/// The wait of an opener for another resource.
#[derive(Debug)]
pub(super) struct Awaiting(Option<Dependent>);

impl Awaiting {
    /// Before this thread waits until a resource is opened.
    ///
    /// # Errors
    ///
    /// If an opener runs on this thread for which that one waits.
    pub(super) fn begin(awaited: &'static dyn Need) -> Result<Self, DownCause> {
        let opening = OPENING.try_with(Cell::get).ok().flatten();
        let Some(opening) = opening.filter(|_| !awaited.life().readiness().is_serving()) else {
            return Ok(Awaiting(None));
        };
        // Whoever writes first and looks then: of those in a circle the last one sees it whole.
        set(opening, Some(Dependent(awaited)));
        let awaiting = Awaiting(Some(opening));
        match circle(opening, Dependent(awaited)) {
            None => Ok(awaiting),
            Some(path) => {
                let text = format!("openers wait for each other: `{}`", path.join("` for `"));
                Err(DownCause::new(SkipReason::Unavailable, text))
            }
        }
    }
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        if let Some(opening) = self.0 {
            set(opening, None);
        }
    }
}

fn set(opening: Dependent, awaited: Option<Dependent>) {
    let life = opening.0.life();
    life.change(|life, _| life.awaits = awaited);
}

/// The way from an opener back to itself.
fn circle(opening: Dependent, awaited: Dependent) -> Option<Vec<&'static str>> {
    let mut path = vec![opening.0.name()];
    let mut seen = vec![opening];
    let mut next = awaited;
    loop {
        path.push(next.0.name());
        if next.is(opening) {
            return Some(path);
        }
        if seen.iter().any(|seen| seen.is(next)) {
            return None;
        }
        seen.push(next);
        next = next.0.life().read(|life| life.awaits)?;
    }
}
