//! A provided value, the gate in front of it, and who holds a lease on it.

use std::{
    fmt,
    panic::Location,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::Thread,
};

use super::departure::{Departing, Departure, Threshold};
use crate::{contain::Kept, gate::Gate, hazard};

/// A provided value and the gate in front of it.
///
/// A mark on the holding is one on its gate, for both have the same address.
#[repr(C)]
pub(crate) struct Holding<T> {
    pub(super) gate: Gate,
    holders: Mutex<Vec<Option<Holder>>>,
    /// Dropped before the value, as that is before the last field.
    threshold: Threshold,
    /// Whoever holds it last drops it.
    value: Kept<T>,
    departure: Departure,
}

/// Who took a lease that is counted, and where.
struct Holder {
    thread: Option<Thread>,
    place: &'static Location<'static>,
}

/// Where a holder stands in the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat(usize);

impl<T> Holding<T> {
    pub(super) fn new(value: T) -> Self {
        Holding {
            gate: Gate::left_silently(),
            holders: Mutex::new(Vec::new()),
            threshold: Threshold,
            value: Kept::new(value),
            departure: Departure::default(),
        }
    }

    pub(super) fn value(&self) -> &T {
        match self.value.get() {
            Some(value) => value,
            None => unreachable!("the value is there until the holding is dropped"),
        }
    }

    /// To wait until the value has been dropped.
    pub(super) fn departing(&self) -> Arc<Departing> {
        self.departure.watch()
    }

    /// Writes down that this thread takes a lease.
    pub(super) fn sit_down(&self, place: &'static Location<'static>) -> Seat {
        let holder = Some(Holder {
            thread: hazard::current_thread(),
            place,
        });
        let mut holders = self.lock();
        if let Some(free) = holders.iter().position(Option::is_none) {
            holders[free] = holder;
            return Seat(free);
        }
        holders.push(holder);
        Seat(holders.len() - 1)
    }

    pub(super) fn stand_up(&self, seat: Seat) {
        let left = self.lock().get_mut(seat.0).and_then(Option::take);
        drop(left);
    }

    /// Who holds a lease, by thread, and by place where that is known.
    pub(super) fn holders(&self) -> Vec<String> {
        let marked = self.gate.threads_inside().into_iter();
        let marked: Vec<String> = marked.map(|owner| owner.to_string()).collect();
        let counted = self.lock();
        let counted = counted.iter().flatten().map(Holder::to_string);
        marked.into_iter().chain(counted).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<Holder>>> {
        self.holders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> AsRef<Gate> for Holding<T> {
    fn as_ref(&self) -> &Gate {
        &self.gate
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.thread.as_ref().map(|thread| (thread.name(), thread)) {
            Some((Some(name), _)) => f.write_str(name)?,
            Some((None, thread)) => write!(f, "{:?}", thread.id())?,
            None => f.write_str("an ended thread")?,
        }
        write!(f, " ({}:{})", self.place.file(), self.place.line())
    }
}
