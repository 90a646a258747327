use super::matches;
use crate::config::{KeyPattern, NamePattern};
use crate::glob::{self, GlobError};

#[test]
fn wildcards_stand_for_whole_segments() {
    let table = [
        ("shop::billing::*", "shop::billing::charge", true),
        ("shop::billing::*", "shop::billing", false),
        ("shop::billing::*", "shop::billing::card::charge", false),
        ("shop::*::charge", "shop::billing::charge", true),
        ("shop::*::charge", "shop::charge", false),
        ("shop::**", "shop::billing::card::charge", true),
        ("shop::**", "shop", false),
        ("shop::**", "shopping::cart", false),
        ("**", "shop", true),
        ("*", "shop::billing", false),
        ("shop", "Shop", false),
    ];
    for (pattern, name, expected) in table {
        assert_eq!(glob::check(pattern, "::"), Ok(()), "{pattern}");
        assert_eq!(
            matches(pattern, "::", name),
            expected,
            "{pattern} on {name}"
        );
        let dotted = (pattern.replace("::", "."), name.replace("::", "."));
        assert_eq!(matches(&dotted.0, ".", &dotted.1), expected, "{dotted:?}");
    }
}

#[test]
fn other_wildcards_and_empty_segments_are_refused() {
    let empty = GlobError::EmptySegment { separator: "::" };
    let table = [
        ("", GlobError::Empty),
        ("::shop", empty),
        ("shop::", empty),
        ("shop::::charge", empty),
        ("**::charge", GlobError::RestNotLast),
        ("shop::char*", GlobError::PartOfSegment),
        ("shop::***", GlobError::PartOfSegment),
    ];
    for (pattern, expected) in table {
        assert_eq!(NamePattern::parse(pattern), Err(expected), "{pattern}");
    }
}

#[test]
fn a_handler_is_also_meant_by_the_end_of_its_name() {
    let table = [
        ("charge", "charge", true),
        ("charge", "shop::billing::charge", true),
        ("billing::charge", "shop::billing::charge", true),
        ("shop::billing::charge", "billing::charge", false),
        ("charge", "shop::surcharge", false),
        ("charge", "shop::charge::late", false),
        ("billing::*", "shop::billing::charge", false),
    ];
    for (pattern, name, expected) in table {
        let pattern = NamePattern::parse(pattern).expect("a pattern");
        assert_eq!(pattern.matches(name), expected, "{pattern} on {name}");
    }
}

#[test]
fn keys_are_redacted_in_any_case_and_depth() {
    let table = [
        ("card", "card", true),
        ("card", "CARD", true),
        ("Card", "payment.card", true),
        ("card", "card.number", false),
        ("card", "discard", false),
        ("payment.card", "order.payment.card", true),
        ("*.password", "user.Password", true),
        ("*.password", "password", false),
        ("*.password", "shop.user.password", false),
        ("card.**", "card.number.last", true),
        ("card.**", "card", false),
    ];
    for (pattern, key, expected) in table {
        let pattern = KeyPattern::parse(pattern).expect("a pattern");
        assert_eq!(pattern.matches(key), expected, "{pattern} on {key}");
    }
}

#[test]
fn patterns_are_shown_as_they_were_written() {
    let key = KeyPattern::parse("*.password").expect("a pattern");
    assert_eq!(
        (key.as_str(), &*key.to_string()),
        ("*.password", "*.password")
    );
    let name = NamePattern::parse("shop::*").expect("a pattern");
    assert_eq!((name.as_str(), &*name.to_string()), ("shop::*", "shop::*"));
}
