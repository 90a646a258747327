//! The host's tasks: told first, awaited after the handlers and before the resources.

use std::time::Duration;

use gambeson::{Handler, PartKind, Resource};
use tokio::runtime::Runtime;

use super::ended;
use crate::started;

static BOOKS: Resource<u32> = Resource::new("tasks_books");

#[test]
fn a_task_may_use_resources_until_it_ends() {
    let runtime = Runtime::new().unwrap();
    let _provided = BOOKS.provide(7);
    let telemetry = started([Handler::new("till", "tasks.opened", |_| ()).needs(&BOOKS)]);
    let (stop, tasks) = (telemetry.cancellation_token(), telemetry.tasks());
    let last_look = tasks.spawn_on(
        async move {
            stop.cancelled().await;
            BOOKS.lease().map(|books| *books).ok()
        },
        runtime.handle(),
    );
    assert!(!telemetry.cancellation_token().is_cancelled());
    let shutdown = ended(telemetry.shutdown());
    assert_eq!(runtime.block_on(last_look).unwrap(), Some(7));
    let kinds: Vec<_> = shutdown.parts.iter().map(|part| part.kind).collect();
    assert_eq!(
        kinds,
        [
            PartKind::Handler,
            PartKind::Tasks,
            PartKind::Resource,
            PartKind::Flush
        ]
    );
    assert!(shutdown.is_complete(), "{shutdown}");
    assert!(telemetry.cancellation_token().is_cancelled());
}

#[test]
fn tasks_that_do_not_end_are_counted() {
    let runtime = Runtime::new().unwrap();
    let telemetry = started([]);
    for _ in 0..3 {
        let task = std::future::pending::<()>();
        telemetry.tasks().spawn_on(task, runtime.handle());
    }
    let shutdown = ended(telemetry.shutdown_within(Duration::from_millis(1)));
    let tasks = shutdown.part(PartKind::Tasks, "tasks").unwrap();
    assert_eq!(tasks.outstanding, 3);
}

/// Nobody asked, and so there is nothing to await; who asks later is told at once.
#[test]
fn a_token_after_the_end_is_cancelled() {
    let telemetry = started([]);
    let shutdown = ended(telemetry.shutdown());
    assert_eq!(shutdown.part(PartKind::Tasks, "tasks"), None);
    assert!(telemetry.cancellation_token().is_cancelled());
    assert!(telemetry.tasks().is_closed());
}
