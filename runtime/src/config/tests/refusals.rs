//! The text of each error, as the user reads it.

use std::path::Path;

use super::refused;

fn assert_refused(table: &[(&str, &str)]) {
    for (text, told) in table {
        assert_eq!(
            refused(text).to_string(),
            format!("<text>:{told}"),
            "{text}"
        );
    }
}

#[test]
fn unknown_keys() {
    assert_refused(&[
        (
            "[telemetry]\ndebgu = true",
            "2:1: unknown key `debgu` in [telemetry]; did you mean `debug`?",
        ),
        (
            "[telemetry]\n\n  debug_log.burts = 1",
            "3:13: unknown key `burts` in [telemetry.debug_log]; did you mean `burst`?",
        ),
        (
            "[telemetry.shutdown]\nx = 1",
            "2:1: unknown key `x` in [telemetry.shutdown]; the keys there are `deadline`",
        ),
        (
            "[telemetry]\nwithin = '1s'",
            "2:1: unknown key `within` in [telemetry]; it belongs in [telemetry.quarantine]",
        ),
        (
            "[telemetry]\nsample = 0.5",
            "2:1: unknown key `sample` in [telemetry]; it belongs in [[telemetry.rule]]",
        ),
        (
            "[[telemetry.rule]]\nhandlers = 'a'",
            "2:1: unknown key `handlers` in [[telemetry.rule]]; did you mean `handler`?",
        ),
        (
            "[telemtry]\ndebug = true",
            "1:2: unknown table or key `telemtry`; did you mean `telemetry`?",
        ),
        (
            "debug = true",
            "1:1: unknown table or key `debug`; it belongs in [telemetry]",
        ),
        (
            "[flags]",
            "1:2: unknown table or key `flags`; the keys there are `telemetry`",
        ),
    ]);
}

#[test]
fn wrong_types_and_values() {
    assert_refused(&[
        (
            "[telemetry]\ndebug = 'yes'",
            "2:9: `debug` in [telemetry] must be `true` or `false`, not a string",
        ),
        (
            "[telemetry]\ndebug = 1",
            "2:9: `debug` in [telemetry] must be `true` or `false`",
        ),
        (
            "[telemetry.shutdown]\ndeadline = 5",
            "2:12: `deadline` in [telemetry.shutdown] must be a duration in quotes, \
             such as \"5s\" or \"250ms\"",
        ),
        (
            "[telemetry.shutdown]\ndeadline = '5 s'",
            "2:12: `deadline` in [telemetry.shutdown] must be a duration in quotes, \
             such as \"5s\" or \"250ms\": the unit is none of ns, us, ms, s, m or h",
        ),
        (
            "[telemetry.quarantine]\nfailures = 5_000_000_000",
            "2:12: `failures` in [telemetry.quarantine] must be a whole number from 1 to 4294967295",
        ),
        (
            "[telemetry.debug_log]\nredact = ['card', 7]",
            "2:10: `redact` in [telemetry.debug_log] must be a list of key patterns, \
             such as [\"card\", \"*.password\"]",
        ),
        (
            "[[telemetry.rule]]\nsample = 1.5",
            "2:10: `sample` in [[telemetry.rule]] must be a number from 0.0 to 1.0",
        ),
        (
            "[[telemetry.rule]]\nsample = nan",
            "2:10: `sample` in [[telemetry.rule]] must be a number from 0.0 to 1.0",
        ),
        (
            "[[telemetry.rule]]\nhandler = 'shop::bill*'",
            "2:11: `handler` in [[telemetry.rule]] must be a pattern of handler names: \
             a `*` stands for one whole segment; it cannot be a part of one",
        ),
        (
            "[telemetry]\nshutdown = '5s'",
            "2:12: `shutdown` must be a table; write [telemetry.shutdown]",
        ),
        (
            "[telemetry.rule]\ndebug = true",
            "1:1: `rule` must be a list of tables; write [[telemetry.rule]]",
        ),
        (
            "telemetry = true",
            "1:13: `telemetry` must be a table; write [telemetry]",
        ),
    ]);
    let event = refused("[[telemetry.rule]]\nevent = 'shop.**.stop'").to_string();
    let before = "<text>:2:9: `event` in [[telemetry.rule]] must be a pattern of event names: ";
    assert!(event.starts_with(before), "{event}");
}

#[test]
fn syntax() {
    assert_refused(&[
        (
            "[telemetry]\ndebug = true\ndebug = false",
            "3:1: `debug` is given twice; remove one",
        ),
        (
            "[telemetry]\n[telemetry]",
            "2:2: `telemetry` is given twice; remove one",
        ),
        (
            "[telemetry]\r\ndebug = yes",
            "2:9: not valid TOML: string values must be quoted, expected literal string",
        ),
    ]);
}

#[test]
fn the_first_error_of_the_file_is_told() {
    let error = refused("[telemetry]\nzeta = 1\nalpha = 2");
    assert_eq!((error.line(), error.key()), (Some(2), Some("zeta")));
}

#[test]
fn the_parts_of_an_error_can_be_read() {
    let error = refused("[telemetry]\nshutdown = { \"día\" = '5s' }");
    assert_eq!(error.path(), Some(Path::new("<text>")));
    assert_eq!(
        (error.line(), error.column(), error.key()),
        (Some(2), Some(14), Some("día"))
    );
    assert_eq!(
        (error.variable(), error.io_error().map(std::io::Error::kind)),
        (None, None)
    );
    assert_eq!(format!("{error:?}"), error.to_string());
}

#[test]
fn columns_are_counted_in_characters() {
    let error = refused("[telemetry]\ndebug_log = { redact = ['é', 'ü'], x = 1 }");
    assert_eq!((error.line(), error.column()), (Some(2), Some(36)));
}

#[test]
fn hostile_keys_are_shown_bounded_and_escaped() {
    let text = format!("[telemetry]\n\"\\u001b[31m\\n{}\" = 1", "x".repeat(100_000));
    let told = refused(&text).to_string();
    assert!(told.len() < 250, "{}", told.len());
    assert!(
        told.starts_with("<text>:2:1: unknown key `\\u{1b}[31m\\nxxx"),
        "{told}"
    );
}

#[test]
fn a_key_is_cut_after_64_characters() {
    let (shown, cut) = ("é".repeat(64), "é".repeat(65));
    assert!(
        refused(&format!("'{shown}' = 1"))
            .to_string()
            .contains(&format!("`{shown}`"))
    );
    assert!(
        refused(&format!("'{cut}' = 1"))
            .to_string()
            .contains(&format!("`{shown}..`"))
    );
}
