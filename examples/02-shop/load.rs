//! The customers: several connections that order without a pause worth the name, know what every
//! answer has to be, and remember each one that is not.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::Deserialize;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::{
    client::{Answer, Client, ClientError},
    orders::{Line, NewOrder, Receipt},
};

/// How many customers order at a time.
const CUSTOMERS: usize = 8;
/// How long a customer looks around between two requests.
const PAUSE: Duration = Duration::from_millis(8);
/// So many wrong answers are kept word for word; one is enough to fail the run.
const KEPT: usize = 10;
/// So much of a wrong answer's body is kept, in characters.
const KEPT_BODY: usize = 200;

/// The customers in the shop.
#[derive(Debug)]
pub(crate) struct Crowd {
    seen: Arc<Seen>,
    customers: JoinSet<()>,
}

/// What the customers do and saw, together.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Requests that got the right answer.
    pub(crate) answered: AtomicU64,
    /// Orders with a receipt; watched, so that a scene can last until enough were placed.
    pub(crate) placed: watch::Sender<u64>,
    /// Orders that were wrong, and refused.
    pub(crate) refused: AtomicU64,
    /// What the receipts say, in cents.
    pub(crate) spent_cents: AtomicU64,
    /// Whether all cards end in 9, which the fraud check cannot bear.
    pub(crate) all_nines: AtomicBool,
    /// Requests that got another answer, or none.
    pub(crate) failed: AtomicU64,
    wrong: Mutex<Vec<String>>,
    leaving: AtomicBool,
}

/// An answer that is not the right one.
#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("{asked} was answered with {status}: {body}")]
    Status {
        asked: &'static str,
        status: u16,
        body: String,
    },
    #[error("an order of {expected} cents got the receipt {receipt:?}")]
    Receipt { expected: u64, receipt: Receipt },
    #[error("order {id} was sold as {receipt:?} and is shown as {shown:?}")]
    Shown {
        id: u64,
        receipt: Receipt,
        shown: Receipt,
    },
    #[error("there is no price for {0}")]
    NoPrice(&'static str),
}

impl Crowd {
    /// Lets the customers in.
    pub(crate) fn arrive(shop: SocketAddr) -> Self {
        let seen = Arc::<Seen>::default();
        let mut customers = JoinSet::new();
        for number in 0..CUSTOMERS {
            let seen = Arc::clone(&seen);
            customers.spawn(async move {
                if let Err(wrong) = buy(number, shop, &seen).await {
                    seen.note(format!("customer {number} left: {wrong}"));
                }
            });
        }
        Crowd { seen, customers }
    }

    /// What they do and see.
    pub(crate) fn seen(&self) -> &Arc<Seen> {
        &self.seen
    }

    /// Lets each customer finish the request that is under way, and go.
    pub(crate) async fn leave(mut self) -> Arc<Seen> {
        self.seen.leaving.store(true, Ordering::Relaxed);
        while let Some(left) = self.customers.join_next().await {
            if let Err(panic) = left {
                self.seen.note(format!("a customer fell over: {panic}"));
            }
        }
        self.seen
    }
}

impl Seen {
    /// The first wrong answers; none in a run as it should be.
    pub(crate) fn wrong(&self) -> Vec<String> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.clone()
    }

    fn note(&self, text: String) {
        self.failed.fetch_add(1, Ordering::Relaxed);
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() < KEPT {
            wrong.push(text);
        }
    }

    fn answered(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
    }
}

async fn buy(number: usize, shop: SocketAddr, seen: &Seen) -> Result<(), Wrong> {
    let mut visit = Visit::begin(number, shop, seen).await?;
    let mut pause = interval(PAUSE);
    pause.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Each begins elsewhere in the round, so that they do not do the same at the same time.
    for turn in 7 * number.. {
        if seen.leaving.load(Ordering::Relaxed) {
            break;
        }
        pause.tick().await;
        match visit.take(turn).await {
            Ok(()) => seen.answered(),
            // The connection is of no use any more.
            Err(Wrong::Client(error)) => return Err(error.into()),
            Err(wrong) => seen.note(format!("customer {number}: {wrong}")),
        }
    }
    Ok(())
}

/// One customer, with a connection and a price list.
struct Visit<'a> {
    number: usize,
    client: Client,
    prices: HashMap<String, u64>,
    last: Option<Receipt>,
    seen: &'a Seen,
}

#[derive(Deserialize)]
struct Price {
    product: String,
    price_cents: u64,
}

impl<'a> Visit<'a> {
    async fn begin(number: usize, shop: SocketAddr, seen: &'a Seen) -> Result<Self, Wrong> {
        let mut client = Client::connect(shop).await?;
        let list = client.get("/products").await?;
        let prices: Vec<Price> = expect("GET /products", 200, &list)?.json()?;
        seen.answered();
        Ok(Visit {
            number,
            client,
            prices: prices
                .into_iter()
                .map(|price| (price.product, price.price_cents))
                .collect(),
            last: None,
            seen,
        })
    }

    async fn take(&mut self, turn: usize) -> Result<(), Wrong> {
        match (turn % 10, self.last.take()) {
            (4, _) => self.order_wrongly(turn).await,
            (8, Some(receipt)) => self.look_up(receipt).await,
            (9, _) => self.read_metrics().await,
            _ => self.order(turn).await,
        }
    }

    async fn order(&mut self, turn: usize) -> Result<(), Wrong> {
        let basket = [("tea", 1 + turn % 3), ("cake", 1 + self.number % 2)];
        let mut expected = 0;
        for (product, quantity) in basket {
            let price = self.prices.get(product).ok_or(Wrong::NoPrice(product))?;
            expected += price * quantity as u64;
        }
        let order = self.new_order(turn, &basket);
        let answer = self.post(&order).await?;
        let receipt: Receipt = expect("POST /orders", 201, &answer)?.json()?;
        if receipt.total_cents != expected || receipt.customer != order.customer {
            return Err(Wrong::Receipt { expected, receipt });
        }
        self.seen.spent_cents.fetch_add(expected, Ordering::Relaxed);
        self.seen.placed.send_modify(|placed| *placed += 1);
        self.last = Some(receipt);
        Ok(())
    }

    async fn order_wrongly(&mut self, turn: usize) -> Result<(), Wrong> {
        let order = self.new_order(turn, &[("gold", 1)]);
        let answer = self.post(&order).await?;
        expect("POST /orders for gold", 422, &answer)?;
        self.seen.refused.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn look_up(&mut self, receipt: Receipt) -> Result<(), Wrong> {
        let id = receipt.id;
        let answer = self.client.get(&format!("/orders/{id}")).await?;
        let shown: Receipt = expect("GET /orders/{id}", 200, &answer)?.json()?;
        if shown != receipt {
            return Err(Wrong::Shown { id, receipt, shown });
        }
        Ok(())
    }

    async fn read_metrics(&mut self) -> Result<(), Wrong> {
        let answer = self.client.get("/metrics").await?;
        expect("GET /metrics", 200, &answer)?;
        Ok(())
    }

    fn new_order(&self, turn: usize, basket: &[(&str, usize)]) -> NewOrder {
        let nine = turn % 20 == 6 || self.seen.all_nines.load(Ordering::Relaxed);
        let digit = if nine { 9 } else { turn % 9 };
        let line = |&(product, quantity): &(&str, usize)| Line {
            product: product.to_owned(),
            quantity: u32::try_from(quantity).unwrap_or(u32::MAX),
        };
        NewOrder {
            customer: format!("customer {}", self.number),
            card_ending: format!("424{digit}"),
            lines: basket.iter().map(line).collect(),
        }
    }

    async fn post(&mut self, order: &NewOrder) -> Result<Answer, Wrong> {
        let body = serde_json::to_vec(order).map_err(ClientError::from)?;
        Ok(self.client.post("/orders", &body).await?)
    }
}

fn expect<'a>(asked: &'static str, status: u16, answer: &'a Answer) -> Result<&'a Answer, Wrong> {
    if answer.status == status {
        return Ok(answer);
    }
    let body = String::from_utf8_lossy(&answer.body);
    Err(Wrong::Status {
        asked,
        status: answer.status,
        body: body.chars().take(KEPT_BODY).collect(),
    })
}
