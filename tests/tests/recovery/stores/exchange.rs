//! A telephone exchange: a socket that others connect to.

use std::{
    io::{self, Read, Write},
    net::Shutdown,
    os::{
        fd::OwnedFd,
        unix::net::{UnixListener, UnixStream},
    },
    path::Path,
    sync::{Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use gambeson::{DownCause, Resource};

use super::Alarm;

/// Sends back each byte on each line, until it is closed.
pub(crate) struct Exchange {
    /// The listener's own, by which it is shut down. That ends it also for a process which is being
    /// forked somewhere, and would keep it open for a moment.
    socket: UnixStream,
    accepting: JoinHandle<()>,
}

impl Exchange {
    /// At an address where there is none now.
    pub(crate) fn open(address: &Path) -> io::Result<Self> {
        // A socket that was closed leaves its file.
        let _ = std::fs::remove_file(address);
        let listener = UnixListener::bind(address)?;
        Ok(Exchange {
            socket: OwnedFd::from(listener.try_clone()?).into(),
            accepting: thread::spawn(move || accept(&listener)),
        })
    }

    /// Closes the listener and all lines: from then on connections are refused.
    pub(crate) fn close(self) {
        self.socket.shutdown(Shutdown::Both).unwrap();
        self.accepting.join().unwrap();
    }
}

fn accept(listener: &UnixListener) {
    let mut lines = Vec::new();
    while let Ok((line, _)) = listener.accept() {
        if let Ok(ours) = line.try_clone() {
            lines.push((ours, thread::spawn(move || echo(&line))));
        }
    }
    for (line, echo) in lines {
        let _ = line.shutdown(Shutdown::Both);
        let _ = echo.join();
    }
}

fn echo(mut line: &UnixStream) {
    let mut byte = [0];
    while line.read_exact(&mut byte).is_ok() && line.write_all(&byte).is_ok() {}
}

/// A connection to an exchange.
pub(crate) struct Line {
    stream: Mutex<UnixStream>,
    alarm: Alarm,
}

impl Line {
    /// The opener.
    pub(crate) fn open(address: &Path, resource: &'static Resource<Line>) -> io::Result<Self> {
        let stream = UnixStream::connect(address)?;
        Ok(Line {
            stream: Mutex::new(stream),
            alarm: Alarm::new(resource.watch_by_hand()),
        })
    }

    /// Sends a byte and waits for it to come back. Where it does not, the line is dead, and so is
    /// the resource.
    pub(crate) fn ping(&self) -> io::Result<()> {
        let pinged = self.exchange(7);
        if let Err(error) = &pinged {
            self.alarm.sound(DownCause::of(error));
        }
        pinged
    }

    fn exchange(&self, byte: u8) -> io::Result<()> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        stream.write_all(&[byte])?;
        let mut answer = [0];
        stream.read_exact(&mut answer)?;
        assert_eq!(answer, [byte]);
        Ok(())
    }
}
