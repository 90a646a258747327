//! The command line.

use std::{ffi::OsString, path::PathBuf};

pub(crate) const HELP: &str = "\
Replays a file of events into handlers that make metrics of them.

usage: predictions [--file FILE]

  --file FILE  one JSON object a line: {\"event\", \"measurements\", \"metadata\"}
               (default: examples/data/predictions.jsonl)
  --help       this text

exit: 0 if every number was checked, 1 if one is wrong, 2 if nothing was read
";

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/predictions.jsonl");

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Replay(PathBuf),
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArgsError {
    #[error("`--file` needs the path of a file after it")]
    NoFile,
    #[error("unknown argument `{}`; try `--help`", .0.display())]
    Unknown(OsString),
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, ArgsError> {
    let mut args = args.into_iter();
    let mut file = PathBuf::from(DATA);
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--file") => file = args.next().ok_or(ArgsError::NoFile)?.into(),
            _ => return Err(ArgsError::Unknown(arg)),
        }
    }
    Ok(Command::Replay(file))
}

#[cfg(test)]
mod tests {
    use super::{ArgsError, Command, DATA, parse};

    fn parsed(args: &[&str]) -> Result<Command, ArgsError> {
        parse(args.iter().map(Into::into))
    }

    #[test]
    fn the_file_is_the_committed_one_unless_another_is_named() {
        assert_eq!(parsed(&[]), Ok(Command::Replay(DATA.into())));
        assert_eq!(
            parsed(&["--file", "x.jsonl"]),
            Ok(Command::Replay("x.jsonl".into()))
        );
    }

    #[test]
    fn help_comes_before_everything_after_it() {
        assert_eq!(parsed(&["--help", "--nonsense"]), Ok(Command::Help));
    }

    #[test]
    fn a_wrong_argument_is_named() {
        assert_eq!(parsed(&["--file"]), Err(ArgsError::NoFile));
        assert_eq!(
            parsed(&["--fil"]).unwrap_err().to_string(),
            "unknown argument `--fil`; try `--help`"
        );
    }
}
