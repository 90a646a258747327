//! The far end of the mail handler: takes one line for each mail, and may be told to lag.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

/// A post office on a port of its own, open until it is dropped.
#[derive(Debug)]
pub(crate) struct PostOffice {
    address: SocketAddr,
    counter: Arc<Counter>,
    door: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Counter {
    taken: AtomicU64,
    lag_ms: AtomicU64,
}

impl PostOffice {
    /// Opens on a free port.
    pub(crate) async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, counter) = (listener.local_addr()?, Arc::<Counter>::default());
        let door = tokio::spawn(admit(listener, Arc::clone(&counter)));
        Ok(PostOffice {
            address,
            counter,
            door,
        })
    }

    /// Where it is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many mails it has taken, answered or not.
    pub(crate) fn taken(&self) -> u64 {
        self.counter.taken.load(Ordering::Relaxed)
    }

    /// From now on takes so long for each mail.
    pub(crate) fn lag(&self, lag: Duration) {
        let lag = u64::try_from(lag.as_millis()).unwrap_or(u64::MAX);
        self.counter.lag_ms.store(lag, Ordering::Relaxed);
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.door.abort();
    }
}

async fn admit(listener: TcpListener, counter: Arc<Counter>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&counter)));
    }
}

/// A sender that hangs up ends this, and nothing else.
async fn serve(stream: TcpStream, counter: Arc<Counter>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut mail = String::new();
    while stream.read_line(&mut mail).await? > 0 {
        counter.taken.fetch_add(1, Ordering::Relaxed);
        sleep(Duration::from_millis(
            counter.lag_ms.load(Ordering::Relaxed),
        ))
        .await;
        stream.write_all(b"250 taken\n").await?;
        mail.clear();
    }
    Ok(())
}
