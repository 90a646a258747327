//! The two ways to run the shop: for its own customers, and for anybody with curl.

use std::{
    io,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use gambeson::{Config, ConfigError, HandlerReport, Telemetry};
use tokio::{runtime::Runtime, signal, sync::watch, task::JoinHandle, time::interval};

use crate::{
    data::Data,
    faults::{self, FaultError, Scene, Script},
    handlers::stock::WAREHOUSE,
    load::{Crowd, Seen},
    service::{DrainError, Server},
    shop::{Closed, OpenError, Shop},
    verdict::{Books, BooksError, Verdict},
};

/// How long the requests that are under way may take after the service is told to stop.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);

/// The shop cannot run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the folder of data cannot be made: {0}")]
    Data(#[source] io::Error),
    #[error("there is no async runtime: {0}")]
    Runtime(#[source] io::Error),
    #[error("cannot listen on 127.0.0.1:{port}: {error}")]
    Listen { port: u16, error: io::Error },
    #[error("signals cannot be waited for: {0}")]
    Signal(#[source] io::Error),
    #[error("the warehouse cannot go on: {0}")]
    Warehouse(#[source] io::Error),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Drain(#[from] DrainError),
    #[error(transparent)]
    Books(#[from] BooksError),
}

/// Opens a shop for its own customers, plays the script, closes, and reconciles.
pub(crate) fn load(config: Config, script: Script) -> Result<Verdict, RunError> {
    let enabled = config.enabled;
    let runtime = Runtime::new().map_err(RunError::Runtime)?;
    let data = Data::temporary("shop").map_err(RunError::Data)?;
    let mut shop = Shop::open(data, config, &runtime)?;
    let attached = shop.telemetry.handlers();

    let (seen, played) = runtime.block_on(sell(&mut shop, script))?;
    let closed = shop.close();
    println!("\n{}", closed.report);

    let books = Books::of(&closed, &seen, attached, enabled)?;
    let mut verdict = books.judge();
    if let Err(error) = played {
        verdict.complain(error);
    }
    println!(
        "{} requests answered, {} orders placed",
        books.answered, books.placed
    );
    println!("{verdict}");
    println!("{}", verdict.in_a_word());
    Ok(verdict)
}

/// Serves the customers while the script is played; returns when the last request is answered.
async fn sell(
    shop: &mut Shop,
    script: Script,
) -> Result<(Arc<Seen>, Result<(), FaultError>), RunError> {
    let server = open(shop, 0).await?;
    println!("the shop is open on http://{}", server.address());
    let crowd = Crowd::arrive(server.address());
    let (now, scene) = watch::channel(Scene::Calm);
    let telemetry = Arc::clone(&shop.telemetry);
    let progress = show_progress(Arc::clone(crowd.seen()), telemetry, scene);

    let played = faults::play(script, shop, crowd.seen(), &now).await;
    let seen = crowd.leave().await;
    progress.abort();
    server.drain(DRAIN_DEADLINE).await?;
    Ok((seen, played))
}

/// Opens a shop for anybody, until Ctrl-C or SIGTERM.
pub(crate) fn serve(config: Config, port: u16, data: Data) -> Result<(), RunError> {
    let runtime = Runtime::new().map_err(RunError::Runtime)?;
    let shop = Shop::open(data, config, &runtime)?;
    runtime.block_on(async {
        let server = open(&shop, port).await?;
        // Before anybody is told that the shop is open, so that no signal comes too early.
        let stopped = stop_signal().map_err(RunError::Signal)?;
        greet(&server, &shop.data);
        stopped.await;
        println!("draining");
        Ok::<_, RunError>(server.drain(DRAIN_DEADLINE).await?)
    })?;
    let Closed { report, .. } = shop.close();
    println!("{report}");
    Ok(())
}

async fn open(shop: &Shop, port: u16) -> Result<Server, RunError> {
    let opened = Server::open(shop.app(), port).await;
    opened.map_err(|error| RunError::Listen { port, error })
}

fn greet(server: &Server, data: &Data) {
    let shop = format!("http://{}", server.address());
    let ledger = data.ledger();
    println!("the shop is open; Ctrl-C closes it\n");
    for (card, says) in [
        ("4242", "an order"),
        ("4299", "one that the fraud check panics on"),
    ] {
        println!("# {says}");
        println!(
            "curl -s {shop}/orders -H 'content-type: application/json' \
             -d '{{\"customer\": \"Ada\", \"card_ending\": \"{card}\", \
             \"lines\": [{{\"product\": \"tea\", \"quantity\": 2}}]}}'"
        );
    }
    println!("# the last orders, the metrics, and what became of the handlers' events");
    println!("curl -s {shop}/orders");
    println!("curl -s {shop}/metrics");
    println!("curl -s {shop}/report");
    println!("# take the ledger away, and order again");
    println!("mv {0} {0}.away", ledger.display());
    println!("mv {0}.away {0}", ledger.display());
    if let Ok(warehouse) = WAREHOUSE.lease() {
        println!("# kill the warehouse, and order again");
        println!("kill -9 {}", warehouse.process());
    }
    println!();
}

/// A line a second: what was answered, what was skipped, what is broken.
fn show_progress(
    seen: Arc<Seen>,
    telemetry: Arc<Telemetry>,
    scene: watch::Receiver<Scene>,
) -> JoinHandle<()> {
    let started = Instant::now();
    tokio::spawn(async move {
        let mut second = interval(Duration::from_secs(1));
        loop {
            second.tick().await;
            let report = telemetry.report();
            let skips: u64 = report
                .handlers
                .iter()
                .map(HandlerReport::skipped_in_all)
                .sum();
            println!(
                "{:>3.0} s  {:>6} answered  {skips:>6} skips  {}",
                started.elapsed().as_secs_f64(),
                seen.answered.load(Ordering::Relaxed),
                *scene.borrow(),
            );
        }
    })
}

/// Listens for Ctrl-C and SIGTERM from now on; the future ends with the first of them.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DEFAULT_CONFIG;

    /// The one test that starts the process's telemetry: events of the other tests go to
    /// telemetries of their own.
    #[test]
    fn every_fault_is_felt_and_every_sum_agrees() {
        let config = Config::parse(DEFAULT_CONFIG).unwrap();
        let script = Script {
            scene: Duration::from_millis(50),
            prove: true,
        };
        let verdict = load(config, script).unwrap();
        assert!(verdict.is_clean(), "{verdict}");
    }
}
