//! What a telemetry opens when it starts, and what it does not start without.

use std::{
    io,
    sync::{Mutex, mpsc},
    time::Duration,
};

use gambeson::{
    Builder, Handler, Need, Readiness, Resource, SkipReason, StartError, Telemetry, emit,
};
use gambeson_tests::{PATIENCE, tally};

fn builder() -> gambeson::Builder {
    Telemetry::builder().isolated().filter(|_| false)
}

#[test]
fn what_handlers_need_is_opened_before_the_first_event_needs_first() {
    static OPENED: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    /// As which one it is opened.
    fn opened(name: &'static str) -> usize {
        let mut opened = OPENED.lock().unwrap();
        opened.push(name);
        opened.len()
    }
    static DISK: Resource<usize> =
        Resource::with_opener("disk", || Ok::<_, io::Error>(opened("disk")));
    static STORE: Resource<usize> =
        Resource::with_opener("store", || Ok::<_, io::Error>(opened("store"))).needs(&[&DISK]);
    static TABLE: Resource<usize> =
        Resource::with_opener("table", || Ok::<_, io::Error>(opened("table")))
            .needs(&[&STORE, &DISK]);

    let sale = Handler::new("sale", "shop.sale", |_| ()).needs(&TABLE);
    let telemetry = builder().handler(sale).start().unwrap();
    telemetry.enter(|| emit!("shop.sale"));
    assert_eq!(*OPENED.lock().unwrap(), ["disk", "store", "table"]);
    let report = telemetry.report();
    assert_eq!(tally(&report, "sale"), "1 = 1 handled");
    let names: Vec<_> = report.resources.iter().map(|each| each.name).collect();
    assert_eq!(
        names,
        ["disk", "store", "table"],
        "those first which others need"
    );
}

#[test]
fn openers_that_do_not_need_each_other_run_side_by_side() {
    static DOORS: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>> = Mutex::new(None);
    static FIRST: Resource<()> = Resource::with_opener("first", || {
        let doors = DOORS.lock().unwrap().take();
        let (other, own) = doors.ok_or("opened twice")?;
        other.send(()).map_err(|_| "nobody opens the second")?;
        own.recv_timeout(PATIENCE)
            .map_err(|_| "the second waits for the first")
    });
    static WAY: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>> = Mutex::new(None);
    static SECOND: Resource<()> = Resource::with_opener("second", || {
        let doors = WAY.lock().unwrap().take();
        let (other, own) = doors.ok_or("opened twice")?;
        other.send(()).map_err(|_| "nobody opens the first")?;
        own.recv_timeout(PATIENCE)
            .map_err(|_| "the first waits for the second")
    });
    let ((to_first, of_first), (to_second, of_second)) = (mpsc::channel(), mpsc::channel());
    *DOORS.lock().unwrap() = Some((to_second, of_first));
    *WAY.lock().unwrap() = Some((to_first, of_second));

    let started = builder()
        .require(&FIRST)
        .require(&SECOND)
        .start_deadline(PATIENCE);
    let telemetry = started.start().unwrap();
    assert!(telemetry.health().ready.ok);
}

#[test]
fn without_what_is_required_there_is_no_start_and_the_cause_is_told() {
    static GONE: Resource<()> = Resource::with_opener("gone", || {
        Err(io::Error::from(io::ErrorKind::ConnectionRefused))
    });
    let handler = Handler::new("idle", "shop.sale", |_| ());
    let short = Duration::from_millis(30);
    let refused = builder()
        .handler(handler)
        .require(&GONE)
        .start_deadline(short);
    let error = refused.start().unwrap_err();
    assert_eq!(
        error.to_string(),
        "resource `gone` could not be started: still down (connection refused) after 30ms"
    );
    let StartError::Resource(missing) = error else {
        panic!("{error}")
    };
    assert_eq!(
        (missing.resource(), missing.reason()),
        ("gone", SkipReason::TimedOut)
    );
    assert_eq!(
        GONE.lease().unwrap_err().reason(),
        SkipReason::ShuttingDown,
        "what did not start is not tried for ever"
    );
}

#[test]
fn resources_that_cannot_be_told_apart_are_warned_of_with_their_places() {
    static ONE: Resource<()> = Resource::new("till");
    static OTHER: Resource<u32> = Resource::with_opener("till", || Ok::<_, &str>(1));
    static USER: Resource<()> = Resource::new("user").needs(&[&OTHER]);
    static UNNAMED: Resource<()> = Resource::new("");
    static MANY: [Resource<()>; 2] = [const { Resource::new("one of two") }; 2];
    let line = line!();
    let place = |line, column| format!("tests/tests/behaviour/starting.rs:{line}:{column}");
    let all: [&'static dyn Need; 5] = [&ONE, &USER, &UNNAMED, &MANY[0], &MANY[1]];
    let builder = all.into_iter().fold(builder(), Builder::resource);
    let mut warnings = builder.start().unwrap().report().warnings;
    let (one, other) = (place(line - 5, 32), place(line - 4, 35));
    // They are in no order but that of their names.
    let told = warnings.remove(1);
    assert!(told.contains(&one) && told.contains(&other), "{told}");
    assert!(
        told.starts_with("two resources are called `till`, made at "),
        "{told}"
    );
    let unnamed = place(line - 2, 36);
    assert_eq!(
        warnings,
        [format!("the resource made at {unnamed} has no name")]
    );
}

#[test]
fn what_nobody_provides_is_told_at_the_deadline() {
    static NEVER: Resource<()> = Resource::new("never");
    let short = Duration::from_millis(5);
    let error = builder()
        .require(&NEVER)
        .start_deadline(short)
        .start()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "resource `never` could not be started: nobody has provided it after 5ms"
    );
}

/// The opener has not come back: nothing has failed yet.
#[test]
fn what_is_still_being_opened_is_told_at_the_deadline_and_by_its_health() {
    static GATE: Mutex<Option<mpsc::Receiver<()>>> = Mutex::new(None);
    static SLOW: Resource<()> = Resource::with_opener("slow", || {
        let gate = GATE.lock().unwrap().take();
        let _ = gate.ok_or("opened twice")?.recv_timeout(PATIENCE);
        Ok::<_, &str>(())
    });
    let (open, gate) = mpsc::channel();
    *GATE.lock().unwrap() = Some(gate);
    let cause = || SLOW.health().cause;
    assert_eq!(cause().as_deref(), Some("nobody has provided it"));
    let short = Duration::from_millis(5);
    let telemetry = builder().resource(&SLOW).start_deadline(short);
    let telemetry = telemetry.start().unwrap();
    assert_eq!(cause().as_deref(), Some("still being opened"));
    let error = builder().require(&SLOW).start_deadline(short).start();
    assert_eq!(
        error.unwrap_err().to_string(),
        "resource `slow` could not be started: still being opened after 5ms"
    );
    drop(open);
    SLOW.wait_ready(PATIENCE).unwrap();
    assert_eq!(cause(), None);
    drop(telemetry);
    assert_eq!(cause().as_deref(), Some("revoked"));
}

#[test]
fn a_required_resource_may_be_provided_while_the_start_waits() {
    static LATE: Resource<u32> = Resource::new("late");
    let provider = std::thread::spawn(|| LATE.provide(7));
    let telemetry = builder()
        .require(&LATE)
        .start_deadline(PATIENCE)
        .start()
        .unwrap();
    assert_eq!(*LATE.lease().unwrap(), 7);
    assert!(telemetry.health().ready.ok);
    drop(provider.join().unwrap());
}

#[test]
fn one_that_cannot_be_opened_only_skips_its_handlers() {
    static BROKEN: Resource<()> =
        Resource::with_opener("broken", || Err(io::Error::from(io::ErrorKind::NotFound)));
    let sale = Handler::new("sale", "shop.sale", |_| ()).needs(&BROKEN);
    let other = Handler::new("other", "shop.sale", |_| ());
    let telemetry = builder().handler(sale).handler(other).start().unwrap();
    telemetry.enter(|| emit!("shop.sale"));
    let report = telemetry.report();
    assert_eq!(
        tally(&report, "sale"),
        "1 = 0 handled + 1 state_unavailable"
    );
    assert_eq!(tally(&report, "other"), "1 = 1 handled");
    BROKEN.revoke(Duration::ZERO);
}

#[test]
fn resources_that_need_each_other_are_refused_with_their_path() {
    static HEN: Resource<()> = Resource::new("hen").needs(&[&EGG]);
    static EGG: Resource<()> = Resource::new("egg").needs(&[&HEN]);
    let error = builder().resource(&HEN).start().unwrap_err();
    assert_eq!(
        error.to_string(),
        "resources need each other: `egg` after `hen` after `egg`"
    );
    let error = HEN.ensure_started().unwrap_err();
    assert!(
        error.to_string().contains("`egg` after `hen` after `egg`"),
        "{error}"
    );
}

#[test]
fn what_a_later_handler_needs_is_opened_when_it_comes() {
    static LATER: Resource<u32> = Resource::with_opener("later", || Ok::<_, io::Error>(1));
    let telemetry = builder().start().unwrap();
    assert_eq!(LATER.readiness(), Readiness::NotReady);
    let sale = Handler::new("sale", "shop.sale", |_| ()).needs(&LATER);
    telemetry.attach(sale).unwrap();
    LATER.wait_ready(PATIENCE).unwrap();
    telemetry.enter(|| emit!("shop.sale"));
    assert_eq!(tally(&telemetry.report(), "sale"), "1 = 1 handled");
}

#[test]
fn a_start_that_waits_for_a_slow_opener_goes_on_at_the_deadline() {
    static GO_ON: Mutex<Option<mpsc::Receiver<()>>> = Mutex::new(None);
    static SLOW: Resource<u32> = Resource::with_opener("slow", || {
        let go_on = GO_ON.lock().unwrap().take().ok_or("opened twice")?;
        go_on.recv_timeout(PATIENCE).map_err(|_| "nobody goes on")?;
        Ok::<_, &str>(1)
    });
    let (sender, receiver) = mpsc::channel();
    *GO_ON.lock().unwrap() = Some(receiver);
    let sale = Handler::new("sale", "shop.sale", |_| ()).needs(&SLOW);
    let short = Duration::from_millis(5);
    let telemetry = builder()
        .handler(sale)
        .start_deadline(short)
        .start()
        .unwrap();
    telemetry.enter(|| emit!("shop.sale"));
    sender.send(()).unwrap();
    SLOW.wait_ready(PATIENCE).unwrap();
    telemetry.enter(|| emit!("shop.sale"));
    let report = telemetry.report();
    assert_eq!(tally(&report, "sale"), "2 = 1 handled + 1 unavailable");
}
