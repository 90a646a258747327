//! Panics on what the operating system refused.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::net::UnixStream,
};

use gambeson::SkipReason::{
    ContractViolation, NotImplemented, Overloaded, PeerDead, ResourceExhausted, StateUnavailable,
    TimedOut, Unexpected,
};

use super::{
    Panic,
    errors::{self, Typed},
    panic,
    tokio_failures::elapsed,
};

/// Every case of this file.
pub(super) fn cases() -> impl Iterator<Item = &'static Panic> {
    CASES.iter()
}

const EMFILE: i32 = 24;
const ENOMEM: i32 = 12;
const ENOSYS: i32 = 38;
const ETIMEDOUT: i32 = 110;
const EDQUOT: i32 = 122;

/// What the system cannot be made to refuse in a test is made from its error number.
const CASES: &[Panic] = &[
    panic("kind: NotFound", StateUnavailable, || {
        drop(missing().unwrap());
    }),
    panic("kind: StorageFull", ResourceExhausted, || {
        full_disk().unwrap();
    }),
    panic("kind: OutOfMemory", ResourceExhausted, || {
        refuse(ENOMEM).unwrap();
    }),
    panic("kind: QuotaExceeded", ResourceExhausted, || {
        refuse(EDQUOT).unwrap();
    }),
    panic("Too many open files", ResourceExhausted, || {
        refuse(EMFILE).unwrap();
    }),
    panic("kind: Unsupported", NotImplemented, || {
        refuse(ENOSYS).unwrap();
    }),
    panic("kind: BrokenPipe", PeerDead, || broken_pipe().unwrap()),
    panic("kind: ConnectionRefused", PeerDead, || {
        drop(nobody_listens().unwrap());
    }),
    panic("kind: ConnectionReset", PeerDead, || {
        reset_by_peer().unwrap();
    }),
    panic("kind: UnexpectedEof", PeerDead, || end_of_file().unwrap()),
    panic("Kind(NotFound)", StateUnavailable, || {
        plain(ErrorKind::NotFound).unwrap();
    }),
    panic("Kind(BrokenPipe)", PeerDead, || {
        plain(ErrorKind::BrokenPipe).unwrap();
    }),
    panic("Kind(TimedOut)", TimedOut, || {
        plain(ErrorKind::TimedOut).unwrap();
    }),
    panic("Kind(OutOfMemory)", ResourceExhausted, || {
        no_memory().unwrap();
    }),
    panic("kind: TimedOut", TimedOut, || refuse(ETIMEDOUT).unwrap()),
];

/// Returned errors of the system.
const ERRORS: &[Typed] = &[
    (StateUnavailable, || missing().unwrap_err().into()),
    (StateUnavailable, || {
        std::fs::read("/dev/null/x").unwrap_err().into()
    }),
    (ResourceExhausted, || full_disk().unwrap_err().into()),
    (ResourceExhausted, || refuse(12).unwrap_err().into()),
    (ResourceExhausted, || refuse(23).unwrap_err().into()),
    (ResourceExhausted, || refuse(24).unwrap_err().into()),
    (ResourceExhausted, || refuse(27).unwrap_err().into()),
    (ResourceExhausted, || refuse(122).unwrap_err().into()),
    (StateUnavailable, || refuse(116).unwrap_err().into()),
    (NotImplemented, || refuse(38).unwrap_err().into()),
    (PeerDead, || broken_pipe().unwrap_err().into()),
    (PeerDead, || nobody_listens().unwrap_err().into()),
    (PeerDead, || reset_by_peer().unwrap_err().into()),
    (PeerDead, || refuse(103).unwrap_err().into()),
    (PeerDead, || refuse(107).unwrap_err().into()),
    (PeerDead, || end_of_file().unwrap_err().into()),
    (TimedOut, || refuse(110).unwrap_err().into()),
    (Overloaded, || refuse(11).unwrap_err().into()),
    (Overloaded, || refuse(16).unwrap_err().into()),
    (ContractViolation, || {
        io::read_to_string(&[0xff][..]).unwrap_err().into()
    }),
    (ContractViolation, || refuse(22).unwrap_err().into()),
    // An error inside an `io::Error` says more than its kind.
    (TimedOut, || {
        io::Error::new(ErrorKind::NotFound, elapsed().unwrap_err()).into()
    }),
    (Unexpected, || {
        io::Error::from(ErrorKind::PermissionDenied).into()
    }),
];

fn missing() -> io::Result<File> {
    File::open("/nonexistent/gambeson")
}

fn full_disk() -> io::Result<()> {
    fs::write("/dev/full", "x")
}

fn broken_pipe() -> io::Result<()> {
    let (mut ours, theirs) = UnixStream::pair()?;
    drop(theirs);
    ours.write_all(b"x")
}

fn nobody_listens() -> io::Result<TcpStream> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    TcpStream::connect(address)
}

/// A peer that closes with unread data resets the connection.
fn reset_by_peer() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut ours = TcpStream::connect(listener.local_addr()?)?;
    let (theirs, _) = listener.accept()?;
    ours.write_all(b"unread")?;
    theirs.peek(&mut [0])?;
    drop(theirs);
    ours.read(&mut [0]).map(drop)
}

fn end_of_file() -> io::Result<()> {
    io::empty().read_exact(&mut [0])
}

fn no_memory() -> io::Result<()> {
    Ok(Vec::<u8>::new().try_reserve(usize::MAX)?)
}

fn plain(kind: ErrorKind) -> io::Result<()> {
    Err(kind.into())
}

fn refuse(number: i32) -> io::Result<()> {
    Err(io::Error::from_raw_os_error(number))
}

#[test]
fn of_the_system() {
    CASES.iter().for_each(Panic::check);
}

#[test]
fn returned_by_the_system() {
    for (reason, error) in ERRORS {
        errors::check(*reason, *error);
    }
}
