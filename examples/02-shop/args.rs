//! What the command line asks for.
//!
//! Two modes, each a variant with only the options that belong to it, so that no other part of
//! the program meets a combination that makes no sense.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
A shop over HTTP whose telemetry handlers break while it sells.

usage: shop [--config FILE]
       shop --serve [--port N] [--data DIR] [--config FILE]

Without --serve it sends itself orders for some seconds, breaks its handlers one after the
other, shuts down, and reconciles what was counted; it exits 0 only if every sum agrees.

  --serve        stay up for a person with curl; Ctrl-C and SIGTERM drain
  --port N       the port on 127.0.0.1 (default 8080; 0 takes a free one)
  --data DIR     where the orders, the ledger and the audit log are kept (default ./shop-data)
  --config FILE  another telemetry configuration than the built-in one
  --help         this text
";

const DEFAULT_PORT: u16 = 8080;
const DEFAULT_DATA: &str = "shop-data";

/// What the program is to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    /// Take orders from the program's own customers, then reconcile.
    Load {
        config: Option<PathBuf>,
    },
    /// Be the warehouse of a shop; for the shop itself, and so not in the help.
    Warehouse {
        stock: PathBuf,
    },
    /// Take orders from anybody until a signal comes.
    Serve {
        port: u16,
        data: PathBuf,
        config: Option<PathBuf>,
    },
}

/// What is wrong with the command line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArgsError {
    #[error("unknown argument `{0}`; see --help")]
    Unknown(String),
    #[error("`{0}` is given twice")]
    Twice(&'static str),
    #[error("`{0}` needs a value, as in `{0} {1}`")]
    NoValue(&'static str, &'static str),
    #[error("`--port {0}` is no port; give a number from 0 to 65535")]
    Port(String),
    #[error("`{0}` goes with --serve only")]
    NeedsServe(&'static str),
}

/// What was written, before it is known to fit together.
#[derive(Default)]
struct Written {
    help: bool,
    serve: bool,
    warehouse: Option<OsString>,
    port: Option<OsString>,
    data: Option<OsString>,
    config: Option<OsString>,
}

impl Command {
    /// Reads the arguments that follow the program's name.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, ArgsError> {
        let mut written = Written::default();
        let mut rest = arguments.into_iter();
        while let Some(argument) = rest.next() {
            match argument.to_str() {
                Some("--help" | "-h") => written.help = true,
                Some("--serve") => written.serve = true,
                Some("--warehouse") => {
                    fill(&mut written.warehouse, "--warehouse", "FILE", rest.next())?;
                }
                Some("--port") => fill(&mut written.port, "--port", "N", rest.next())?,
                Some("--data") => fill(&mut written.data, "--data", "DIR", rest.next())?,
                Some("--config") => fill(&mut written.config, "--config", "FILE", rest.next())?,
                _ => return Err(ArgsError::Unknown(argument.to_string_lossy().into_owned())),
            }
        }
        written.into_command()
    }
}

impl Written {
    fn into_command(self) -> Result<Command, ArgsError> {
        let config = self.config.map(PathBuf::from);
        if self.help {
            return Ok(Command::Help);
        }
        if let Some(stock) = self.warehouse {
            return Ok(Command::Warehouse {
                stock: stock.into(),
            });
        }
        if self.serve {
            return Ok(Command::Serve {
                port: self.port.as_deref().map_or(Ok(DEFAULT_PORT), port)?,
                data: self.data.map_or_else(|| DEFAULT_DATA.into(), PathBuf::from),
                config,
            });
        }
        match (self.port, self.data) {
            (Some(_), _) => Err(ArgsError::NeedsServe("--port")),
            (_, Some(_)) => Err(ArgsError::NeedsServe("--data")),
            (None, None) => Ok(Command::Load { config }),
        }
    }
}

fn fill(
    slot: &mut Option<OsString>,
    name: &'static str,
    example: &'static str,
    value: Option<OsString>,
) -> Result<(), ArgsError> {
    let value = value.ok_or(ArgsError::NoValue(name, example))?;
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(ArgsError::Twice(name)),
    }
}

fn port(text: &OsStr) -> Result<u16, ArgsError> {
    let number = text.to_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| ArgsError::Port(text.to_string_lossy().into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, ArgsError> {
        Command::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn nothing_is_a_load_run_and_serve_has_defaults() {
        assert_eq!(parse(""), Ok(Command::Load { config: None }));
        let serve = Command::Serve {
            port: 8080,
            data: "shop-data".into(),
            config: None,
        };
        assert_eq!(parse("--serve"), Ok(serve));
    }

    #[test]
    fn every_option_is_taken_in_any_order() {
        let serve = Command::Serve {
            port: 0,
            data: "/tmp/d".into(),
            config: Some("c.toml".into()),
        };
        let line = "--config c.toml --port 0 --data /tmp/d --serve";
        assert_eq!(parse(line), Ok(serve));
        let config = Some("c.toml".into());
        assert_eq!(parse("--config c.toml"), Ok(Command::Load { config }));
        assert_eq!(parse("--serve --help"), Ok(Command::Help));
        let stock = "stock.txt".into();
        assert_eq!(
            parse("--warehouse stock.txt"),
            Ok(Command::Warehouse { stock })
        );
    }

    #[test]
    fn each_mistake_is_told() {
        let told = |line| parse(line).unwrap_err().to_string();
        assert_eq!(told("--sevre"), "unknown argument `--sevre`; see --help");
        assert_eq!(told("--serve now"), "unknown argument `now`; see --help");
        assert_eq!(
            told("--config"),
            "`--config` needs a value, as in `--config FILE`"
        );
        assert_eq!(
            told("--serve --port 70000"),
            "`--port 70000` is no port; give a number from 0 to 65535"
        );
        assert_eq!(told("--port 80"), "`--port` goes with --serve only");
        assert_eq!(told("--data d"), "`--data` goes with --serve only");
        assert_eq!(told("--config a --config b"), "`--config` is given twice");
    }
}
