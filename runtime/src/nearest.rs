//! The valid name that is nearest to a misspelt one, for "did you mean".

/// A longer word is a mistake of another kind, and comparing it would cost its square.
const LONGEST: usize = 96;

/// Finds the candidate that `word` is most likely a misspelling of.
///
/// ASCII case is not looked at. At most a third of the letters may be wrong, missing or too many;
/// two neighbours that changed places are one mistake. The first of several equally near
/// candidates is given.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = folded(word)?;
    candidates
        .into_iter()
        .filter_map(|candidate| Some((mistakes(&word, &folded(candidate)?)?, candidate)))
        .min_by_key(|(mistakes, _)| *mistakes)
        .map(|(_, candidate)| candidate)
}

/// The letters of `word` in lower case, unless there are too many.
fn folded(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word
        .chars()
        .take(LONGEST + 1)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    (letters.len() <= LONGEST).then_some(letters)
}

/// Counts the edits between the two words, if they are few enough to be a misspelling.
fn mistakes(left: &[char], right: &[char]) -> Option<usize> {
    let allowed = left.len().max(right.len()) / 3;
    if left.len().abs_diff(right.len()) > allowed {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(right.len() + 1);
        current.push(row + 1);
        for (column, other) in right.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != other);
            let mut fewest = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && *letter == right[column - 1] && left[row - 1] == *other;
            if swapped {
                fewest = fewest.min(before_last[column - 1] + 1);
            }
            current.push(fewest);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().filter(|edits| *edits <= allowed)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const KEYS: [&str; 4] = ["enabled", "debug", "deadline", "redact"];

    #[test]
    fn one_slip_of_each_kind_is_recognised() {
        for slip in ["debgu", "debg", "debuug", "dabug", "DEBUG"] {
            assert_eq!(nearest(slip, KEYS), Some("debug"), "{slip}");
        }
    }

    #[test]
    fn a_word_with_more_than_a_third_wrong_has_no_neighbour() {
        for word in ["", "d", "dxxug", "telemetry"] {
            assert_eq!(nearest(word, KEYS), None, "{word}");
        }
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(nearest("shap", ["shoe", "shop"]), Some("shop"));
        assert_eq!(nearest("cat", ["bat", "hat"]), Some("bat"));
        assert_eq!(nearest("hôtel", ["hotel"]), Some("hotel"));
    }

    #[test]
    fn huge_words_are_not_compared() {
        let huge = "d".repeat(1 << 20);
        assert_eq!(nearest(&huge, ["debug", huge.as_str()]), None);
        assert_eq!(nearest("debug", [huge.as_str(), "debut"]), Some("debut"));
    }
}
