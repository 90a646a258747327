//! Event patterns against a matcher that only does what their documentation says.

#![no_main]

use gambeson::Pattern;
use libfuzzer_sys::fuzz_target;

// A pattern and a name, a line each.
fuzz_target!(|text: &str| {
    let Some((pattern, name)) = text.split_once('\n') else {
        return;
    };
    let is_name = is_well_formed(name) && !name.contains('*');
    let parsed = Pattern::parse(pattern);
    assert_eq!(parsed.is_ok(), is_pattern(pattern), "{pattern:?}");
    if let Ok(parsed) = parsed
        && is_name
    {
        let wanted: Vec<_> = pattern.split('.').collect();
        let segments: Vec<_> = name.split('.').collect();
        let expected = matches(&wanted, &segments);
        assert_eq!(parsed.matches(name), expected, "{pattern:?} {name:?}");
        assert_eq!(parsed.as_str(), pattern);
    }
});

fn is_well_formed(text: &str) -> bool {
    let is_known = |c: char| c.is_ascii_alphanumeric() || "_-*".contains(c);
    text.split('.')
        .all(|segment| !segment.is_empty() && segment.chars().all(is_known))
}

fn is_pattern(text: &str) -> bool {
    let segments: Vec<_> = text.split('.').collect();
    let (last, others) = segments.split_last().expect("a text has a segment");
    let is_whole = |segment: &str| !segment.contains('*') || segment == "*";
    is_well_formed(text)
        && others.iter().all(|segment| is_whole(segment))
        && (is_whole(last) || *last == "**")
}

fn matches(wanted: &[&str], segments: &[&str]) -> bool {
    match (wanted, segments) {
        ([], []) => true,
        (["**"], [_, ..]) => true,
        ([first, wanted @ ..], [segment, segments @ ..]) => {
            (*first == "*" || first == segment) && matches(wanted, segments)
        }
        _ => false,
    }
}
