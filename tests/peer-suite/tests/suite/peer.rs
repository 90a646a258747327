//! The published package of the peer, where cargo keeps its sources.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

const PEER: &str = "tracing-attributes";

/// The peer's sources, and what this workspace is built with.
pub(crate) struct Peer {
    sources: PathBuf,
    pub(crate) workspace: PathBuf,
    versions: BTreeMap<String, String>,
}

impl Peer {
    /// Asks cargo where the sources of the locked version are.
    pub(crate) fn find() -> Self {
        let metadata = metadata();
        let packages = metadata["packages"].as_array().expect("a list of packages");
        let text = |value: &Value| value.as_str().expect("a text of cargo's").to_owned();
        let found = packages.iter().find(|package| package["name"] == PEER);
        let manifest = text(&found.expect("a locked version of the peer")["manifest_path"]);
        let versions = packages
            .iter()
            .map(|package| (text(&package["name"]), text(&package["version"])));
        Peer {
            sources: parent(Path::new(&manifest)),
            workspace: text(&metadata["workspace_root"]).into(),
            versions: versions.collect(),
        }
    }

    /// A file of the package.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.sources.join(relative)
    }

    /// The names of the Rust files in a folder of the package, without their ending.
    pub(crate) fn files(&self, folder: &str) -> BTreeSet<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder of the package");
        let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
        paths
            .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect()
    }

    /// The version of a package that this workspace is built with.
    pub(crate) fn version(&self, package: &str) -> &str {
        &self.versions[package]
    }
}

/// For this machine's platform alone: the sources for others need not be there.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "host-tuple"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata fails:\n{told}");
    serde_json::from_slice(&output.stdout).expect("what cargo writes is JSON")
}

fn parent(path: &Path) -> PathBuf {
    path.parent().expect("a file is in a folder").to_owned()
}
