//! Where code of others ends the process: one hostile body in each place, defended and bare. It emits
//! again, opens a span, logs through the stock formatter, and then panics with each kind of payload,
//! fails and returns. Every run is a process, with exact output and exit status.

#![allow(clippy::unwrap_used, reason = "a test's own set-up")]

mod table;

use std::{
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::Duration,
};

use gambeson_tests::{Ended, Scenario};

use self::table::{
    Bare::{Aborts, Exits101, Logs, Says},
    PLACES, Place,
};

/// The least stack, in KiB, on which a handler that logs is contained; the documentation says so.
const LEAST_STACK: &str = "32";

const SIGABRT: i32 = 6;

/// The program in a place.
fn program(place: &str, arguments: &[&str], backtrace: Option<&str>) -> Ended {
    let mut program = Scenario::new(env!("CARGO_BIN_EXE_place"), place);
    let command = program.command();
    command.args(arguments);
    // Where frames are larger, as under a sanitizer, whoever runs this asks for more.
    if std::env::var_os("STACK_KIB").is_none() {
        command.env("STACK_KIB", LEAST_STACK);
    }
    if let Some(backtrace) = backtrace {
        command.env("RUST_BACKTRACE", backtrace);
    }
    match place {
        "closed_stderr" => {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            command.stderr(writer);
        }
        "library_destructor" => {
            command.env("LIBRARY", library());
        }
        _ => {}
    }
    program.within(Duration::from_secs(60)).run()
}

/// The fixture that is opened at run time, built once.
fn library() -> &'static Path {
    static LIBRARY: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("library");
        let mut cargo = Scenario::new(std::env::var_os("CARGO").unwrap_or("cargo".into()), "build");
        cargo
            .command()
            .args(["--quiet", "--package", "gambeson-library", "--target-dir"])
            .arg(&folder)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env_remove("RUSTFLAGS");
        let built = cargo.within(Duration::from_secs(300)).run();
        assert!(built.status.success(), "{built:?}");
        folder.join("debug/libgambeson_library.so")
    });
    &LIBRARY
}

impl Place {
    /// The body is contained: counted to the last call, and without a word of a panic.
    fn is_survived(&self, backtrace: Option<&str>) {
        let name = self.name;
        let ended = program(name, &[], backtrace);
        assert_eq!(ended.status.code(), Some(self.code), "{name}: {ended:?}");
        assert_eq!(ended.stdout, self.says, "{name}: {ended:?}");
        let told = |text| ended.stderr.matches(text).count();
        assert_eq!(told("panicked at"), self.panics, "{name}: {ended:?}");
        let traced = backtrace.map_or(0, |_| self.panics);
        assert_eq!(told("stack backtrace"), traced, "{name}: {ended:?}");
        if let Logs(text) = self.bare {
            assert_eq!(told(text), 0, "{name}: {ended:?}");
        }
    }

    /// Without the defence it is not, and so the tests of the defence see something.
    fn ends_bare(&self) {
        let name = self.name;
        let ended = program(name, &["bare"], None);
        let (code, signal) = (ended.status.code(), ended.status.signal());
        match self.bare {
            Aborts(why) => {
                assert_eq!(signal, Some(SIGABRT), "{name}: {ended:?}");
                assert!(ended.stderr.contains(why), "{name}: {ended:?}");
            }
            Exits101 => assert_eq!(code, Some(101), "{name}: {ended:?}"),
            Says(text) => assert_eq!((code, &*ended.stdout), (Some(0), text), "{name}: {ended:?}"),
            Logs(text) => assert!(ended.stderr.contains(text), "{name}: {ended:?}"),
        }
    }
}

#[test]
fn every_place_is_survived() {
    for place in PLACES {
        place.is_survived(None);
    }
}

#[test]
fn every_place_is_survived_with_full_backtraces() {
    for place in PLACES {
        place.is_survived(Some("full"));
    }
}

#[test]
fn no_place_is_survived_bare() {
    PLACES.iter().for_each(Place::ends_bare);
}

/// A limit that the documentation states.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "optimised frames are smaller")]
fn half_the_least_stack_aborts() {
    let mut program = Scenario::new(env!("CARGO_BIN_EXE_place"), "small_stack");
    program.command().env("STACK_KIB", "16");
    let ended = program.run();
    assert_eq!(ended.status.signal(), Some(SIGABRT), "{ended:?}");
    assert!(
        ended.stderr.contains("has overflowed its stack"),
        "{ended:?}"
    );
}
