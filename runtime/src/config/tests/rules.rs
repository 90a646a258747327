use std::time::Duration;

use crate::config::{Config, NamePattern, Rule, Settings};
use crate::pattern::Pattern;

const FILE: &str = "
[telemetry]
debug = false

[[telemetry.rule]]
event = 'shop.**'
sample = 0.5
debug = true

[[telemetry.rule]]
handler = 'shop::billing::*'
budget = '5ms'
debug = false

[[telemetry.rule]]
handler = 'charge'
event = 'shop.order.stop'
sample = 1
enabled = false
quarantine = false
";

const UNTOUCHED: Settings = Settings {
    debug: false,
    enabled: true,
    sample: 1.0,
    budget: None,
    quarantine: None,
};

fn config(text: &str) -> Config {
    Config::parse(text).expect("a configuration")
}

#[test]
fn the_last_match_wins_for_each_setting() {
    let config = config(FILE);
    let budget = Some(Duration::from_millis(5));
    let table = [
        ("shop::audit", "till.open", UNTOUCHED),
        (
            "shop::audit",
            "shop.open",
            Settings {
                debug: true,
                sample: 0.5,
                ..UNTOUCHED
            },
        ),
        (
            "shop::billing::refund",
            "till.open",
            Settings {
                budget,
                ..UNTOUCHED
            },
        ),
        (
            "shop::billing::refund",
            "shop.open",
            Settings {
                sample: 0.5,
                budget,
                ..UNTOUCHED
            },
        ),
        (
            "shop::billing::charge",
            "shop.order.stop",
            Settings {
                enabled: false,
                budget,
                quarantine: Some(false),
                ..UNTOUCHED
            },
        ),
    ];
    for (handler, event, expected) in table {
        assert_eq!(
            config.settings(handler, event),
            expected,
            "{handler} on {event}"
        );
    }
}

#[test]
fn each_setting_is_taken_from_the_last_rule() {
    let rule = |yes: bool, share: f64| {
        Rule::new()
            .with_debug(yes)
            .with_enabled(yes)
            .with_sample(share)
            .with_budget(Duration::from_secs(u64::from(yes)))
            .with_quarantine(yes)
    };
    let config = Config::default()
        .with_rule(rule(true, 0.75))
        .with_rule(rule(false, 0.5));
    let expected = Settings {
        debug: false,
        enabled: false,
        sample: 0.5,
        budget: Some(Duration::ZERO),
        quarantine: Some(false),
    };
    assert_eq!(config.settings("a", "b"), expected);
}

#[test]
fn a_rule_cannot_enable_what_is_disabled_as_a_whole() {
    let rule = Rule::new().with_enabled(true);
    let disabled = Config::default()
        .with_enabled(false)
        .with_rule(rule.clone());
    assert!(!disabled.settings("a", "b").enabled);
    let both = Config::default()
        .with_rule(Rule::new().with_enabled(false))
        .with_rule(rule);
    assert!(both.settings("a", "b").enabled);
}

#[test]
fn a_share_set_by_a_program_is_kept_in_its_range() {
    for (share, expected) in [(7.0, 1.0), (-1.0, 0.0), (f64::NAN, 1.0), (0.25, 0.25)] {
        let config = Config::default().with_rule(Rule::new().with_sample(share));
        assert_eq!(
            config.settings("a", "b").sample.to_bits(),
            f64::to_bits(expected),
            "{share}"
        );
    }
}

#[test]
fn rules_of_the_program_are_those_of_the_file() {
    let text = "
        [[telemetry.rule]]
        handler = 'shop::*'
        event = 'shop.**'
        debug = true
        enabled = true
        sample = 0.5
        budget = '5ms'
        quarantine = true
    ";
    let mut file = config(text);
    assert_eq!(file.rules[0].line(), Some(2));
    file.rules[0].place = None;
    let rule = Rule::new()
        .with_handler(NamePattern::parse("shop::*").expect("a pattern"))
        .with_event(Pattern::parse("shop.**").expect("a pattern"))
        .with_debug(true)
        .with_enabled(true)
        .with_sample(0.5)
        .with_budget(Duration::from_millis(5))
        .with_quarantine(true);
    assert_eq!(file, Config::default().with_rule(rule));
}

#[test]
fn rules_that_match_nothing_are_told_with_the_nearest_name() {
    let handlers = [
        "shop::billing::charge",
        "shop::billing::refund",
        "shop::audit::charge",
        "log",
        "surface::a::b::c",
    ];
    let table = [
        ("shop::billing::*", None),
        ("log", None),
        ("refund", None),
        (
            "shop::biling::*",
            Some("matches no handler; did you mean `shop::billing::*`?"),
        ),
        (
            "shpo::**",
            Some("matches no handler; did you mean `shop::**`?"),
        ),
        ("refnud", Some("matches no handler; did you mean `refund`?")),
        (
            "billing::refnud",
            Some("matches no handler; did you mean `billing::refund`?"),
        ),
        ("surfaces::a::*", Some("matches no handler")),
        ("surfaces::a::b::c::**", Some("matches no handler")),
        ("bank::transfer", Some("matches no handler")),
        (
            "charge",
            Some(
                "matches 2 handlers, `shop::billing::charge` and `shop::audit::charge` among \
                 them; write more of the name to choose one",
            ),
        ),
    ];
    for (pattern, told) in table {
        let text = format!("# a shop\n[[telemetry.rule]]\nhandler = '{pattern}'\ndebug = true");
        let expected: Vec<String> = told
            .map(|told| format!("<text>:2: the rule for handler `{pattern}` {told}"))
            .into_iter()
            .collect();
        assert_eq!(config(&text).unmatched(&handlers), expected, "{pattern}");
    }
    let program = Rule::new().with_handler(NamePattern::parse("lgo").expect("a pattern"));
    assert_eq!(
        Config::default().with_rule(program).unmatched(&["logs"]),
        ["configuration of the program: the rule for handler `lgo` matches no handler"],
    );
}

#[test]
fn a_rule_that_sets_nothing_is_told() {
    let config = config("[[telemetry.rule]]\ndebug = true\n[[telemetry.rule]]\nhandler = 'a'");
    assert_eq!(
        config.warnings(),
        ["<text>:3: the rule sets nothing; add a setting or remove it"]
    );
}
