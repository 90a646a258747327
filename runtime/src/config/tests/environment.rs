use std::ffi::OsStr;
use std::process::Command;

use super::given;
use crate::Config;

/// Set for the processes that the tests start, and not ours by its name.
const CHILD: &str = "TEST_OF_GAMBESON_CHILD";

/// Runs the test again in a process with the variable set, and says whether it passed there;
/// `None` in that process itself.
fn passes_with_debug(test: &str, value: &OsStr) -> Option<bool> {
    if std::env::var_os(CHILD).is_some() {
        return None;
    }
    let (_, module) = module_path!().split_once("::").expect("the crate first");
    let child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", &format!("{module}::{test}")])
        .env(CHILD, "1")
        .env("GAMBESON_TELEMETRY__DEBUG", value)
        .output()
        .expect("a process");
    Some(String::from_utf8_lossy(&child.stdout).contains("1 passed"))
}

#[test]
fn the_environment_of_the_process_is_read() {
    if let Some(passes) =
        passes_with_debug("the_environment_of_the_process_is_read", "true".as_ref())
    {
        assert!(passes);
        return;
    }
    assert_eq!(
        Config::from_env().expect("a configuration"),
        Config::default().with_debug(true)
    );
    let path = std::env::temp_dir().join(format!("gambeson-{}.toml", std::process::id()));
    std::fs::write(&path, "[telemetry]\ndebug = false\nenabled = false").expect("a file");
    let loaded = Config::load(&path);
    std::fs::remove_file(&path).expect("the file");
    let expected = Config::default().with_debug(true).with_enabled(false);
    assert_eq!(loaded.expect("a configuration"), expected);
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_utf8_is_refused() {
    use std::os::unix::ffi::OsStrExt;

    let value = OsStr::from_bytes(b"tr\xffe");
    if let Some(passes) = passes_with_debug("a_value_that_is_not_utf8_is_refused", value) {
        assert!(passes);
        return;
    }
    let error = Config::from_env().expect_err("a refusal");
    let told = "environment variable `GAMBESON_TELEMETRY__DEBUG` must be UTF-8";
    assert_eq!(error.to_string(), told);
}

#[test]
fn a_wrong_value_names_the_variable_and_what_it_should_be() {
    let table = [
        ("DEBUG", "ture", "must be `true` or `false`"),
        ("ENABLED", "", "must be `true` or `false`"),
        (
            "QUARANTINE__FAILURES",
            "0",
            "must be a whole number from 1 to 4294967295",
        ),
        (
            "DEBUG_LOG__BURST",
            "0",
            "must be a whole number from 1 to 4294967295",
        ),
        (
            "DEBUG_LOG__MAX_VALUE_BYTES",
            "1 KiB",
            "must be a whole number of bytes",
        ),
        (
            "SHUTDOWN__DEADLINE",
            "2",
            "must be a duration, such as 5s or 250ms: the unit is missing (ns, us, ms, s, m or h)",
        ),
        ("QUARANTINE__WITHIN", "0s", "must be longer than zero"),
        (
            "DEBUG_LOG__REDACT",
            "card,,pin",
            "must be key patterns with commas between them, such as card,*.password: \
             the pattern is empty",
        ),
    ];
    for (key, value, told) in table {
        let name = format!("GAMBESON_TELEMETRY__{key}");
        let error = given(&name, value).expect_err(key);
        assert_eq!(
            error.to_string(),
            format!("environment variable `{name}` {told}")
        );
        assert_eq!(
            (error.variable(), error.key()),
            (Some(&*name), Some(&*name))
        );
        assert_eq!(
            (error.path(), error.line(), error.column()),
            (None, None, None)
        );
    }
}

/// A list that the file gives is emptied by a variable that is set to nothing.
#[test]
fn an_empty_variable_is_an_empty_list() {
    let name = "GAMBESON_TELEMETRY__DEBUG_LOG__REDACT";
    let file = Config::parse("[telemetry.debug_log]\nredact = [\"card\"]").expect("a list");
    assert_eq!(file.debug_log.redact.len(), 1);
    for nothing in ["", " "] {
        let variable = (name.to_owned(), nothing.to_owned());
        let config = file.clone().overlay([variable]).expect("an empty list");
        assert_eq!(config, Config::default());
    }
}

#[test]
fn a_variable_that_sets_nothing_is_told_with_the_nearest_name() {
    let table = [
        (
            "GAMBESON_TELEMETRY__DEBGU",
            "did you mean `GAMBESON_TELEMETRY__DEBUG`?",
        ),
        (
            "GAMBESON_TELEMETRY__debug",
            "did you mean `GAMBESON_TELEMETRY__DEBUG`?",
        ),
        (
            "GAMBESON_TELEMETRY__QUARANTINE__COOLDWN",
            "did you mean `GAMBESON_TELEMETRY__QUARANTINE__COOLDOWN`?",
        ),
        (
            "GAMBESON_TELEMETRY__RULE__0__DEBUG",
            "rules cannot be given in the environment; write [[telemetry.rule]] in the file",
        ),
        (
            "GAMBESON_X",
            "settings are named like `GAMBESON_TELEMETRY__ENABLED`",
        ),
    ];
    for (name, told) in table {
        let config = given(name, "true").expect(name);
        let expected = format!("environment variable `{name}` sets nothing; {told}");
        assert_eq!(config.warnings(), [expected]);
    }
}

#[test]
fn variables_of_others_are_not_looked_at() {
    for name in [
        "PATH",
        "TELEMETRY__DEBUG",
        "gambeson_telemetry__debug",
        "MY_GAMBESON_X",
    ] {
        assert_eq!(given(name, "ture").expect(name), Config::default());
    }
}

#[test]
fn a_hostile_name_is_shown_bounded_and_escaped() {
    let name = format!("GAMBESON_\u{1b}[31m\n{}", "x".repeat(1 << 20));
    let config = given(&name, "true").expect("a warning");
    let [warning] = config.warnings() else {
        panic!("{}", config.warnings().len())
    };
    assert!(warning.len() < 250, "{}", warning.len());
    assert!(
        warning.starts_with("environment variable `GAMBESON_\\u{1b}[31m\\nxxx"),
        "{warning}"
    );
}
