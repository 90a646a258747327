//! The event names of targets and spans, which may be any text.

use tracing::Metadata;

use crate::pattern;

/// What an event is called that has no name of its own.
const UNNAMED: &str = "event";

/// The name that the events of a span begin with.
pub(super) fn of_span(metadata: &Metadata<'_>) -> String {
    under(metadata.target(), metadata.name())
}

/// The name of an event.
pub(super) fn of_event(metadata: &Metadata<'_>) -> String {
    let own_name = has_own_name(metadata).then_some(metadata.name());
    under(metadata.target(), own_name.unwrap_or(UNNAMED))
}

/// The name of an event of a target that has none of its own.
pub(super) fn of_target(target: &str) -> String {
    under(target, UNNAMED)
}

fn under(target: &str, name: &str) -> String {
    let mut full = String::with_capacity(target.len() + 1 + name.len());
    push_dotted(&mut full, target);
    full.push('.');
    push_dotted(&mut full, name);
    full
}

/// Adds the segments of a text: `::` separates them as a dot does, and what no name can have
/// becomes an underscore.
fn push_dotted(name: &mut String, text: &str) {
    let segments = text.split("::").flat_map(|path| path.split('.'));
    for (index, segment) in segments.enumerate() {
        if index > 0 {
            name.push('.');
        }
        let segment = segment.strip_prefix("r#").unwrap_or(segment);
        if segment.is_empty() {
            name.push('_');
        }
        let kept = |letter: char| u8::try_from(letter).is_ok_and(pattern::is_name_byte);
        name.extend(
            segment
                .chars()
                .map(|letter| if kept(letter) { letter } else { '_' }),
        );
    }
}

/// Whether an event was given a name; tracing calls the others `event src/file.rs:12`, and the
/// question whether one is on, `enabled src/file.rs:12`.
fn has_own_name(metadata: &Metadata<'_>) -> bool {
    let name = metadata.name();
    let place = name.strip_prefix("event ");
    let place = place.or_else(|| name.strip_prefix("enabled "));
    let (Some(place), Some(file), Some(line)) = (place, metadata.file(), metadata.line()) else {
        return true;
    };
    let in_file = place.strip_prefix(file);
    let line_of_place = in_file.and_then(|rest| rest.strip_prefix(':')?.parse().ok());
    line_of_place != Some(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_makes_a_name_that_is_refused(target in "(::|[.*r#a ]|\\PC)*", name in "\\PC*") {
            prop_assert_eq!(pattern::check_name(&under(&target, &name)), Ok(()));
        }
    }

    #[test]
    fn what_no_name_can_have_becomes_an_underscore() {
        for (target, name, expected) in [
            ("hyper::client", "connect", "hyper.client.connect"),
            ("shop.cart", "HTTP request", "shop.cart.HTTP_request"),
            ("r#mod::größe", "a-b_9", "mod.gr__e.a-b_9"),
            ("bar#x", "*", "bar_x._"),
            ("", "..", "_._._._"),
            (":a:", "a::", "_a_.a._"),
        ] {
            let full = under(target, name);
            assert_eq!(full, expected, "{target:?} {name:?}");
            assert_eq!(pattern::check_name(&full), Ok(()));
        }
    }
}
