//! `emit!`: lazy, captured once, to whoever is attached now, in the telemetry that was entered.

use std::{
    cell::{Cell, RefCell},
    fmt,
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use gambeson::{Event, Handler, Number, OwnedEvent, Telemetry, Value, emit};
use gambeson_tests::{PATIENCE, tally};

use crate::{counted, settle, started};

/// A handler that keeps the events it sees.
fn keeping(pattern: &str) -> (Handler, Arc<Mutex<Vec<OwnedEvent>>>) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&kept);
    let handler = Handler::new("keeps", pattern, move |event| {
        keep.lock().unwrap().push(event.to_owned());
    });
    (handler, kept)
}

/// What a handler of `emit.shown` shows of one emission.
fn shown(emission: impl FnOnce()) -> String {
    let (handler, kept) = keeping("emit.shown");
    let telemetry = started([handler]);
    telemetry.enter(emission);
    let kept = kept.lock().unwrap();
    let shown: Vec<String> = kept.iter().map(ToString::to_string).collect();
    shown.join("\n")
}

#[test]
fn nothing_is_evaluated_for_nobody() {
    let evaluated = Cell::new(0);
    let count = || counted(&evaluated);
    let emission =
        || emit!("lazily.evaluated", { n = count() }, { text = %count(), debug = ?count() });
    settle(&evaluated, emission);
    emission();
    let telemetry = started([Handler::new("other", "emit.other", |_| ())]);
    telemetry.enter(emission);
    assert_eq!(evaluated.get(), 0);
    telemetry
        .attach(Handler::new("late", "lazily.evaluated", |_| ()))
        .unwrap();
    telemetry.enter(emission);
    assert_eq!(evaluated.get(), 3, "once for all handlers");
    telemetry
        .attach(Handler::new("second", "lazily.evaluated", |_| ()))
        .unwrap();
    telemetry.enter(emission);
    assert_eq!(evaluated.get(), 6, "once for all handlers");
}

/// A site that was hit before keeps no answer from then.
#[test]
fn a_late_handler_is_found_by_a_site_that_was_hit() {
    let telemetry = Telemetry::isolated();
    let hit = || telemetry.enter(|| emit!("emit.late"));
    hit();
    telemetry
        .attach(Handler::new("late", "emit.*", |_| ()))
        .unwrap();
    hit();
    hit();
    telemetry.detach("late", PATIENCE).unwrap();
    hit();
    telemetry
        .attach(Handler::new("late", "emit.*", |_| ()))
        .unwrap();
    hit();
    assert_eq!(tally(&telemetry.report(), "late"), "3 = 3 handled");
}

#[test]
fn every_form_of_a_field() {
    let (city, tills) = ("Lyon", 3_u8);
    let owner = Some("Ada");
    let told = shown(|| {
        emit!("emit.shown");
        emit!("emit.shown", { tills, area.m2 = 120.5, "in-stock" = -2, r#type = 1 });
        emit!("emit.shown", {}, { city, %tills, ?owner, shop.owner = owner, open = true, absent = None::<&str> });
        emit!("emit.shown", { wait = Duration::from_millis(1500) }, { "content-type" = %city, quoted = ?city, "d" = ?tills, },);
    });
    assert_eq!(
        told,
        "emit.shown\n\
         emit.shown tills=3 area.m2=120.5 in-stock=-2 type=1\n\
         emit.shown city=\"Lyon\" tills=\"3\" owner=\"Some(\\\"Ada\\\")\" shop.owner=\"Ada\" open=true absent=-\n\
         emit.shown wait=1.5 content-type=\"Lyon\" quoted=\"\\\"Lyon\\\"\" d=\"3\""
    );
}

#[test]
fn what_a_handler_reads() {
    let (handler, kept) = keeping("emit.read");
    let telemetry = started([handler]);
    telemetry.enter(|| emit!("emit.read", { amount = 9.5, tills = 3 }, { order_id = "A-1", paid = true, age = 7 }));
    let kept = kept.lock().unwrap();
    kept[0].with(|event| {
        assert_eq!(event.name(), "emit.read");
        assert_eq!(event.number("amount"), Ok(9.5));
        assert_eq!(
            event.number("age"),
            Ok(7.0),
            "a number in the metadata will do"
        );
        assert_eq!(event.text("order_id"), Ok("A-1"));
        assert_eq!(event.value("paid"), Some(Value::Bool(true)));
        assert_eq!(event.measurements()[1], ("tills", Number::Signed(3)));
        assert_eq!(
            event.text("paid").unwrap_err().to_string(),
            "field `paid` of event `emit.read` is no text"
        );
        assert_eq!(
            event.number("absent").unwrap_err().to_string(),
            "event `emit.read` has no measurement `absent`"
        );
    });
}

/// Formatting is user code: what panics becomes a marker, and the event goes on.
#[test]
fn a_debug_that_panics_becomes_a_marker() {
    struct Broken;
    impl fmt::Debug for Broken {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half")?;
            panic!("no debug for you")
        }
    }
    let told = shown(|| {
        emit!("emit.shown", {}, { broken = ?Broken, whole = "yes" });
        emit!("emit.shown", {}, { next = ?"intact" });
    });
    assert_eq!(
        told,
        "emit.shown broken=\"<formatting panicked>\" whole=\"yes\"\n\
         emit.shown next=\"\\\"intact\\\"\""
    );
}

#[test]
fn two_telemetries_at_once_keep_apart() {
    let names = ["left", "right"];
    let telemetries = names.map(|name| started([Handler::new(name, "emit.apart", |_| ())]));
    thread::scope(|scope| {
        for (telemetry, count) in telemetries.iter().zip([500, 700]) {
            scope.spawn(move || {
                for _ in 0..count {
                    telemetry.enter(|| emit!("emit.apart"));
                }
            });
        }
    });
    assert_eq!(tally(&telemetries[0].report(), "left"), "500 = 500 handled");
    assert_eq!(
        tally(&telemetries[1].report(), "right"),
        "700 = 700 handled"
    );
}

#[test]
fn entering_nests_and_is_left_by_a_panic() {
    let outer = started([Handler::new("outer", "emit.nested", |_| ())]);
    let inner = started([Handler::new("inner", "emit.nested", |_| ())]);
    let emission = || emit!("emit.nested");
    outer.enter(|| {
        let left = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            inner.enter(|| {
                emission();
                panic!("out");
            });
        }));
        assert!(left.is_err());
        emission();
    });
    emission();
    assert_eq!(tally(&inner.report(), "inner"), "1 = 1 handled");
    assert_eq!(tally(&outer.report(), "outer"), "1 = 1 handled");
}

/// The thread-local is older than the telemetry's own, and is therefore destroyed after it.
#[test]
fn a_destructor_emits_to_the_named_telemetry() {
    struct Last(Option<(Arc<Telemetry>, mpsc::Sender<bool>)>);
    impl Drop for Last {
        fn drop(&mut self) {
            if let Some((telemetry, done)) = self.0.take() {
                let handled = telemetry
                    .call("keeps", &Event::new("emit.last", &[], &[]))
                    .is_handled();
                done.send(handled).unwrap();
            }
        }
    }
    thread_local!(static LAST: RefCell<Last> = const { RefCell::new(Last(None)) });
    let telemetry = Arc::new(started([keeping("emit.last").0]));
    let (done, ended) = mpsc::channel();
    let last = (Arc::clone(&telemetry), done);
    thread::spawn(move || {
        LAST.with(|cell| cell.borrow_mut().0 = Some(last));
        // Registers the telemetry's own thread-local, if it has a destructor.
        Telemetry::isolated().enter(|| emit!("emit.last"));
    });
    assert_eq!(ended.recv(), Ok(true));
    assert_eq!(tally(&telemetry.report(), "keeps"), "1 = 1 handled");
}

#[test]
fn a_name_known_at_run_time() {
    let (handler, kept) = keeping("emit.**");
    let telemetry = started([handler]);
    let name = format!("emit.{}", "dynamic");
    telemetry
        .emit(
            &name,
            &[("n", Number::Signed(1))],
            &[("key", Value::Text("v"))],
        )
        .unwrap();
    assert_eq!(
        kept.lock().unwrap()[0].to_string(),
        "emit.dynamic n=1 key=\"v\""
    );
    for wrong in ["", "emit..a", "emit.*", ".emit", "emit."] {
        telemetry.emit(wrong, &[], &[]).expect_err(wrong);
    }
    assert_eq!(tally(&telemetry.report(), "keeps"), "1 = 1 handled");
}

#[test]
fn patterns_say_who_sees_what() {
    let quiet = |name: &str, pattern: &str| Handler::new(name, pattern, |_| ());
    let telemetry = started([
        quiet("exact", "emit.order.stop"),
        quiet("one", "emit.*"),
        quiet("rest", "emit.**"),
        quiet("two", "emit.order.stop").on("emit.*.start"),
    ]);
    for name in ["emit.order.stop", "emit.order.start", "emit.opened"] {
        telemetry.emit(name, &[], &[]).unwrap();
    }
    let report = telemetry.report();
    assert_eq!(tally(&report, "exact"), "1 = 1 handled");
    assert_eq!(tally(&report, "one"), "1 = 1 handled");
    assert_eq!(tally(&report, "rest"), "3 = 3 handled");
    assert_eq!(tally(&report, "two"), "2 = 2 handled");
}
