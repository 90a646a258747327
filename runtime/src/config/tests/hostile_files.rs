//! Files that are not what they should be: each is answered, at once and with the right error.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::refused;
use crate::config::{Config, ConfigError, file::LARGEST};

/// Against what would never end: each case takes milliseconds, also where the machine is busy.
const AT_MOST: Duration = Duration::from_secs(60);

/// How much of a processor a text that is refused may cost.
const PARSED_IN: Duration = Duration::from_millis(if cfg!(debug_assertions) { 2000 } else { 100 });

/// Runs code three times, and tells what it cost at least: of a processor, where the system counts
/// that for a thread, since the machine may be busy.
fn timed<R>(code: impl Fn() -> R) -> (R, Duration) {
    #[cfg(target_os = "linux")]
    let now = || {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::try_from(now).unwrap_or_default()
    };
    #[cfg(not(target_os = "linux"))]
    let (begun, now) = (std::time::Instant::now(), || begun.elapsed());
    let run = || {
        let before = now();
        let result = code();
        (result, now().saturating_sub(before))
    };
    let runs = [run(), run(), run()];
    let least = runs.into_iter().min_by_key(|(_, taken)| *taken);
    least.expect("three runs")
}

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gambeson-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    fn file(&self, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join("gambeson.toml");
        fs::write(&path, bytes).expect("a temporary file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder left behind hurts nobody, a panic here would hide the test's own.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Loads on another thread, so that a load that hangs fails the test.
fn load(path: &Path) -> Result<Config, ConfigError> {
    let (sender, receiver) = mpsc::channel();
    let path = path.to_owned();
    thread::spawn(move || {
        // Whoever waited has given up and failed the test.
        let _ = sender.send(Config::load(path));
    });
    receiver
        .recv_timeout(AT_MOST)
        .expect("an answer within the time")
}

fn told(path: &Path) -> String {
    let error = load(path).expect_err("a refusal");
    assert_eq!(error.path(), Some(path));
    let text = error.to_string();
    text.strip_prefix(&path.display().to_string())
        .expect("the path first")
        .to_owned()
}

#[test]
fn a_good_file_is_taken_with_mark_and_any_line_ends() {
    let folder = Folder::new("good");
    let text =
        "\u{feff}[telemetry]\r\ndebug = true\r\n\r\n[telemetry.shutdown]\ndeadline = '2s'\r\n";
    let config = load(&folder.file(text)).expect("a configuration");
    assert!(config.debug);
    assert_eq!(config.shutdown.deadline, Duration::from_secs(2));
}

#[test]
fn an_empty_file_is_the_defaults() {
    let folder = Folder::new("empty");
    for text in ["", "\u{feff}", "\r\n"] {
        assert_eq!(
            load(&folder.file(text)).expect("defaults"),
            Config::default()
        );
    }
}

#[test]
fn a_missing_file_is_the_systems_error() {
    let folder = Folder::new("missing");
    let path = folder.0.join("none.toml");
    let error = load(&path).expect_err("a refusal");
    let kind = error.io_error().map(std::io::Error::kind);
    assert_eq!(kind, Some(std::io::ErrorKind::NotFound));
    assert!(told(&path).starts_with(": cannot be read: "));
}

#[test]
fn text_that_is_not_utf8_is_told_with_its_place() {
    let folder = Folder::new("utf8");
    let path = folder.file(b"[telemetry]\r\n# caf\xc3\xa9 \xff\xfe\n");
    assert_eq!(
        told(&path),
        ":2:8: the text is not UTF-8; save the file as UTF-8"
    );
}

#[test]
fn nul_is_refused_where_it_stands() {
    let error = refused("[telemetry]\ndebug = \0true");
    assert_eq!((error.line(), error.column()), (Some(2), Some(9)));
    assert!(error.to_string().contains("not valid TOML"), "{error}");
}

#[test]
fn a_file_over_the_cap_is_not_parsed() {
    let folder = Folder::new("large");
    let text = "key_of_a_large_file = 1\n".repeat(180_000);
    assert!(text.len() > 4_000_000);
    let expected = ": is larger than 131072 bytes; a configuration is never that long";
    assert_eq!(told(&folder.file(&text)), expected);
    assert_eq!(refused(&text).to_string(), format!("<text>{expected}"));
    let cut_within_a_letter = "é".repeat(LARGEST);
    assert_eq!(told(&folder.file(cut_within_a_letter)), expected);
    let at_the_cap = format!("#{}", "x".repeat(LARGEST - 1));
    assert_eq!(
        load(&folder.file(at_the_cap)).expect("defaults"),
        Config::default()
    );
}

#[test]
fn deep_and_wide_text_is_refused_in_time() {
    let dotted = vec!["a"; 20_000].join(".");
    let texts = [
        format!("a = {}", "[".repeat(100_000)),
        "[".repeat(100_000),
        "a = ".to_owned() + &"{a=".repeat(43_000),
        format!("{dotted} = 1"),
        format!("[{dotted}]"),
        format!("telemetry.{dotted} = 1"),
        format!("{} = 1", vec!["a"; 65_000].join(".")),
        format!("telemetry.rule = [{}]", "{a.b.c.d=1},".repeat(10_000)),
        format!(
            "telemetry.rule = [{}]",
            "{a.b.c.d.e.f.g.h=1},".repeat(6_000)
        ),
        format!("telemetry.rule = [{}{{a=1}}]", "{},".repeat(43_000)),
        format!("telemetry.rule = [{}]", "1,".repeat(65_000)),
        (0..1_450).fold(String::new(), |text, key| {
            text + &format!("[{}{key}]\n", "a.".repeat(40))
        }),
        (0..9_000).fold(String::new(), |text, key| {
            text + &format!("key_{key} = 1\n")
        }),
        "[[telemetry.rule]]\n".repeat(6_800) + "x = 1",
    ];
    for text in texts {
        assert!(text.len() <= LARGEST, "{} of {text:.20}", text.len());
        let (error, taken) = timed(|| refused(&text));
        assert!(error.line().is_some(), "{error}");
        assert!(error.to_string().len() < 400, "{error}");

        assert!(taken < PARSED_IN, "{taken:?} for {text:.20}");
    }
}

#[test]
fn a_file_cut_off_at_any_byte_is_refused_or_right() {
    let text = "[telemetry]\ndebug = true\n\n[telemetry.shutdown]\ndeadline = \"2s\" # é\n\
                [[telemetry.rule]]\nhandler = \"é::*\"\nenabled = false\n";
    let folder = Folder::new("cut");
    let mut taken = 0;
    for end in 0..=text.len() {
        let Some(cut) = text.get(..end) else {
            let error = load(&folder.file(&text.as_bytes()[..end])).expect_err("a refusal");
            assert!(
                error.to_string().ends_with("save the file as UTF-8"),
                "{error}"
            );
            continue;
        };
        let Ok(config) = Config::parse(cut) else {
            continue;
        };
        taken += 1;
        // Nothing lies between the line before the cut and the whole line.
        let line = cut.rfind('\n').map_or(0, |before| before + 1);
        let line_end = text[line..]
            .find('\n')
            .map_or(text.len(), |length| line + length);
        let right = [&text[..line], &text[..line_end]].map(|text| Config::parse(text).ok());
        assert!(right.contains(&Some(config)), "{cut:?}");
    }
    assert!(taken >= text.lines().count(), "{taken}");
}

#[cfg(unix)]
mod special {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::{Folder, load, told};
    use crate::Config;

    #[test]
    fn directories_pipes_and_devices_are_refused() {
        let folder = Folder::new("special");
        assert_eq!(
            told(&folder.0),
            ": is a directory; give the path of a regular file"
        );
        let pipe = folder.0.join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success(), "{made}");
        let special = ": is a pipe, device or socket; give the path of a regular file";
        assert_eq!(told(&pipe), special);
        for device in ["/dev/zero", "/dev/null"] {
            assert_eq!(told(device.as_ref()), special);
        }
        let link = folder.0.join("link");
        symlink("/dev/zero", &link).expect("a link");
        assert_eq!(told(&link), special);
    }

    #[test]
    fn links_are_followed_unless_they_loop() {
        let folder = Folder::new("links");
        let file = folder.file("[telemetry]\ndebug = true");
        let link = folder.0.join("link");
        symlink(&file, &link).expect("a link");
        assert_eq!(
            load(&link).expect("a configuration"),
            Config::default().with_debug(true)
        );
        let (left, right) = (folder.0.join("left"), folder.0.join("right"));
        symlink(&left, &right).expect("a link");
        symlink(&right, &left).expect("a link");
        assert!(load(&left).expect_err("a refusal").io_error().is_some());
    }
}
