//! What the tables mean, row by row, for tests of how they are searched.

use super::{
    ERRORS,
    Fits::{self, Anywhere, Start},
    PANICS, SEARCHED, WHOLE_ERRORS,
};
use crate::reason::SkipReason;

/// The reason of a panic and that of an error with this message, by a look at each row in turn.
pub(crate) fn scanned(message: &str) -> (Option<SkipReason>, Option<SkipReason>) {
    let searched = &message.as_bytes()[..message.len().min(SEARCHED)];
    let fits = |(fits, _): &&(Fits, SkipReason)| match fits {
        Start(text) => searched.starts_with(text.as_bytes()),
        Anywhere(text) => searched
            .windows(text.len())
            .any(|part| part == text.as_bytes()),
    };
    let panic = PANICS.iter().find(fits).map(|row| row.1);
    let starts = ERRORS.iter().find(|(start, _)| message.starts_with(start));
    let error = starts.or_else(|| WHOLE_ERRORS.iter().find(|(whole, _)| message == *whole));
    (panic, error.map(|row| row.1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::reason_of_panic, *};

    /// How much of a row is missing: mostly nothing.
    fn cut() -> impl Strategy<Value = usize> {
        prop_oneof![4 => Just(0), 1 => 1..5_usize]
    }

    proptest! {
        /// What is searched at once is what each row would find.
        #[test]
        fn a_lookup_finds_what_a_scan_finds(
            parts in prop::collection::vec((".{0,8}", 0..PANICS.len(), cut()), 0..6),
        ) {
            let texts = parts.iter().map(|(between, row, cut)| {
                let (Start(text) | Anywhere(text)) = PANICS[*row].0;
                format!("{between}{}", &text[..text.len().saturating_sub(*cut)])
            });
            let message: String = texts.collect();
            prop_assert_eq!(reason_of_panic(&message), scanned(&message).0);
        }
    }
}
