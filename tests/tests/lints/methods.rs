//! The plain form on methods.

use std::{pin::Pin, rc::Rc};

use gambeson::{Outcome, defensive_handler};

/// A till.
#[derive(Clone, Debug, Default)]
pub struct Till {
    coins: Vec<u32>,
}

/// What opens.
pub trait Opens {
    /// How it opens.
    fn open(&mut self) -> Outcome<()>;

    /// How it closes.
    #[defensive_handler(fallback = 0)]
    fn close(&mut self) -> u32 {
        u32::from(self.open().is_handled())
    }
}

impl Opens for Till {
    #[defensive_handler]
    fn open(&mut self) -> Outcome<()> {
        self.coins.clear();
        Outcome::Handled(())
    }
}

impl Till {
    /// Without a receiver.
    #[defensive_handler(fallback = Self::default())]
    pub fn with(coins: &[u32]) -> Self {
        Self {
            coins: coins.to_vec(),
        }
    }

    /// By reference.
    #[defensive_handler(fallback = None)]
    pub fn first(&self) -> Option<&u32> {
        self.coins.first()
    }

    /// By mutable reference.
    #[defensive_handler]
    pub fn put(&mut self, coin: u32) {
        self.coins.push(coin);
    }

    /// By value.
    #[defensive_handler(fallback = Vec::new())]
    pub fn empty(mut self) -> Vec<u32> {
        self.coins.push(0);
        self.coins
    }

    /// By box.
    #[defensive_handler(fallback = Box::default())]
    pub fn boxed(self: Box<Self>) -> Box<Self> {
        self
    }

    /// By counted reference.
    #[defensive_handler(fallback = 0)]
    pub fn count(self: &Rc<Self>) -> usize {
        Rc::strong_count(self)
    }

    /// By pin.
    #[defensive_handler]
    pub fn reset(mut self: Pin<&mut Self>) {
        self.set(Self::default());
    }

    /// Async by value.
    #[defensive_handler(fallback = Vec::new())]
    pub async fn empty_later(mut self, coin: u32) -> Vec<u32> {
        std::future::ready(()).await;
        self.coins.push(coin);
        self.coins
    }

    /// Async by mutable reference.
    #[defensive_handler]
    pub async fn put_later(&mut self, coin: u32) {
        std::future::ready(()).await;
        self.coins.push(coin);
    }
}
