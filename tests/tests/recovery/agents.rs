//! Fifty agents, tasks with a mailbox each, of which many die on the way.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use gambeson::{
    Event, Handler, Number, Provided, Readiness, Resource, SkipReason, Telemetry,
    defensive_handler, emit, handler,
};
use gambeson_tests::{Choices, PATIENCE, seed, stores::Table, tally};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        oneshot,
    },
    task::AbortHandle,
};

use crate::{AT_ONCE, number, started};

const AGENTS: usize = 50;
const OPERATIONS: usize = 10;

type Answer = oneshot::Sender<usize>;
type Mailbox = UnboundedSender<(usize, Answer)>;

/// An agent adds up what it is sent.
async fn live(mut mail: UnboundedReceiver<(usize, Answer)>) {
    let mut sum = 0;
    while let Some((number, answer)) = mail.recv().await {
        sum += number;
        // Whoever asked may have gone.
        let _ = answer.send(sum);
    }
}

fn agent(
    runtime: &Runtime,
    resource: &'static Resource<Mailbox>,
) -> (Provided<Mailbox>, AbortHandle) {
    let (mailbox, mail) = unbounded_channel();
    let provided = resource.provide(mailbox);
    let task = runtime.spawn(live(mail));
    let abort = task.abort_handle();
    let _inside = runtime.enter();
    resource.watch(task).unwrap();
    (provided, abort)
}

fn handler_of(number_of_agent: usize, agent: &'static Resource<Mailbox>) -> Handler {
    let name = format!("agent_{number_of_agent}");
    let operate = move |event: &Event<'_>| -> Result<(), Box<dyn Error + Send + Sync>> {
        let amount = number(event, "amount");
        let (answer, answered) = oneshot::channel();
        agent.lease()?.send((amount, answer))?;
        let sum = answered.blocking_recv()?;
        assert_eq!(sum, amount * (amount + 1) / 2, "all before it were added");
        Ok(())
    };
    Handler::new(&name, "agents.operation", operate)
}

/// Sends each agent its next amount.
fn operate(telemetry: &Telemetry, amounts: impl IntoIterator<Item = usize>) {
    for amount in amounts {
        let amount = Number::Unsigned(amount as u64);
        telemetry
            .emit("agents.operation", &[("amount", amount)], &[])
            .unwrap();
    }
}

/// Agent n is aborted after n operations, those from the tenth on never: its calls say so exactly.
#[test]
fn of_50_agents_with_10_operations_each_those_that_die_say_so() {
    static AGENTS_OF_TEST: [Resource<Mailbox>; AGENTS] = [const { Resource::new("agent") }; AGENTS];
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let (provided, aborts): (Vec<_>, Vec<_>) = AGENTS_OF_TEST
        .iter()
        .map(|resource| agent(&runtime, resource))
        .unzip();
    let handlers = (0..).zip(&AGENTS_OF_TEST);
    let telemetry = started(handlers.map(|(number, agent)| handler_of(number, agent)));
    for (done, (agent, abort)) in AGENTS_OF_TEST
        .iter()
        .zip(&aborts)
        .take(OPERATIONS)
        .enumerate()
    {
        let mut monitor = agent.monitor();
        abort.abort();
        let down = monitor.wait(PATIENCE).unwrap();
        assert_eq!(down.reason, SkipReason::ShuttingDown);
        assert_eq!(down.cause, "the task was cancelled");
        assert_eq!(agent.readiness(), Readiness::Failed);
        operate(&telemetry, [done + 1]);
    }
    let report = telemetry.report();
    for number in 0..AGENTS {
        let expected = match number.min(OPERATIONS) {
            0 => "10 = 0 handled + 10 shutting_down".to_owned(),
            OPERATIONS => "10 = 10 handled".to_owned(),
            done => format!("10 = {done} handled + {} shutting_down", OPERATIONS - done),
        };
        assert_eq!(tally(&report, &format!("agent_{number}")), expected);
    }
    drop(provided);
}

/// How many operations were stored, by the handler's own book.
static STORED: AtomicU64 = AtomicU64::new(0);

static TABLE: Resource<Table> = Resource::with_opener("of agents", Table::open).restart(AT_ONCE);

#[defensive_handler(on = "agents.stored", quarantine = false)]
async fn stores(_: &Event<'_>, #[needs(TABLE)] table: &Table) {
    // The table may be deleted meanwhile: the lease keeps it.
    tokio::task::yield_now().await;
    table.add(1, 1);
    STORED.fetch_add(1, Ordering::SeqCst);
}

/// Agents that emit to an async handler, and now and then delete what it needs.
#[test]
fn what_50_agents_send_to_an_async_handler_is_stored_or_skipped() {
    let seed = seed("RECOVERY_SEED");
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let builder = Telemetry::builder().isolated().filter(|_| false);
    let builder = builder.runtime(runtime.handle().clone());
    let telemetry = Arc::new(builder.handler(handler!(stores)).start().unwrap());
    let agents: Vec<_> = (0..AGENTS)
        .map(|agent| {
            let telemetry = Arc::clone(&telemetry);
            runtime.spawn(async move {
                let mut choices = Choices::new(seed, agent as u64);
                for _ in 0..OPERATIONS {
                    telemetry.enter(|| emit!("agents.stored"));
                    if choices.below(10) == 0 {
                        Table::delete(&TABLE);
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for agent in agents {
        runtime.block_on(agent).unwrap();
    }
    let report = telemetry.shutdown();
    let counts = report.handler("stores").unwrap();
    let all = (AGENTS * OPERATIONS) as u64;
    assert_eq!((counts.matched, counts.in_flight), (all, 0), "{report}");
    assert_eq!(counts.handled, STORED.load(Ordering::SeqCst), "{report}");
    let skipped = counts.skipped(SkipReason::StateUnavailable);
    assert_eq!(skipped, all - counts.handled, "{report}");
    TABLE.ensure_started_within(PATIENCE).unwrap();
}
