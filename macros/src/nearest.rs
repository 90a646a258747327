//! "Did you mean": the valid name that is nearest to the one that was written.

/// The end of an error about an unknown name: the nearest known one, or all of them.
pub(crate) fn suggestion(written: &str, known: &[&str]) -> String {
    match nearest(written, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("expected one of `{}`", known.join("`, `")),
    }
}

fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    // Two letters in the wrong place are two edits, also in a short word.
    let limit = 1 + written.len() / 4;
    known
        .iter()
        .map(|name| (distance(&fold(written), &fold(name)), *name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Makes `TimedOut`, `timed-out` and `timed_out` the same word.
fn fold(name: &str) -> Vec<char> {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The Levenshtein distance, with one row of the table kept.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, from) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn a_slip_is_corrected() {
        for slip in ["nmae", "names", "Name", "nam"] {
            assert_eq!(suggestion(slip, &["needs", "name"]), "did you mean `name`?");
        }
        assert_eq!(
            suggestion("TimedOut", &["cancelled", "timed_out"]),
            "did you mean `timed_out`?"
        );
    }

    #[test]
    fn another_word_is_told_every_name() {
        assert_eq!(
            suggestion("colour", &["needs", "name"]),
            "expected one of `needs`, `name`"
        );
    }
}
