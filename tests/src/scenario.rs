//! Processes: how they ended, and what they said.

use std::{
    ffi::OsStr,
    io::Read,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::wait::holds_within;

/// A process to be run, with a deadline.
#[derive(Debug)]
pub struct Scenario {
    command: Command,
    deadline: Duration,
}

/// A process that ended.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error.
    pub stderr: String,
}

impl Scenario {
    /// A program with one argument, without a `GAMBESON_..` or `RUST_BACKTRACE` of the outside.
    pub fn new(program: impl AsRef<OsStr>, argument: &str) -> Self {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GAMBESON_") {
                command.env_remove(name);
            }
        }
        command
            .arg(argument)
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Scenario {
            command,
            deadline: Duration::from_secs(30),
        }
    }

    /// Runs in another time than 30 seconds.
    #[must_use]
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The command, for further arguments and variables.
    pub fn command(&mut self) -> &mut Command {
        &mut self.command
    }

    /// Runs it to its end.
    ///
    /// # Panics
    ///
    /// If it cannot be started, or runs longer than its deadline; then it is killed.
    #[track_caller]
    pub fn run(mut self) -> Ended {
        let mut child = match self.command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("{:?} cannot be started: {error}", self.command),
        };
        let (stdout, stderr) = (drained(child.stdout.take()), drained(child.stderr.take()));
        let status = self.wait(&mut child);
        Ended {
            status,
            stdout: stdout.recv().unwrap_or_default(),
            stderr: stderr.recv().unwrap_or_default(),
        }
    }

    #[track_caller]
    fn wait(&self, child: &mut Child) -> ExitStatus {
        let mut ended = None;
        let in_time = holds_within(self.deadline, || {
            ended = child.try_wait().ok().flatten();
            ended.is_some()
        });
        if !in_time {
            let _ = child.kill();
        }
        match ended {
            Some(status) => status,
            None => panic!("{:?} ran longer than {:?}", self.command, self.deadline),
        }
    }
}

/// What a pipe gives until it is closed.
fn drained(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}
