use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{given, matches};
use crate::config::{Config, NamePattern, duration};
use crate::nearest::nearest;

/// Text that is nearly a configuration.
fn nearly() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "[telemetry]",
        "[[telemetry.rule]]",
        "[telemetry.shutdown]",
        "debug",
        "handler",
        "redact",
        "deadline",
        "sample",
        " = ",
        "true",
        "0.5",
        "1e400",
        "-0x1",
        "\"5s\"",
        "'a::*'",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "\"",
        "'''",
        "\n",
        "\r\n",
        "\0",
        "\u{feff}",
        "é",
        "#",
    ]);
    vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_answered(text in prop_oneof![nearly(), any::<String>()]) {
        if let Err(error) = Config::parse(&text) {
            let lines = text.matches('\n').count() + 1;
            let line = error.line().expect("a line");
            prop_assert!((1..=lines).contains(&line), "{error}");
            prop_assert!(!error.to_string().chars().any(char::is_control), "{error}");
        }
    }

    #[test]
    fn any_variable_is_answered(name in "GAMBESON_(TELEMETRY__)?[A-Z_]{0,12}", value in any::<String>()) {
        match given(&name, &value) {
            Ok(config) => prop_assert!(config.warnings().len() <= 1),
            Err(error) => prop_assert_eq!(error.variable(), Some(name.as_str())),
        }
    }

    #[test]
    fn any_configuration_is_read_back(
        switches in any::<[bool; 4]>(),
        failures in 1..=u32::MAX,
        (burst, per_minute) in (1..=u32::MAX, any::<u32>()),
        millis in any::<[u32; 3]>(),
    ) {
        let [enabled, defensive, graceful, debug] = switches;
        let [deadline, cooldown, longest] = millis;
        let text = format!(
            "[telemetry]\nenabled = {enabled}\ndefensive_mode = {defensive}\n\
             graceful_shutdown = {graceful}\ndebug = {debug}\nshutdown.deadline = '{deadline}ms'\n\
             [telemetry.quarantine]\nfailures = {failures}\ncooldown = '{cooldown}ms'\n\
             max_cooldown = '{longest}ms'\n\
             [telemetry.debug_log]\nburst = {burst}\nper_minute = {per_minute}\n"
        );
        let millis = |millis: u32| Duration::from_millis(u64::from(millis));
        let within = Config::default().quarantine.within;
        let expected = Config::default()
            .with_enabled(enabled)
            .with_defensive_mode(defensive)
            .with_graceful_shutdown(graceful)
            .with_debug(debug)
            .with_shutdown_deadline(millis(deadline))
            .with_quarantine_after(failures, within)
            .with_cooldown(millis(cooldown), millis(longest))
            .with_debug_log_rate(burst, per_minute);
        prop_assert_eq!(Config::parse(&text).expect("a configuration"), expected);
    }

    #[test]
    fn durations_are_read_as_std_writes_them(nanos in 0..=3_000_000_000_000_000_000_u64) {
        let duration = Duration::from_nanos(nanos);
        let written = format!("{duration:?}").replace('µ', "u");
        prop_assert_eq!(duration::parse(&written), Ok(duration));
    }

    #[test]
    fn any_duration_text_is_answered(text in "[0-9]{0,30}(\\.[0-9]{0,40})?[a-z ]{0,3}") {
        if let Ok(duration) = duration::parse(&text) {
            prop_assert!(duration <= Duration::from_secs(876_000 * 3_600));
        }
    }

    #[test]
    fn a_name_matches_itself_and_its_wildcards(names in vec("[a-z_]{1,6}", 1..6), at in 0_usize..6) {
        let name = names.join("::");
        prop_assert!(matches(&name, "::", &name));
        let mut segments: Vec<&str> = names.iter().map(String::as_str).collect();
        let at = at % segments.len();
        let end = segments[at..].join("::");
        prop_assert!(NamePattern::parse(&end).expect("a pattern").matches(&name));
        segments[at] = "*";
        prop_assert!(matches(&segments.join("::"), "::", &name));
        segments.truncate(at);
        segments.push("**");
        prop_assert!(matches(&segments.join("::"), "::", &name));
    }

    #[test]
    fn one_letter_too_few_is_still_recognised(word in "[a-z]{3,20}", at in 0_usize..20) {
        let mut slip = word.clone();
        slip.remove(at % word.len());
        prop_assert_eq!(nearest(&slip, [word.as_str()]), Some(word.as_str()));
    }
}
