//! The routes. Orders are placed on blocking threads, since the order store is a file; what the
//! handlers of the order's events do is between the events and them.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use gambeson::Telemetry;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::{self, JoinError, JoinHandle},
    time::timeout,
};

use crate::{
    handlers::metrics,
    orders::{NewOrder, OrderError, Orders, PRODUCTS},
};

/// How many orders a listing shows.
const LISTED: u32 = 20;

/// What every request can reach.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) orders: Arc<Orders>,
    pub(crate) telemetry: Arc<Telemetry>,
}

/// The shop's routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/products", get(products))
        .route("/orders", get(list_orders).post(place_order))
        .route("/orders/{id}", get(show_order))
        .route("/metrics", get(show_metrics))
        .route("/report", get(show_report))
        .with_state(app)
}

async fn products() -> Json<Value> {
    let products = PRODUCTS.map(|(name, cents)| json!({ "product": name, "price_cents": cents }));
    Json(json!(products))
}

async fn place_order(
    State(app): State<App>,
    Json(order): Json<NewOrder>,
) -> Result<Response, Refused> {
    let receipt = task::spawn_blocking(move || app.orders.place(&order)).await??;
    Ok((StatusCode::CREATED, Json(receipt)).into_response())
}

async fn show_order(State(app): State<App>, Path(id): Path<u64>) -> Result<Response, Refused> {
    let found = task::spawn_blocking(move || app.orders.find(id)).await?;
    let receipt = found
        .map_err(OrderError::from)?
        .ok_or(Refused::Unknown(id))?;
    Ok(Json(receipt).into_response())
}

async fn list_orders(State(app): State<App>) -> Result<Response, Refused> {
    let listed = task::spawn_blocking(move || app.orders.latest(LISTED)).await?;
    Ok(Json(listed.map_err(OrderError::from)?).into_response())
}

async fn show_metrics(State(app): State<App>) -> String {
    metrics::exposition(&app.telemetry.report())
}

async fn show_report(State(app): State<App>) -> Response {
    Json(app.telemetry.report()).into_response()
}

/// A request that gets no receipt.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("there is no order {0}")]
    Unknown(u64),
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The text of a panic is not for the customer.
    #[error("the request was not finished")]
    Unfinished(#[from] JoinError),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match self {
            Refused::Unknown(_) => StatusCode::NOT_FOUND,
            Refused::Order(OrderError::Store(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Refused::Order(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refused::Unfinished(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}

/// The service on its port.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

/// The service did not end as it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DrainError {
    #[error("requests still ran {0:?} after the service was told to stop")]
    Late(Duration),
    #[error("the service ended by a panic: {0}")]
    Panic(#[from] JoinError),
    #[error("the service ended by an error: {0}")]
    Io(#[from] io::Error),
}

impl Server {
    /// Listens on a port of the loopback address; 0 takes a free one.
    pub(crate) async fn open(app: App, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let serving = axum::serve(listener, router(app)).with_graceful_shutdown(async {
            // A sender that is gone says the same as one that has sent.
            let _ = stopped.await;
        });
        Ok(Server {
            address,
            stop,
            task: tokio::spawn(serving.into_future()),
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new connections and finishes the requests that are under way.
    pub(crate) async fn drain(mut self, deadline: Duration) -> Result<(), DrainError> {
        drop(self.stop);
        let Ok(ended) = timeout(deadline, &mut self.task).await else {
            self.task.abort();
            return Err(DrainError::Late(deadline));
        };
        Ok(ended??)
    }
}
