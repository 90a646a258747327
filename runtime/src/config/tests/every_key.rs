//! Each key is set in the file and in the environment, and read back.

use std::time::Duration;

use super::given;
use crate::config::{Config, keys};

/// A key, its value in the file and in a variable, and what it does to the defaults.
struct Row {
    path: &'static str,
    file: &'static str,
    variable: &'static str,
    effect: fn(&mut Config),
}

fn row(
    path: &'static str,
    file: &'static str,
    variable: &'static str,
    effect: fn(&mut Config),
) -> Row {
    Row {
        path,
        file,
        variable,
        effect,
    }
}

fn rows() -> [Row; 13] {
    const MINUTE: Duration = Duration::from_secs(60);
    [
        row("telemetry.enabled", "false", "false", |c| c.enabled = false),
        row("telemetry.defensive_mode", "false", "false", |c| {
            c.defensive_mode = false;
        }),
        row("telemetry.graceful_shutdown", "false", "false", |c| {
            c.graceful_shutdown = false;
        }),
        row("telemetry.debug", "true", "true", |c| c.debug = true),
        row("telemetry.shutdown.deadline", "'0.5m'", "0.5m", |c| {
            c.shutdown.deadline = MINUTE / 2;
        }),
        row("telemetry.quarantine.failures", "0x0b", "11", |c| {
            c.quarantine.failures = 11;
        }),
        row("telemetry.quarantine.within", "'1m'", "1m", |c| {
            c.quarantine.within = MINUTE;
        }),
        row("telemetry.quarantine.cooldown", "'0s'", "0s", |c| {
            c.quarantine.cooldown = Duration::ZERO;
        }),
        row("telemetry.quarantine.max_cooldown", "'1h'", "1h", |c| {
            c.quarantine.max_cooldown = 60 * MINUTE;
        }),
        row("telemetry.debug_log.burst", "1", "1", |c| {
            c.debug_log.burst = 1;
        }),
        row("telemetry.debug_log.per_minute", "0", "0", |c| {
            c.debug_log.per_minute = 0;
        }),
        row(
            "telemetry.debug_log.max_value_bytes",
            "4_096",
            "4096",
            |c| {
                c.debug_log.max_value_bytes = 4096;
            },
        ),
        row(
            "telemetry.debug_log.redact",
            "['card', '*.pin']",
            "card, *.pin",
            |c| {
                c.debug_log.redact = ["card", "*.pin"].map(|key| key.parse().expect(key)).into();
            },
        ),
    ]
}

/// The defaults with the effect of one row.
fn expected(row: &Row) -> Config {
    let mut config = Config::default();
    (row.effect)(&mut config);
    assert_ne!(
        config,
        Config::default(),
        "{} is tested with its default",
        row.path
    );
    config
}

#[test]
fn the_rows_are_all_the_keys() {
    let known: Vec<String> = keys::tables()
        .flat_map(|table| {
            table
                .keys
                .iter()
                .map(|key| format!("{}.{}", table.name, key.name))
        })
        .collect();
    assert_eq!(known, rows().map(|row| row.path));
}

#[test]
fn each_key_is_read_from_the_file() {
    for row in rows() {
        let config = Config::parse(&format!("{} = {}", row.path, row.file)).expect(row.path);
        assert_eq!(config, expected(&row), "{}", row.path);
    }
}

#[test]
fn each_key_is_read_from_the_environment() {
    for row in rows() {
        let name = format!("GAMBESON_{}", row.path.replace('.', "__").to_uppercase());
        let config = given(&name, row.variable).expect(row.path);
        assert_eq!(config, expected(&row), "{}", row.path);
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = Config::parse("[telemetry]\ndebug = true\nenabled = false").expect("a file");
    let name = "GAMBESON_TELEMETRY__DEBUG".to_owned();
    let config = file
        .overlay([(name, "false".to_owned())])
        .expect("an environment");
    assert_eq!((config.debug, config.enabled), (false, false));
}

#[test]
fn the_defaults_written_out_are_the_defaults() {
    let text = "
        [telemetry]
        enabled = true
        defensive_mode = true
        graceful_shutdown = true
        debug = false
        rule = []
        [telemetry.shutdown]
        deadline = '5s'
        [telemetry.quarantine]
        failures = 5
        within = '10s'
        cooldown = '1s'
        max_cooldown = '60s'
        [telemetry.debug_log]
        burst = 5
        per_minute = 60
        max_value_bytes = 1024
        redact = []
    ";
    for text in [text, "", "\n", "# nothing", "\u{feff}", "[telemetry]\r\n"] {
        assert_eq!(
            Config::parse(text).expect(text),
            Config::default(),
            "{text}"
        );
    }
}

#[test]
fn setters_set_what_the_file_sets() {
    let file = "
        [telemetry]
        enabled = false
        defensive_mode = false
        graceful_shutdown = false
        debug = true
        shutdown.deadline = '1s'
        quarantine = { failures = 2, within = '3s', cooldown = '4s', max_cooldown = '5s' }
        debug_log = { burst = 6, per_minute = 7, redact = ['card'] }
    ";
    let config = Config::default()
        .with_enabled(false)
        .with_defensive_mode(false)
        .with_graceful_shutdown(false)
        .with_debug(true)
        .with_shutdown_deadline(Duration::from_secs(1))
        .with_quarantine_after(2, Duration::from_secs(3))
        .with_cooldown(Duration::from_secs(4), Duration::from_secs(5))
        .with_debug_log_rate(6, 7)
        .with_redacted("card".parse().expect("a pattern"));
    assert_eq!(Config::parse(file).expect("a file"), config);
}
