//! A process that answers over its pipes, and is killed by a signal.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Write},
    process::{ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use gambeson::Resource;
use rustix::process::{Pid, Signal, kill_process};

/// The way to a child process.
#[derive(Debug)]
pub struct Peer {
    process: Pid,
    pipes: Mutex<Pipes>,
}

#[derive(Debug)]
struct Pipes {
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// The opener: a process that sends back what it is sent, and whose end is the resource's
    /// death. It ends by itself once the value is dropped.
    ///
    /// # Errors
    ///
    /// If it cannot be started or watched.
    pub fn open(resource: &'static Resource<Peer>) -> io::Result<Self> {
        let mut child = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let process = Pid::from_child(&child);
        resource.watch(child)?;
        let (questions, answers) = pipes.ok_or(ErrorKind::BrokenPipe)?;
        Ok(Peer {
            process,
            pipes: Mutex::new(Pipes {
                questions,
                answers: BufReader::new(answers),
            }),
        })
    }

    /// Sends a line, and reads the one that comes back.
    ///
    /// # Errors
    ///
    /// If the process is dead, or dies before it answers.
    pub fn ask(&self, question: &str) -> io::Result<String> {
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(pipes.questions, "{question}")?;
        let mut answer = String::new();
        if pipes.answers.read_line(&mut answer)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(answer.trim_end().to_owned())
    }

    /// Kills it, which it cannot refuse. Only while it lives: its number may be another's later.
    ///
    /// # Errors
    ///
    /// If there is no such process any more.
    pub fn kill(&self) -> io::Result<()> {
        Ok(kill_process(self.process, Signal::KILL)?)
    }
}
