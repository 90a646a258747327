//! What is broken, and when: each scene breaks one thing, lasts until it was felt, and mends it.
//!
//! A scene is over when it has had its time and its handler has skipped for the reason that it
//! is about; the next one begins when every handler is attached and out of quarantine again. So
//! the run proves what it claims on a slow machine as on a fast one.

use std::{
    fs, io,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use gambeson::{HandlerState, NotStarted, SkipReason, Telemetry, Unavailable};
use tokio::{process::Command, sync::watch, task, time::timeout};

use crate::{
    handlers::{
        ledger::{LEDGER, Ledger, LedgerError},
        stock::WAREHOUSE,
    },
    load::Seen,
    shop::Shop,
};

/// How long a fault may take to be felt, or a handler to come back.
const DEADLINE: Duration = Duration::from_secs(20);
/// How long the ledger's leases may be held after it was revoked.
const REVOKE_DEADLINE: Duration = Duration::from_secs(5);
/// How long the post office takes for a mail while it lags.
const LAG: Duration = Duration::from_secs(1);

/// How often the warehouse is killed.
pub(crate) const KILLS: u64 = 1;

/// The run, scene by scene.
const SCENES: [Scene; 8] = [
    Scene::Calm,
    Scene::LedgerMoved,
    Scene::LedgerClosed,
    Scene::Calm,
    Scene::FraudPanics,
    Scene::WarehouseKilled,
    Scene::PostLags,
    Scene::Calm,
];

/// One thing that is broken, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    Calm,
    /// The ledger's file is renamed while the ledger is open.
    LedgerMoved,
    /// The ledger is revoked and closed, and its file is renamed.
    LedgerClosed,
    /// Every card makes the fraud check panic.
    FraudPanics,
    /// The process that is the warehouse gets a signal that it cannot refuse.
    WarehouseKilled,
    /// The post office takes longer for a mail than the handler waits.
    PostLags,
}

/// How the scenes are played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    /// The shortest time of a scene.
    pub(crate) scene: Duration,
    /// Whether each fault has to be felt and each handler to come back. With a configuration of
    /// the user's they may not, and then a scene lasts its time only.
    pub(crate) prove: bool,
}

/// The scenes could not be played to the end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FaultError {
    #[error("no skip of `{handler}` for {reason} within {DEADLINE:?}, though {scene}")]
    NotFelt {
        scene: Scene,
        handler: &'static str,
        reason: SkipReason,
    },
    #[error("{handlers} did not come back within {DEADLINE:?} after {scene}")]
    NotBack { scene: Scene, handlers: String },
    #[error("the ledger was in use {REVOKE_DEADLINE:?} after it was revoked")]
    InUse,
    #[error("a ledger opened though its file was taken away")]
    OpenedAnyway,
    #[error("the ledger's file cannot be moved, or no process be killed: {0}")]
    System(#[from] io::Error),
    #[error("the ledger cannot be opened again: {0}")]
    Reopen(#[from] LedgerError),
    #[error("a blocking task panicked: {0}")]
    Blocking(#[from] task::JoinError),
    #[error("there is no warehouse to kill: {0}")]
    NoWarehouse(#[from] Unavailable),
    #[error("the warehouse was alive {DEADLINE:?} after it was killed")]
    NotKilled,
    #[error("the warehouse does not come back: {0}")]
    WarehouseGone(#[from] NotStarted),
}

impl Scene {
    /// What is to be felt: whose skips, and for which reason.
    fn symptom(self) -> Option<(&'static str, SkipReason)> {
        match self {
            Scene::Calm => None,
            Scene::LedgerMoved => Some(("record_sale", SkipReason::StateUnavailable)),
            Scene::LedgerClosed => Some(("record_sale", SkipReason::ShuttingDown)),
            Scene::FraudPanics => Some(("check_for_fraud", SkipReason::ContractViolation)),
            Scene::WarehouseKilled => Some(("reserve_stock", SkipReason::PeerDead)),
            Scene::PostLags => Some(("send_receipt", SkipReason::TimedOut)),
        }
    }
}

impl std::fmt::Display for Scene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Scene::Calm => "nothing is broken",
            Scene::LedgerMoved => "the ledger's file is moved away under its open connection",
            Scene::LedgerClosed => "the ledger is closed and its file is gone",
            Scene::FraudPanics => "the fraud check panics on every order",
            Scene::WarehouseKilled => "the warehouse is killed",
            Scene::PostLags => "the post office lags",
        })
    }
}

/// Plays all scenes in the shop, while the customers order.
pub(crate) async fn play(
    script: Script,
    shop: &mut Shop,
    seen: &Seen,
    now: &watch::Sender<Scene>,
) -> Result<(), FaultError> {
    for scene in SCENES {
        let before = skips(&shop.telemetry, scene);
        now.send_replace(scene);
        break_in(scene, shop, seen).await?;
        last(script, scene, &shop.telemetry, seen, before).await?;
        mend(scene, shop, seen)?;
        warehouse_is_open().await?;
        if script.prove {
            recovered(scene, &shop.telemetry, seen).await?;
        }
    }
    Ok(())
}

async fn break_in(scene: Scene, shop: &mut Shop, seen: &Seen) -> Result<(), FaultError> {
    match scene {
        Scene::Calm => {}
        Scene::LedgerMoved => fs::rename(shop.data.ledger(), shop.data.ledger_away())?,
        Scene::LedgerClosed => {
            close_ledger(shop).await?;
            fs::rename(shop.data.ledger(), shop.data.ledger_away())?;
            if Ledger::open(&shop.data.ledger()).is_ok() {
                return Err(FaultError::OpenedAnyway);
            }
        }
        Scene::FraudPanics => seen.all_nines.store(true, Ordering::Relaxed),
        Scene::WarehouseKilled => kill_warehouse().await?,
        Scene::PostLags => shop.post_office.lag(LAG),
    }
    Ok(())
}

fn mend(scene: Scene, shop: &mut Shop, seen: &Seen) -> Result<(), FaultError> {
    match scene {
        // The warehouse comes back by itself.
        Scene::Calm | Scene::WarehouseKilled => {}
        Scene::LedgerMoved => fs::rename(shop.data.ledger_away(), shop.data.ledger())?,
        Scene::LedgerClosed => {
            fs::rename(shop.data.ledger_away(), shop.data.ledger())?;
            shop.ledger = Some(LEDGER.provide(Ledger::open(&shop.data.ledger())?));
        }
        Scene::FraudPanics => seen.all_nines.store(false, Ordering::Relaxed),
        Scene::PostLags => shop.post_office.lag(Duration::ZERO),
    }
    Ok(())
}

/// Revokes the ledger: afterwards no handler has it, and its file is closed.
async fn close_ledger(shop: &mut Shop) -> Result<(), FaultError> {
    let Some(ledger) = shop.ledger.take() else {
        return Ok(());
    };
    let drained = task::spawn_blocking(move || ledger.revoke(REVOKE_DEADLINE)).await?;
    match drained.outstanding {
        0 => Ok(()),
        _ => Err(FaultError::InUse),
    }
}

/// Kills the process and waits until it is known to be dead.
async fn kill_warehouse() -> Result<(), FaultError> {
    let process = WAREHOUSE.lease()?.process().to_string();
    let monitor = WAREHOUSE.monitor();
    let mut kill = if cfg!(windows) {
        let mut kill = Command::new("taskkill");
        kill.args(["/F", "/PID", &process]);
        kill
    } else {
        let mut kill = Command::new("kill");
        kill.args(["-9", &process]);
        kill
    };
    kill.status().await?;
    timeout(DEADLINE, monitor)
        .await
        .map_err(|_| FaultError::NotKilled)?;
    Ok(())
}

/// Waits until the warehouse is open again.
async fn warehouse_is_open() -> Result<(), FaultError> {
    let opened = task::spawn_blocking(|| WAREHOUSE.wait_ready(DEADLINE)).await?;
    Ok(opened?)
}

/// Lets a scene last for its time, and until it was felt.
async fn last(
    script: Script,
    scene: Scene,
    telemetry: &Telemetry,
    seen: &Seen,
    before: u64,
) -> Result<(), FaultError> {
    let until = Instant::now() + script.scene;
    tokio::time::sleep_until(until.into()).await;
    let Some((handler, reason)) = scene.symptom().filter(|_| script.prove) else {
        return Ok(());
    };
    let felt = || skips(telemetry, scene) > before;
    after_some_order(seen, felt)
        .await
        .ok_or(FaultError::NotFelt {
            scene,
            handler,
            reason,
        })
}

/// Waits until every handler takes events again.
async fn recovered(scene: Scene, telemetry: &Telemetry, seen: &Seen) -> Result<(), FaultError> {
    let resting = || -> Vec<String> {
        let handlers = telemetry.report().handlers.into_iter();
        handlers
            .filter(|handler| handler.state != HandlerState::Attached)
            .map(|handler| handler.name)
            .collect()
    };
    let back = after_some_order(seen, || resting().is_empty()).await;
    back.ok_or_else(|| FaultError::NotBack {
        scene,
        handlers: resting().join(", "),
    })
}

/// Waits for a condition that only orders change, asking again after each of them. `None` is for
/// one that did not come true in time.
async fn after_some_order(seen: &Seen, mut condition: impl FnMut() -> bool) -> Option<()> {
    let mut placed = seen.placed.subscribe();
    let came = timeout(DEADLINE, placed.wait_for(|_| condition())).await;
    matches!(came, Ok(Ok(_))).then_some(())
}

fn skips(telemetry: &Telemetry, scene: Scene) -> u64 {
    scene.symptom().map_or(0, |(handler, reason)| {
        let report = telemetry.report();
        report
            .handler(handler)
            .map_or(0, |handler| handler.skipped(reason))
    })
}
