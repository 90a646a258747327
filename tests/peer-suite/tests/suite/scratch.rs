//! The workspace that the peer's files are built in, below the target directory.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::peer::Peer;

/// Where everything was written.
pub(crate) struct Scratch {
    pub(crate) peer: Peer,
    pub(crate) root: PathBuf,
}

impl Scratch {
    pub(crate) fn write() -> Self {
        let scratch = Scratch {
            peer: Peer::find(),
            root: Path::new(env!("CARGO_TARGET_TMPDIR")).join("peer-suite"),
        };
        scratch.write_manifests();
        scratch.write_tests();
        scratch.write_examples();
        scratch.write_cases();
        scratch
    }

    /// A case of `ui`, as it is built.
    pub(crate) fn case(&self, name: &str) -> PathBuf {
        self.root.join(format!("cases/src/bin/{name}.rs"))
    }

    /// With this workspace's lock, so that nothing is fetched and nothing changes with the day.
    fn write_manifests(&self) {
        let workspace = "[workspace]\nmembers = [\"suite\", \"cases\"]\nresolver = \"2\"\n";
        self.put("Cargo.toml", workspace);
        self.put("suite/Cargo.toml", &self.manifest("suite"));
        self.put("cases/Cargo.toml", &self.manifest("cases"));
        let lock = self.peer.workspace.join("Cargo.lock");
        self.put("Cargo.lock", &read(&lock));
    }

    fn manifest(&self, name: &str) -> String {
        let version = |package: &str| self.peer.version(package);
        let workspace = self.peer.workspace.display();
        format!(
            r#"[package]
name = "{name}"
edition = "2018"

[dependencies]
gambeson = {{ path = "{workspace}/runtime" }}
gambeson-peer-suite = {{ path = "{workspace}/tests/peer-suite" }}
async-trait = "={async_trait}"
tracing = "={tracing}"
tracing-mock = "={mock}"

[dependencies.tracing-subscriber]
version = "={subscriber}"
default-features = false
features = ["env-filter", "registry", "std"]
"#,
            async_trait = version("async-trait"),
            tracing = version("tracing"),
            mock = version("tracing-mock"),
            subscriber = version("tracing-subscriber"),
        )
    }

    fn write_tests(&self) {
        for name in self.peer.files("tests") {
            let test = read(&self.peer.path(&format!("tests/{name}.rs")));
            self.put(&format!("suite/tests/{name}.rs"), &with_ours(&test));
        }
    }

    /// Each line of documentation at the line that it has in the peer, for what rustdoc tells.
    fn write_examples(&self) {
        let library = read(&self.peer.path("src/lib.rs"));
        let documentation = library.lines().map(|line| {
            let text = line.strip_prefix("//!").or(line.strip_prefix("///"));
            text.map_or_else(String::new, |text| format!("//!{text}"))
        });
        let documentation: Vec<String> = documentation.collect();
        let documentation = documentation.join("\n");
        self.put("suite/src/lib.rs", &with_ours(&documentation));
    }

    fn write_cases(&self) {
        for folder in ["tests/ui/fail", "tests/ui/pass"] {
            for name in self.peer.files(folder) {
                let case = read(&self.peer.path(&format!("{folder}/{name}.rs")));
                self.put(&format!("cases/src/bin/{name}.rs"), &with_ours(&case));
            }
        }
    }

    /// What is there already is left alone, so that it need not be built again.
    fn put(&self, relative: &str, content: &str) {
        let path = self.root.join(relative);
        if fs::read_to_string(&path).is_ok_and(|there| there == content) {
            return;
        }
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("a folder below the target directory");
        fs::write(path, content).expect("a file below the target directory");
    }
}

/// How the peer's files name its attribute, and how they name ours.
const PATHS: [(&str, &str); 3] = [
    (
        "use tracing_attributes::instrument;",
        "use gambeson::instrumented as instrument;",
    ),
    (
        "use tracing::instrument;",
        "use gambeson::instrumented as instrument;",
    ),
    ("#[tracing::instrument]", "#[gambeson::instrumented]"),
];

/// The source with our attribute in place of the peer's, wherever it is named.
fn with_ours(source: &str) -> String {
    let ours = PATHS
        .iter()
        .fold(source.to_owned(), |source, (peers, ours)| {
            source.replace(peers, ours)
        });
    let left = ["tracing_attributes", "tracing::instrument"];
    let left = left.iter().find(|path| ours.contains(**path));
    assert_eq!(left, None, "the peer's attribute is named in another way");
    ours
}

pub(crate) fn read(path: &Path) -> String {
    match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => panic!("{} cannot be read: {error}", path.display()),
    }
}
