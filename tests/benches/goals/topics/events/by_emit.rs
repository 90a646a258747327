//! An event of the emit crate to one emitter.

use std::{hint::black_box, ops::ControlFlow};

use emit::Props;

use super::Reader;

/// Sets it up for as long as what it returns is there.
pub(super) fn set_up() -> impl Sized {
    let reading = emit::emitter::from_fn(|event| {
        let mut reader = Reader::default();
        let _ = event.props().for_each(|_, value| {
            match value.to_borrowed_str() {
                Some(text) => reader.text(text),
                None => reader.number(value.as_f64()),
            }
            ControlFlow::Continue(())
        });
        reader.finish();
    });
    emit::setup().emit_to(reading).init()
}

pub(super) fn event() {
    emit::info!("read", amount: black_box(9.5), order: "A-1", city: "Lyon");
}
