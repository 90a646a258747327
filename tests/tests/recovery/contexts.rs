//! A context goes with the work it is about, also where whoever does the work dies in the middle.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::mpsc,
};

use gambeson::{
    Event, Handler, Resource, SkipReason, Unavailable,
    context::{self, Context, InContext as _},
    emit,
};
use gambeson_tests::{PATIENCE, tally};
use tokio::sync::oneshot;

use crate::{AT_ONCE, started};

const SECRET: [(&str, &str); 1] = [("tenant", "acme")];

/// The same thread takes up other work, as those of a pool do.
#[test]
fn a_holder_that_dies_on_a_pooled_thread_leaves_no_context() {
    static TABLE: Resource<u32> = Resource::new("pooled");
    let _table = TABLE.provide(7);
    let panics = Handler::new("panics", "pool.work", |_| {
        let lease = TABLE.lease()?;
        context::scope([("inner", 1)], || -> Result<(), Unavailable> {
            context::breadcrumb(*lease);
            panic!("dies inside two scopes, with a lease")
        })
    });
    let telemetry = started([panics]);
    for _ in 0..10 {
        // Its own panic, and one that a handler had.
        let work = || {
            context::scope(SECRET, || {
                let _lease = TABLE.lease().unwrap();
                telemetry.enter(|| emit!("pool.work"));
                assert_eq!(Context::current().to_string(), r#"tenant="acme""#);
                resume_unwind(Box::new("the work dies"));
            });
        };
        assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
        assert!(Context::current().is_empty());
        assert!(Context::current().breadcrumbs().is_empty());
    }
    assert_eq!(TABLE.revoke(PATIENCE).outstanding, 0);
    let told = tally(&telemetry.report(), "panics");
    assert_eq!(told, "10 = 0 handled + 10 unexpected");
}

/// On a runtime of one thread, where the next task runs on the thread of the dead one.
#[test]
fn an_aborted_task_leaves_no_context() {
    static AGENT: Resource<()> = Resource::new("aborted");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        for _ in 0..10 {
            let provided = AGENT.provide(());
            let (started, is_started) = oneshot::channel();
            let life = async move {
                let _lease = AGENT.lease().unwrap();
                started.send(Context::current().to_string()).unwrap();
                std::future::pending::<()>().await;
            };
            let task = tokio::spawn(life.in_context(SECRET));
            assert_eq!(is_started.await.unwrap(), r#"tenant="acme""#);
            let abort = task.abort_handle();
            AGENT.watch(task).unwrap();
            let monitor = AGENT.monitor();
            abort.abort();
            let down = tokio::time::timeout(PATIENCE, monitor).await;
            assert_eq!(down.unwrap().reason, SkipReason::ShuttingDown);
            let next = tokio::spawn(async { Context::current().is_empty() });
            assert!(next.await.unwrap(), "the next task on the same thread");
            assert_eq!(provided.revoke(PATIENCE).outstanding, 0);
        }
    });
}

/// Whoever kills a resource has a context; the thread that opens it again, and what the new value
/// does there, have none of it.
#[test]
fn the_context_of_a_kill_does_not_reach_what_comes_back() {
    static TABLE: Resource<String> = Resource::with_opener("seen by its opener", || {
        Ok::<_, std::convert::Infallible>(Context::current().to_string())
    })
    .restart(AT_ONCE);
    let (sender, heard) = mpsc::channel();
    let handler = Handler::new(
        "hears",
        "gambeson.resource.down",
        move |event: &Event<'_>| {
            let resource = event.text("resource")?;
            let told = (resource.to_owned(), Context::current().to_string());
            sender.send(told)?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        },
    );
    let telemetry = started([handler]);
    telemetry
        .enter(|| context::scope(SECRET, || TABLE.ensure_started_within(PATIENCE)))
        .unwrap();
    for _ in 0..10 {
        assert_eq!(*TABLE.lease().unwrap(), "");
        let killed = || context::scope(SECRET, || TABLE.crash(SkipReason::PeerDead));
        assert!(telemetry.enter(killed));
        let (resource, context) = heard.recv_timeout(PATIENCE).unwrap();
        assert_eq!(resource, TABLE.name());
        assert_eq!(
            context, r#"tenant="acme""#,
            "who hears of it hears for whom"
        );
        TABLE.wait_ready(PATIENCE).unwrap();
        assert!(Context::current().is_empty());
    }
    assert_eq!(tally(&telemetry.report(), "hears"), "10 = 10 handled");
}
