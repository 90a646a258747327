//! An HTTP client on one kept connection: as much of HTTP/1.1 as the shop's answers use.

use std::{io, net::SocketAddr, num::ParseIntError, time::Duration};

use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
    time::timeout,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longer answers are refused.
const LONGEST_BODY: usize = 1 << 20;
const LONGEST_HEAD: u64 = 1 << 14;

/// A connection to the shop.
#[derive(Debug)]
pub(crate) struct Client {
    stream: BufStream<TcpStream>,
    host: SocketAddr,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// No answer, or none that this client understands.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error("no answer within {PATIENCE:?}")]
    Late,
    #[error("the connection fails: {0}")]
    Io(#[from] io::Error),
    #[error("not an answer in HTTP/1.1: `{0}`")]
    Malformed(String),
    #[error("the answer's length is no number: {0}")]
    Length(#[from] ParseIntError),
    #[error("the answer does not say how long it is")]
    NoLength,
    #[error("an answer of {0} bytes is longer than {LONGEST_BODY}")]
    TooLong(usize),
    #[error("the answer is not the JSON it should be: {0}")]
    Json(#[from] serde_json::Error),
}

impl Client {
    /// Connects to the shop.
    pub(crate) async fn connect(host: SocketAddr) -> Result<Self, ClientError> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Client {
            stream: BufStream::new(stream),
            host,
        })
    }

    /// Asks for a page.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer, ClientError> {
        self.ask("GET", path, &[]).await
    }

    /// Sends JSON.
    pub(crate) async fn post(&mut self, path: &str, body: &[u8]) -> Result<Answer, ClientError> {
        self.ask("POST", path, body).await
    }

    async fn ask(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Answer, ClientError> {
        let answer = timeout(PATIENCE, async {
            self.write(method, path, body).await?;
            self.read().await
        });
        answer.await.unwrap_or(Err(ClientError::Late))
    }

    async fn write(&mut self, method: &str, path: &str, body: &[u8]) -> io::Result<()> {
        let (host, length) = (self.host, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        self.stream.write_all(head.as_bytes()).await?;
        self.stream.write_all(body).await?;
        self.stream.flush().await
    }

    async fn read(&mut self) -> Result<Answer, ClientError> {
        let mut head = String::new();
        let mut lines = (&mut self.stream).take(LONGEST_HEAD);
        while !head.ends_with("\r\n\r\n") {
            if lines.read_line(&mut head).await? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
        }
        let Head { status, length } = Head::parse(&head)?;
        if length > LONGEST_BODY {
            return Err(ClientError::TooLong(length));
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(Answer { status, body })
    }
}

impl Answer {
    /// The body, as JSON of this type.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

/// What of an answer's head matters here.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    length: usize,
}

impl Head {
    fn parse(text: &str) -> Result<Self, ClientError> {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let malformed = || ClientError::Malformed(first.chars().take(80).collect());
        let status = first
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
            .and_then(|status| status.parse().ok())
            .ok_or_else(malformed)?;
        let length = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .ok_or(ClientError::NoLength)?;
        Ok(Head {
            status,
            length: length.1.trim().parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_gives_status_and_length_whatever_the_case() {
        let head = "HTTP/1.1 201 Created\r\ndate: x: y\r\nContent-Length: 12 \r\n\r\n";
        let parsed = Head::parse(head).unwrap();
        assert_eq!(
            parsed,
            Head {
                status: 201,
                length: 12
            }
        );
    }

    #[test]
    fn heads_that_are_none_are_refused() {
        let refused = |head| Head::parse(head).unwrap_err();
        for head in ["", "HTTP/1.0 200 OK", "HTTP/1.1 20", "HTTP/1.1 2\u{e9}0 OK"] {
            assert!(matches!(refused(head), ClientError::Malformed(_)), "{head}");
        }
        assert!(matches!(
            refused("HTTP/1.1 200 OK\r\n\r\n"),
            ClientError::NoLength
        ));
        assert!(matches!(
            refused("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
            ClientError::Length(_)
        ));
    }
}
