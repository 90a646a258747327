//! Text from outside, made safe to write: bounded, and without characters that forge lines or
//! steer a terminal.

use std::fmt::{self, Write};

/// How many bytes an escape has at most for each byte that it stands for.
pub(crate) const LONGEST_ESCAPE: usize = 8;

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
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    /// Any text, with many of the characters that matter.
    fn hostile() -> impl Strategy<Value = String> {
        let nasty = prop::sample::select(vec![
            '\n', '\r', '\t', '\u{1b}', '\0', '\u{7f}', '\u{9b}', '\u{2028}', '\u{2029}',
            '\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\\', 'a', 'é', '€', '😀',
        ]);
        let character = prop_oneof![nasty, any::<char>()];
        prop::collection::vec(character, 0..60).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn any_text_becomes_safe_and_fits(text in hostile(), capacity in 0_usize..200) {
            let safe = bounded(&text, capacity);
            prop_assert!(safe.text.len() <= capacity);
            prop_assert!(!safe.text.chars().any(is_unsafe));
            prop_assert!(safe.text.lines().count() <= 1);
        }

        #[test]
        fn what_is_safe_stays_as_it_is(text in hostile(), capacity in 0_usize..200) {
            let safe = bounded(&text, capacity);
            let again = bounded(&safe.text, capacity);
            prop_assert_eq!(again.text, safe.text);
            prop_assert!(!again.truncated);
        }

        /// What is cut is the beginning of the whole, however it was written.
        #[test]
        fn what_is_kept_is_how_the_whole_begins(
            pieces in prop::collection::vec(hostile(), 0..4),
            capacity in 0_usize..200,
        ) {
            let text = pieces.concat();
            let whole = bounded(&text, text.len() * LONGEST_ESCAPE);
            prop_assert!(!whole.truncated);
            let mut kept = Bounded::new(capacity);
            for piece in &pieces {
                let _ = kept.write_str(piece);
            }
            let kept = kept.finish();
            prop_assert!(whole.text.starts_with(&kept.text));
            prop_assert_eq!(kept.truncated, kept.text.len() < whole.text.len());
        }
    }

    #[test]
    fn control_characters_become_visible() {
        let nasty = "a\n2026 ERROR fake\u{1b}[2J\u{7}\r\u{2028}\u{202e}\u{9b}z\tb";
        assert_eq!(
            bounded(nasty, 1000).text,
            r"a\n2026 ERROR fake\u{1b}[2J\u{7}\r\u{2028}\u{202e}\u{9b}z\tb"
        );
    }
}
