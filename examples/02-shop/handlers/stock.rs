//! The stock: each order is reserved in the warehouse, which is another process.
//!
//! The process is a resource. Its opener starts it, its death is the resource's, and while it is
//! down the handler is skipped as `peer_dead`; it is started again by itself.

use std::{
    env, io,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, OnceLock},
    time::Duration,
};

use gambeson::{Classify, Event, FieldError, Resource, Restart, defensive_handler};

use crate::warehouse;

/// The process, from its first order to the end of the shop.
pub(crate) static WAREHOUSE: Resource<Warehouse> =
    Resource::with_opener("warehouse", Warehouse::open).restart(
        Restart::new()
            .backoff(Duration::from_millis(200), Duration::from_secs(1))
            .at_most(20, Duration::from_secs(60)),
    );

/// Where the warehouse keeps its stock.
static STOCK: OnceLock<PathBuf> = OnceLock::new();

/// Reserves what was ordered.
#[defensive_handler(on = "shop.order.stop", after(super::audit::audit_order))]
pub(crate) fn reserve_stock(
    event: &Event<'_>,
    #[needs(WAREHOUSE)] warehouse: &Warehouse,
) -> Result<(), StockError> {
    warehouse.reserve(event.text("order_id")?)
}

/// Says where the stock is kept, before the first warehouse is opened. Of several the first counts.
pub(crate) fn keep_in(stock: PathBuf) {
    STOCK.get_or_init(|| stock);
}

/// An order that is not known to be reserved.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum StockError {
    #[error("nobody said where the stock is kept")]
    #[skip(unavailable)]
    Nowhere,
    #[error("the warehouse does not answer")]
    Pipe(#[from] io::Error),
    #[error("the warehouse answers `{0}`")]
    #[skip(peer_dead)]
    Refused(String),
    #[error("a panic left the warehouse waiting")]
    #[skip(state_corrupted)]
    Poisoned,
    #[error(transparent)]
    Field(#[from] FieldError),
}

/// A warehouse that is open.
#[derive(Debug)]
pub(crate) struct Warehouse {
    process: u32,
    pipes: Mutex<Pipes>,
}

#[derive(Debug)]
struct Pipes {
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Warehouse {
    /// Starts the process and waits for its greeting. Its end is the resource's from then on.
    fn open() -> Result<Self, StockError> {
        let stock = STOCK.get().ok_or(StockError::Nowhere)?;
        let mut child = program()?
            .arg(stock)
            .env("SHOP_TEST_STOCK", stock)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let process = child.id();
        let pipes = Pipes::of(&mut child);
        WAREHOUSE.watch(child)?;
        let mut pipes = pipes?;
        while !pipes.answer()?.ends_with(warehouse::GREETING) {}
        Ok(Warehouse {
            process,
            pipes: Mutex::new(pipes),
        })
    }

    /// The number of the process.
    pub(crate) fn process(&self) -> u32 {
        self.process
    }

    fn reserve(&self, order: &str) -> Result<(), StockError> {
        let mut pipes = self.pipes.lock().map_err(|_| StockError::Poisoned)?;
        writeln!(pipes.orders, "{order}")?;
        match pipes.answer()? {
            answer if answer == warehouse::answer_to(order) => Ok(()),
            answer => Err(StockError::Refused(answer)),
        }
    }
}

impl Pipes {
    fn of(child: &mut Child) -> io::Result<Self> {
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (orders, answers) = pipes.ok_or(io::ErrorKind::NotConnected)?;
        Ok(Pipes {
            orders,
            answers: BufReader::new(answers),
        })
    }

    fn answer(&mut self) -> io::Result<String> {
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        answer.truncate(answer.trim_end().len());
        Ok(answer)
    }
}

/// This very program, as a warehouse.
#[cfg(not(test))]
fn program() -> io::Result<Command> {
    let mut program = Command::new(env::current_exe()?);
    program.arg("--warehouse");
    Ok(program)
}

/// The tests are no shop, but one of them is a warehouse. What follows `--skip` is nothing to it.
#[cfg(test)]
fn program() -> io::Result<Command> {
    let mut program = Command::new(env::current_exe()?);
    program.args(["warehouse::tests::as_a_process", "--exact"]);
    program.args(["--include-ignored", "--nocapture", "--skip"]);
    program.stderr(Stdio::null());
    Ok(program)
}
