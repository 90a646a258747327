//! A text of bounded size on the stack: usable in a panic hook and in a thread-local without
//! a destructor.

use std::fmt;

/// At most `N` bytes of UTF-8; what does not fit is cut at a character's boundary.
#[derive(Clone, Copy)]
pub(super) struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    pub(super) const EMPTY: Self = Text {
        bytes: [0; N],
        length: 0,
    };

    pub(super) fn of(text: &str) -> Self {
        let mut copy = Self::EMPTY;
        copy.push(text);
        copy
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or("")
    }

    fn push(&mut self, text: &str) {
        let end = text.floor_char_boundary(N - self.length);
        self.bytes[self.length..self.length + end].copy_from_slice(&text.as_bytes()[..end]);
        self.length += end;
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_at_a_characters_boundary() {
        assert_eq!(Text::<4>::of("aé€").as_str(), "aé");
        assert_eq!(Text::<4>::of("").as_str(), "");
    }
}
