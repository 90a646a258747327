//! Reading the file: only a regular one, only so much of it, only as UTF-8.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::{ConfigError, Place, Position, Problem};

/// A configuration that is longer is not one: thousands of rules fit in, and the worst text of this
/// length is refused within 100 ms, also by a slow machine. What costs most are tables within
/// tables: the parser takes a kilobyte of memory for each.
pub(super) const LARGEST: usize = 1 << 17;

/// Text to parse, with the name and the lines that errors show.
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
    /// The offset at which each line begins.
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    /// Strips the byte order mark and refuses text that is too long.
    pub(super) fn new(path: &'a Path, text: &'a str) -> Result<Self, ConfigError> {
        if text.len() > LARGEST {
            return Err(too_large(path));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0)
            .chain(ends.map(|(end, _)| end + 1))
            .collect();
        Ok(Self { path, text, lines })
    }

    pub(super) fn position(&self, offset: usize) -> Position {
        let line = self.line(offset);
        let start = self.lines[line - 1];
        let before = self.text.get(start..offset).unwrap_or_default();
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }

    /// What [`position`](Self::position) tells, without the letters of a long line being counted.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }

    pub(super) fn refuse(&self, offset: usize, key: Option<&str>, told: String) -> ConfigError {
        let place = Place::File {
            path: self.path.to_owned(),
            position: Some(self.position(offset)),
        };
        ConfigError::new(place, key, Problem::Told(told))
    }
}

/// Reads the whole file as text.
pub(super) fn read(path: &Path) -> Result<String, ConfigError> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let (valid, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let valid = String::from_utf8_lossy(valid);
        match Source::new(path, &valid) {
            Ok(source) => source.refuse(
                source.text.len(),
                None,
                "the text is not UTF-8; save the file as UTF-8".to_owned(),
            ),
            Err(too_large) => too_large,
        }
    })
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let unreadable = |error| refuse(path, Problem::Unreadable(error));
    // Opening a FIFO waits for its writer, so the kind is asked before, and again of the file
    // that was opened, which may be another one by then.
    refuse_special(path, &fs::metadata(path).map_err(unreadable)?)?;
    let file = File::open(path).map_err(unreadable)?;
    refuse_special(path, &file.metadata().map_err(unreadable)?)?;
    let bytes = read_at_most(file, LARGEST + 1).map_err(unreadable)?;
    if bytes.len() > LARGEST {
        return Err(too_large(path));
    }
    Ok(bytes)
}

fn read_at_most(file: File, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn refuse_special(path: &Path, metadata: &Metadata) -> Result<(), ConfigError> {
    if metadata.is_file() {
        return Ok(());
    }
    let found = if metadata.is_dir() {
        "a directory"
    } else {
        "a pipe, device or socket"
    };
    let told = format!("is {found}; give the path of a regular file");
    Err(refuse(path, Problem::Told(told)))
}

fn too_large(path: &Path) -> ConfigError {
    let told = format!("is larger than {LARGEST} bytes; a configuration is never that long");
    refuse(path, Problem::Told(told))
}

fn refuse(path: &Path, problem: Problem) -> ConfigError {
    ConfigError::new(
        Place::File {
            path: PathBuf::from(path),
            position: None,
        },
        None,
        problem,
    )
}
