//! A text of bounded size in place: usable in a panic hook and in a thread-local without a
//! destructor.

use std::fmt;

/// At most `N` bytes of UTF-8; what does not fit is cut at a character's boundary.
#[derive(Clone, Copy)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const EMPTY: Self = Text {
        bytes: [0; N],
        length: 0,
    };

    /// Takes this text in the place of the one before, and copies no more than is there.
    pub(super) fn set(&mut self, text: &str) {
        self.length = 0;
        self.push(text);
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or("")
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn push(&mut self, text: &str) {
        let end = text.floor_char_boundary(N - self.length);
        self.bytes[self.length..self.length + end].copy_from_slice(&text.as_bytes()[..end]);
        self.length += end;
    }
}

/// Refuses to go on once it is full.
impl<const N: usize> fmt::Write for Text<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let before = self.length;
        self.push(text);
        if self.length - before < text.len() {
            return Err(fmt::Error);
        }
        Ok(())
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_kept_is_how_the_text_begins(text in any::<String>()) {
            let mut kept = Text::<16>::EMPTY;
            kept.set(&text);
            prop_assert!(text.starts_with(kept.as_str()));
            let rest = text.len() - kept.as_str().len();
            prop_assert!(rest == 0 || kept.as_str().len() > 16 - 4);
        }
    }

    #[test]
    fn cut_at_a_characters_boundary() {
        let mut text = Text::<4>::EMPTY;
        text.set("aé€");
        assert_eq!(text.as_str(), "aé");
        text.set("");
        assert_eq!(text.as_str(), "");
    }

    #[test]
    fn what_is_written_beyond_the_end_is_refused() {
        let mut text = Text::<4>::EMPTY;
        assert!(write!(text, "ab").is_ok());
        assert!(write!(text, "cde").is_err());
        assert_eq!(text.as_str(), "abcd");
    }
}
