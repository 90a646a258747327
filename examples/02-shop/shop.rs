//! What is opened at start and closed at the end, in the right order.
//!
//! The stores come first, then telemetry, then the resources that its handlers need; a handler
//! that runs before its resource is there is skipped as `unavailable`, not lost.

use std::{io, sync::Arc};

use gambeson::{Config, Provided, Report, StartError, Telemetry};
use tokio::runtime::Runtime;

use crate::{
    data::Data,
    handlers::{
        audit::{AUDIT, AuditLog},
        ledger::{LEDGER, Ledger, LedgerError},
        mail::{MAILER, Mailer},
        stock,
    },
    orders::Orders,
    post_office::PostOffice,
    service::App,
};

/// The shop with all that it owns.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) data: Data,
    pub(crate) orders: Arc<Orders>,
    pub(crate) telemetry: Arc<Telemetry>,
    pub(crate) post_office: PostOffice,
    /// `None` while somebody has taken the ledger away.
    pub(crate) ledger: Option<Provided<Ledger>>,
    _audit: Provided<AuditLog>,
    _mailer: Provided<Mailer>,
}

/// The shop cannot open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("the order store cannot be opened: {0}")]
    Orders(#[from] rusqlite::Error),
    #[error("the ledger cannot be opened: {0}")]
    Ledger(#[from] LedgerError),
    #[error("the audit log cannot be opened: {0}")]
    Audit(#[source] io::Error),
    #[error("the post office cannot open: {0}")]
    PostOffice(#[source] io::Error),
    #[error("telemetry cannot start: {0}")]
    Telemetry(#[from] StartError),
}

/// What is left of a shop that has closed: its files, and what its handlers counted.
#[derive(Debug)]
pub(crate) struct Closed {
    pub(crate) data: Data,
    pub(crate) orders: Arc<Orders>,
    pub(crate) report: Report,
    pub(crate) mails_taken: u64,
}

impl Shop {
    /// Opens the stores, attaches the handlers and gives them what they need.
    pub(crate) fn open(data: Data, config: Config, runtime: &Runtime) -> Result<Self, OpenError> {
        let orders = Arc::new(Orders::open(&data.orders())?);
        let ledger = Ledger::create(&data.ledger())?;
        let audit = AuditLog::open(&data.audit()).map_err(OpenError::Audit)?;
        let post_office = runtime
            .block_on(PostOffice::open())
            .map_err(OpenError::PostOffice)?;
        stock::keep_in(data.stock());
        // Opens the warehouse, too.
        let telemetry = Telemetry::builder()
            .config(config)
            .runtime(runtime.handle().clone())
            .start()?;
        Ok(Shop {
            orders,
            telemetry: Arc::new(telemetry),
            ledger: Some(LEDGER.provide(ledger)),
            _audit: AUDIT.provide(audit),
            _mailer: MAILER.provide(Mailer::new(post_office.address())),
            post_office,
            data,
        })
    }

    /// What a request can reach.
    pub(crate) fn app(&self) -> App {
        App {
            orders: Arc::clone(&self.orders),
            telemetry: Arc::clone(&self.telemetry),
        }
    }

    /// Detaches the handlers, drained and in order, and closes what they needed after them.
    /// Called outside the async context, so that waiting for queued mails blocks no worker.
    pub(crate) fn close(self) -> Closed {
        let report = self.telemetry.shutdown();
        Closed {
            mails_taken: self.post_office.taken(),
            data: self.data,
            orders: self.orders,
            report,
        }
    }
}
