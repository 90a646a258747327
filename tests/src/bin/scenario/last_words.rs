//! Processes that end where it is hardest to: in a panic hook, in destructors, several times at
//! once, and with a value whose drop never comes to its end.

use std::{panic, thread, time::Duration};

use gambeson::{Config, Resource, Telemetry, exit_with_flush};
use tokio::task::LocalSet;

use crate::ends::{builder, busy, kill, runtime, start, wait_for_ever};

/// The hook is called on a thread that looks like a worker of the runtime, and is none.
pub(crate) fn exit_in_hook() {
    let runtime = runtime();
    let _telemetry = busy(&runtime);
    panic::set_hook(Box::new(|_| exit_with_flush(6)));
    let fails = async {
        let _ = tokio::task::spawn_local(async { panic!("in a local task") }).await;
    };
    LocalSet::new().block_on(&runtime, fails);
}

/// Ends the process when it is dropped.
struct Exits(i32);

impl Drop for Exits {
    fn drop(&mut self) {
        exit_with_flush(self.0);
    }
}

pub(crate) fn exit_while_unwinding() {
    let runtime = runtime();
    let _telemetry = busy(&runtime);
    let _exits = Exits(7);
    panic!("in main");
}

thread_local! {
    static EXITS: Exits = const { Exits(8) };
}

pub(crate) fn exit_in_thread_local() {
    let runtime = runtime();
    let _telemetry = busy(&runtime);
    let ended = thread::spawn(|| EXITS.with(|_| ())).join();
    assert!(ended.is_ok());
    wait_for_ever();
}

pub(crate) fn exit_at_once() {
    let runtime = runtime();
    let _telemetry = busy(&runtime);
    for _ in 0..4 {
        thread::spawn(|| exit_with_flush(9));
    }
    wait_for_ever();
}

/// A value whose drop never ends.
struct Hangs;

impl Drop for Hangs {
    fn drop(&mut self) {
        wait_for_ever();
    }
}

pub(crate) fn signal_and_a_drop_that_hangs() {
    static HANGS: Resource<Hangs> = Resource::new("hangs");
    let _provided = HANGS.provide(Hangs);
    let config = Config::default().with_shutdown_deadline(Duration::from_millis(1));
    let builder = builder().config(config).resource(&HANGS);
    let _telemetry: Telemetry = start(builder.exit_on_signals());
    kill("-TERM");
    wait_for_ever();
}

pub(crate) fn signal_after_a_start_that_failed() {
    static NOWHERE: Resource<u32> = Resource::new("nowhere");
    let builder = builder().require(&NOWHERE).start_deadline(Duration::ZERO);
    assert!(builder.exit_on_signals().start().is_err());
    kill("-TERM");
    wait_for_ever();
}
