//! The environment, which wins over the file.

use super::Config;
use super::error::{ConfigError, Place, Problem, shown};
use super::keys::{self, Key};
use super::slot::Given;
use crate::nearest::nearest;

const OURS: &str = "GAMBESON_";
const RULES: &str = "GAMBESON_TELEMETRY__RULE";

/// A variable that can be given, and the key that it sets.
struct Variable {
    name: String,
    key: &'static Key<Config>,
}

/// Takes the variables that are ours; one that nothing reads becomes a warning.
pub(super) fn overlay(
    mut config: Config,
    given: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let variables = variables();
    for (name, value) in given.into_iter().filter(|(name, _)| name.starts_with(OURS)) {
        match variables.iter().find(|variable| variable.name == name) {
            Some(variable) => (variable.key.slot)(&mut config)
                .assign(Given::Variable(&value))
                .map_err(|told| refuse(&name, told))?,
            None => config.warnings.push(unread(&name, &variables)),
        }
    }
    Ok(config)
}

/// The process's own variables that are ours.
pub(super) fn of_process() -> Result<Vec<(String, String)>, ConfigError> {
    let mut ours = Vec::new();
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if !name.starts_with(OURS) {
            continue;
        }
        match value.into_string() {
            Ok(value) => ours.push((name, value)),
            Err(_) => return Err(refuse(&name, "must be UTF-8".to_owned())),
        }
    }
    Ok(ours)
}

fn variables() -> Vec<Variable> {
    let keys = keys::tables().flat_map(|table| table.keys.iter().map(move |key| (table, key)));
    keys.map(|(table, key)| {
        let path = format!("{OURS}{}.{}", table.name, key.name).replace('.', "__");
        Variable {
            name: path.to_ascii_uppercase(),
            key,
        }
    })
    .collect()
}

fn unread(name: &str, variables: &[Variable]) -> String {
    let fix = if name.starts_with(RULES) {
        "rules cannot be given in the environment; write [[telemetry.rule]] in the file".to_owned()
    } else {
        nearest(
            name,
            variables.iter().map(|variable| variable.name.as_str()),
        )
        .map_or_else(
            || format!("settings are named like `{}`", variables[0].name),
            |near| format!("did you mean `{near}`?"),
        )
    };
    format!("environment variable {} sets nothing; {fix}", shown(name))
}

fn refuse(name: &str, told: String) -> ConfigError {
    ConfigError::new(
        Place::Variable(name.to_owned()),
        Some(name),
        Problem::Told(told),
    )
}
