//! Receipts by mail: an async handler, which runs off the thread that places the order.
//!
//! Its events wait in a queue and are sent one after the other. A post office that lags makes
//! calls time out; five in a row put the handler in quarantine, and a probe readmits it.

use std::{io, net::SocketAddr, time::Duration};

use gambeson::{Classify, Event, FieldError, Resource, defensive_handler};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
    sync::Mutex,
    time::{error::Elapsed, timeout},
};

/// The way to the post office.
pub(crate) static MAILER: Resource<Mailer> = Resource::new("mailer");

/// How long the post office may take for one mail.
const PATIENCE: Duration = Duration::from_millis(100);

/// Sends the customer a receipt, once the sale is in the ledger or skipped there.
#[defensive_handler(on = "shop.order.stop", after(super::ledger::record_sale))]
pub(crate) async fn send_receipt(
    event: &Event<'_>,
    #[needs(MAILER)] mailer: &Mailer,
) -> Result<(), MailError> {
    let (customer, order_id) = (event.text("customer")?, event.text("order_id")?);
    timeout(PATIENCE, mailer.send(customer, order_id)).await?
}

/// A receipt that is not known to have been sent.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum MailError {
    #[error("the post office lags")]
    Late(#[from] Elapsed),
    #[error("the post office cannot be reached")]
    Connection(#[from] io::Error),
    #[error("the post office answers `{0}`")]
    #[skip(peer_dead)]
    Refused(String),
    #[error(transparent)]
    Field(#[from] FieldError),
}

/// A connection to a post office, made when it is needed.
#[derive(Debug)]
pub(crate) struct Mailer {
    post_office: SocketAddr,
    idle: Mutex<Option<BufStream<TcpStream>>>,
}

impl Mailer {
    /// A mailer for the post office at this address.
    pub(crate) fn new(post_office: SocketAddr) -> Self {
        Mailer {
            post_office,
            idle: Mutex::new(None),
        }
    }

    /// Sends one mail. The connection is kept only after an answer: a call that is given up on
    /// takes its connection with it, so that no later mail reads the answer to this one.
    async fn send(&self, customer: &str, order_id: &str) -> Result<(), MailError> {
        let mut idle = self.idle.lock().await;
        let mut stream = match idle.take() {
            Some(stream) => stream,
            None => BufStream::new(TcpStream::connect(self.post_office).await?),
        };
        // `?` on the customer: a line break in a name must not become a mail of its own.
        let mail = format!("RECEIPT {order_id} {customer:?}\n");
        stream.write_all(mail.as_bytes()).await?;
        stream.flush().await?;
        let mut answer = String::new();
        if stream.read_line(&mut answer).await? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        if !answer.starts_with("250 ") {
            return Err(MailError::Refused(answer.trim_end().to_owned()));
        }
        *idle = Some(stream);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use gambeson::{SkipReason, Value};

    use super::*;
    use crate::post_office::PostOffice;

    const MAIL: [(&str, Value<'static>); 2] = [
        ("customer", Value::Text("Ada")),
        ("order_id", Value::Text("1")),
    ];

    #[tokio::test]
    async fn a_mail_is_taken_once_whatever_the_name_and_a_lag_is_a_timeout() {
        let post_office = PostOffice::open().await.unwrap();
        let mailer = Mailer::new(post_office.address());
        for _ in 0..2 {
            mailer.send("Ada\nRECEIPT 9 Eve", "1").await.unwrap();
        }
        assert_eq!(post_office.taken(), 2);

        post_office.lag(PATIENCE * 50);
        let event = Event::new("shop.order.stop", &[], &MAIL);
        let error = send_receipt(&event, &mailer).await.unwrap_err();
        let known = gambeson::Classify::classify(&error);
        assert!(matches!(error, MailError::Late(_)), "{error:?}");
        assert_eq!(known, Some(SkipReason::TimedOut));
    }

    #[tokio::test]
    async fn a_closed_post_office_is_a_dead_peer() {
        let address = PostOffice::open().await.unwrap().address();
        let event = Event::new("shop.order.stop", &[], &MAIL);
        let error = send_receipt(&event, &Mailer::new(address))
            .await
            .unwrap_err();
        let known = gambeson::Classify::classify(&error);
        assert_eq!(known, Some(SkipReason::PeerDead), "{error:?}");
    }
}
