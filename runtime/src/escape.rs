//! Text from outside, made safe to write: bounded, and without characters that forge lines or
//! steer a terminal.

use std::fmt::{self, Write};

/// A text that was made safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Escaped {
    pub(crate) text: String,
    pub(crate) truncated: bool,
}

/// Writes escaped text until some does not fit, then refuses whatever comes.
pub(crate) struct Bounded {
    escaped: Escaped,
    capacity: usize,
}

impl Bounded {
    pub(crate) fn new(capacity: usize) -> Self {
        Bounded {
            escaped: Escaped {
                text: String::new(),
                truncated: false,
            },
            capacity,
        }
    }

    pub(crate) fn finish(self) -> Escaped {
        self.escaped
    }

    pub(crate) fn length(&self) -> usize {
        self.escaped.text.len()
    }

    /// Goes back to a length that it had.
    pub(crate) fn go_back(&mut self, length: usize) {
        self.escaped.text.truncate(length);
        self.escaped.truncated = false;
    }

    fn push(&mut self, piece: &str) -> fmt::Result {
        if self.escaped.truncated || self.escaped.text.len() + piece.len() > self.capacity {
            self.escaped.truncated = true;
            return Err(fmt::Error);
        }
        self.escaped.text.push_str(piece);
        Ok(())
    }
}

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match named_escape(character) {
                Some(escape) => self.push(escape)?,
                None if is_unsafe(character) => {
                    self.push(&format!("\\u{{{:x}}}", u32::from(character)))?;
                }
                None => self.push(character.encode_utf8(&mut [0; 4]))?,
            }
        }
        Ok(())
    }
}

/// The text, escaped and cut to `capacity` bytes.
pub(crate) fn bounded(text: &str, capacity: usize) -> Escaped {
    let mut writer = Bounded::new(capacity);
    let _ = writer.write_str(text);
    writer.finish()
}

fn named_escape(character: char) -> Option<&'static str> {
    match character {
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        _ => None,
    }
}

/// Control characters, line separators, and the marks that reorder text.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}'
                | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_visible() {
        let nasty = "a\n2026 ERROR fake\u{1b}[2J\u{7}\r\u{2028}\u{202e}\u{9b}z\tb";
        assert_eq!(
            bounded(nasty, 1000).text,
            r"a\n2026 ERROR fake\u{1b}[2J\u{7}\r\u{2028}\u{202e}\u{9b}z\tb"
        );
    }
}
