//! A telephone exchange: a socket that others connect to.

use std::{
    io::{self, Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use gambeson::{DownCause, Resource};

use super::Alarm;

/// Sends back each byte on each line, until it is closed.
pub(crate) struct Exchange {
    address: PathBuf,
    is_closed: Arc<AtomicBool>,
    accepting: JoinHandle<()>,
}

impl Exchange {
    /// At an address where there is none now.
    pub(crate) fn open(address: PathBuf) -> io::Result<Self> {
        // A socket that was closed leaves its file.
        let _ = std::fs::remove_file(&address);
        let listener = UnixListener::bind(&address)?;
        let is_closed = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&is_closed);
        Ok(Exchange {
            address,
            is_closed,
            accepting: thread::spawn(move || accept(&listener, &closed)),
        })
    }

    /// Closes all lines and the listener: from then on connections are refused.
    pub(crate) fn close(self) {
        self.is_closed.store(true, Ordering::SeqCst);
        // It accepts this one, sees that it is closed, and ends.
        let _ = UnixStream::connect(&self.address);
        self.accepting.join().unwrap();
    }
}

fn accept(listener: &UnixListener, is_closed: &AtomicBool) {
    let mut lines = Vec::new();
    for line in listener.incoming() {
        if is_closed.load(Ordering::SeqCst) {
            break;
        }
        let Ok(line) = line else { continue };
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
