//! Where the crates are generated and compiled.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    cases::Case,
    clock::{self, Time},
};

/// How a crate is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Build {
    Check,
    Debug,
    Release,
}

impl Build {
    pub(crate) const ALL: [Build; 3] = [Build::Check, Build::Debug, Build::Release];

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Build::Check => &["check"],
            Build::Debug => &["build"],
            Build::Release => &["build", "--release"],
        }
    }
}

pub(crate) struct Workshop {
    folder: PathBuf,
    functions: usize,
}

impl Workshop {
    /// Generates a crate for each case and compiles everything once, and with it what they need.
    pub(crate) fn new(functions: usize) -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_cost");
        let workshop = Workshop { folder, functions };
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        fs::create_dir_all(&workshop.folder)?;
        workshop.write("Cargo.toml", WORKSPACE)?;
        // The same versions, which are on this machine already.
        fs::copy(
            repository.join("Cargo.lock"),
            workshop.folder.join("Cargo.lock"),
        )?;
        for case in Case::ALL {
            let name = case.name();
            fs::create_dir_all(workshop.folder.join(&name).join("src"))?;
            workshop.write(&format!("{name}/Cargo.toml"), &manifest(&name, &repository))?;
            workshop.write_source(case)?;
        }
        for build in Build::ALL {
            workshop.cargo(build, &["--workspace"])?;
        }
        Ok(workshop)
    }

    /// Compiles the crate of a case from its beginning.
    pub(crate) fn time(&self, case: Case, build: Build) -> io::Result<Time> {
        self.forget(case)?;
        self.write_source(case)?;
        let log = self.log();
        fs::write(&log, "")?;
        self.cargo(build, &["--package", &case.name()])?;
        clock::read(&log)
    }

    fn log(&self) -> PathBuf {
        self.folder.join("times")
    }

    /// The compiled crate of a case.
    pub(crate) fn release_of(&self, case: Case) -> io::Result<PathBuf> {
        let file = format!("target/release/lib{}.rlib", case.name());
        self.folder.join(file).canonicalize()
    }

    /// A newer file is compiled anew.
    fn write_source(&self, case: Case) -> io::Result<()> {
        let file = format!("{}/src/lib.rs", case.name());
        self.write(&file, &case.source(self.functions))
    }

    fn write(&self, file: &str, text: &str) -> io::Result<()> {
        fs::write(self.folder.join(file), text)
    }

    /// Removes what the compiler would reuse of the last time.
    fn forget(&self, case: Case) -> io::Result<()> {
        let incremental = self.folder.join("target/debug/incremental");
        let Ok(entries) = fs::read_dir(incremental) else {
            return Ok(());
        };
        let prefix = format!("{}-", case.name());
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    fn cargo(&self, build: Build, arguments: &[&str]) -> io::Result<()> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(build.arguments())
            .args(arguments)
            .args(["--offline", "--quiet", "--target-dir", "target"])
            .current_dir(&self.folder)
            .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?)
            .env(clock::LOG, self.log())
            .env_remove("RUSTFLAGS")
            .stdin(Stdio::null())
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(io::Error::other(format!("cargo failed: {errors}")))
    }
}

const WORKSPACE: &str = "\
[workspace]
resolver = \"3\"
members = [\"*_nothing\", \"*_result\"]
";

fn manifest(name: &str, repository: &Path) -> String {
    let runtime = repository.join("runtime");
    let runtime = runtime.to_string_lossy();
    format!(
        "[package]
name = {name:?}
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
gambeson = {{ path = {runtime:?} }}
inventory = \"0.3\"
"
    )
}
