//! What was asked for on the command line.

/// The options of a run.
#[derive(Default)]
pub(crate) struct Options {
    /// One round of few functions: shows that everything runs, not what it costs.
    pub(crate) quick: bool,
    only: Vec<String>,
}

impl Options {
    /// Reads the arguments. Those of `cargo bench` and unknown ones are passed over.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut options = Options::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--only" => options.only.extend(arguments.next()),
                _ => {}
            }
        }
        options
    }

    /// Whether a part was asked for; without `--only`, all were.
    pub(crate) fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }

    /// So many rounds, unless the run is a quick one.
    pub(crate) fn rounds(&self, count: usize) -> usize {
        if self.quick { 1 } else { count }
    }

    /// So many functions, unless the run is a quick one.
    pub(crate) fn functions(&self, count: usize) -> usize {
        if self.quick { 20 } else { count }
    }
}
