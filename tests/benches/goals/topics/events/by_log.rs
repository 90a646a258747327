//! A log record with key-values to one logger.

use std::hint::black_box;

use log::{LevelFilter, Log, Metadata, Record, SetLoggerError};

use super::Reader;

struct Reading;

impl Log for Reading {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let mut reader = Reader::default();
        let _ = record.key_values().visit(&mut reader);
        reader.finish();
    }

    fn flush(&self) {}
}

pub(super) fn set_up() -> Result<(), SetLoggerError> {
    log::set_logger(&Reading)?;
    log::set_max_level(LevelFilter::Trace);
    Ok(())
}

pub(super) fn record() {
    log::info!(amount = black_box(9.5), order = "A-1", city = "Lyon"; "read");
}
