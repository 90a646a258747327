//! The fields of one call, captured when somebody first asks for one.

use std::{
    cell::{Cell, OnceCell},
    fmt,
};

use super::Field;

/// Fields that are captured at most once, and only where they are wanted.
pub struct Fields<F> {
    capture: Cell<Option<F>>,
    captured: OnceCell<Vec<Field>>,
}

impl<const N: usize, F: FnOnce() -> [Field; N]> Fields<F> {
    /// The fields that `capture` will make.
    pub const fn new(capture: F) -> Self {
        Fields {
            capture: Cell::new(Some(capture)),
            captured: OnceCell::new(),
        }
    }

    /// The value of the field at `index`, as tracing takes it.
    pub fn typed(&self, index: usize) -> &dyn tracing::Value {
        match self.captured().get(index) {
            Some(field) => field.typed(),
            None => &tracing::field::Empty,
        }
    }

    /// All of them.
    pub fn into_vec(self) -> Vec<Field> {
        self.captured();
        self.captured.into_inner().unwrap_or_default()
    }

    fn captured(&self) -> &Vec<Field> {
        self.captured.get_or_init(|| {
            let capture = self.capture.take();
            capture.map(|capture| capture().into()).unwrap_or_default()
        })
    }
}

impl<F> fmt::Debug for Fields<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let captured = self.captured.get();
        f.debug_tuple("Fields").field(&captured).finish()
    }
}
