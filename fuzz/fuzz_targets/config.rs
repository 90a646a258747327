//! Text as a config: it is refused with a place in it, or means the same every time.

#![no_main]

use gambeson::Config;
use libfuzzer_sys::fuzz_target;

// The file, and behind a NUL the environment, a `NAME=value` each line.
fuzz_target!(|text: &str| {
    let (file, environment) = text.split_once('\0').unwrap_or((text, ""));
    let config = match Config::parse(file) {
        Ok(config) => config,
        Err(error) => {
            let told = error.to_string();
            assert!(told.len() < 4096, "{} bytes", told.len());
            let is_hostile = |c: char| c.is_control() && c != '\n';
            assert!(!told.contains(is_hostile), "{told:?}");
            return;
        }
    };
    assert_eq!(Config::parse(file).ok().as_ref(), Some(&config));
    let lines = environment.lines().filter_map(|line| line.split_once('='));
    let variables = lines.map(|(name, value)| (format!("GAMBESON_{name}"), value.to_owned()));
    match config.overlay(variables) {
        Ok(config) => assert!(config.warnings().iter().all(|told| told.len() < 4096)),
        Err(error) => assert!(error.to_string().contains("GAMBESON_"), "{error}"),
    }
});
