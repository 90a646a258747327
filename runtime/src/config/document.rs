//! From the text of a file to a configuration.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::{ConfigError, shown};
use super::file::Source;
use super::keys::{self, INNER, Key, RULE, RULE_KEYS, RULES, TELEMETRY};
use super::rule::RulePlace;
use super::slot::Given;
use super::{Config, Rule};
use crate::nearest::nearest;

type Entry<'a> = (&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>);

/// Reads the text over the defaults.
///
/// The tables are walked by hand, and not by a derived deserializer, because only so every error
/// has its own place, key and fix, and the environment is read by the same list of keys.
pub(super) fn parse(source: &Source<'_>) -> Result<Config, ConfigError> {
    let document = DeTable::parse(source.text).map_err(|error| syntax(source, &error))?;
    let mut config = Config::default();
    for entry in in_order(document.get_ref()) {
        if entry.0.get_ref() != TELEMETRY.name {
            return Err(unknown(source, entry, None, &[TELEMETRY.name]));
        }
        telemetry(source, table(source, entry, TELEMETRY.name)?, &mut config)?;
    }
    Ok(config)
}

fn telemetry(
    source: &Source<'_>,
    entries: &DeTable<'_>,
    config: &mut Config,
) -> Result<(), ConfigError> {
    for entry in in_order(entries) {
        let name = entry.0.get_ref();
        if let Some(inner) = INNER.iter().find(|inner| inner.short_name() == name) {
            for entry in in_order(table(source, entry, inner.name)?) {
                set(source, entry, inner.name, inner.keys, config)?;
            }
        } else if name == RULE {
            config.rules = rules(source, entry, &mut config.warnings)?;
        } else if find(TELEMETRY.keys, name).is_some() {
            set(source, entry, TELEMETRY.name, TELEMETRY.keys, config)?;
        } else {
            let tables = INNER.iter().map(keys::Table::short_name).chain([RULE]);
            let valid: Vec<_> = names(TELEMETRY.keys).chain(tables).collect();
            return Err(unknown(source, entry, Some(TELEMETRY.name), &valid));
        }
    }
    Ok(())
}

fn rules(
    source: &Source<'_>,
    entry: Entry<'_>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Rule>, ConfigError> {
    let file: Arc<str> = source.path.display().to_string().into();
    let Some(tables) = entry.1.get_ref().as_array() else {
        return Err(wrong_shape(source, entry, RULES));
    };
    let mut rules = Vec::with_capacity(tables.len());
    for value in tables {
        let line = source.line(value.span().start);
        let place = RulePlace {
            file: Arc::clone(&file),
            line,
        };
        let mut rule = Rule {
            place: Some(place),
            ..Rule::default()
        };
        for entry in in_order(table(source, (entry.0, value), RULES)?) {
            set(source, entry, RULES, &RULE_KEYS, &mut rule)?;
        }
        if rule.sets_nothing() {
            warnings.push(format!(
                "{file}:{line}: the rule sets nothing; add a setting or remove it"
            ));
        }
        rules.push(rule);
    }
    Ok(rules)
}

/// Sets one key of a table that holds nothing but keys.
fn set<T>(
    source: &Source<'_>,
    entry: Entry<'_>,
    table: &'static str,
    keys: &[Key<T>],
    target: &mut T,
) -> Result<(), ConfigError> {
    let (name, value) = (entry.0.get_ref(), entry.1);
    let Some(key) = find(keys, name) else {
        return Err(unknown(
            source,
            entry,
            Some(table),
            &names(keys).collect::<Vec<_>>(),
        ));
    };
    (key.slot)(target)
        .assign(Given::File(value.get_ref()))
        .map_err(|told| {
            let told = format!("{} in {} {told}", shown(name), header(table));
            source.refuse(value.span().start, Some(name), told)
        })
}

fn table<'a>(
    source: &Source<'_>,
    entry: Entry<'a>,
    name: &'static str,
) -> Result<&'a DeTable<'a>, ConfigError> {
    entry
        .1
        .get_ref()
        .as_table()
        .ok_or_else(|| wrong_shape(source, entry, name))
}

/// The entries as they follow each other in the file, so that the first error is told first.
fn in_order<'a>(table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn find<'a, T>(keys: &'a [Key<T>], name: &str) -> Option<&'a Key<T>> {
    keys.iter().find(|key| key.name == name)
}

fn names<T>(keys: &[Key<T>]) -> impl Iterator<Item = &'static str> {
    keys.iter().map(|key| key.name)
}

fn header(table: &str) -> String {
    if table == RULES {
        format!("[[{table}]]")
    } else {
        format!("[{table}]")
    }
}

fn wrong_shape(source: &Source<'_>, entry: Entry<'_>, table: &str) -> ConfigError {
    let name = entry.0.get_ref();
    let shape = if table == RULES {
        "a list of tables"
    } else {
        "a table"
    };
    let told = format!("{} must be {shape}; write {}", shown(name), header(table));
    source.refuse(entry.1.span().start, Some(name), told)
}

fn unknown(
    source: &Source<'_>,
    entry: Entry<'_>,
    table: Option<&str>,
    valid: &[&'static str],
) -> ConfigError {
    let name = entry.0.get_ref();
    let fix = if let Some(home) = keys::home(name) {
        format!("it belongs in {}", header(home))
    } else if let Some(near) = nearest(name, valid.iter().copied()) {
        format!("did you mean `{near}`?")
    } else {
        format!("the keys there are `{}`", valid.join("`, `"))
    };
    let told = match table {
        Some(table) => format!("unknown key {} in {}; {fix}", shown(name), header(table)),
        None => format!("unknown table or key {}; {fix}", shown(name)),
    };
    source.refuse(entry.0.span().start, Some(name), told)
}

fn syntax(source: &Source<'_>, error: &toml::de::Error) -> ConfigError {
    let span = error.span().unwrap_or(source.text.len()..source.text.len());
    if error.message() == "duplicate key" {
        let key = source
            .text
            .get(span.clone())
            .unwrap_or_default()
            .trim_matches(['"', '\'']);
        let told = format!("{} is given twice; remove one", shown(key));
        return source.refuse(span.start, Some(key), told);
    }
    source.refuse(
        span.start,
        None,
        format!("not valid TOML: {}", error.message()),
    )
}
