//! Where the crates are generated and compiled.

use std::{
    fs, io,
    marker::PhantomData,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    clock::{self, Time},
    options::Options,
    subject::Subject,
};

/// How a crate is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Build {
    Check,
    Debug,
    Release,
}

impl Build {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Build::Check => "check",
            Build::Debug => "debug",
            Build::Release => "release",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Build::Check => &["check"],
            Build::Debug => &["build"],
            Build::Release => &["build", "--release"],
        }
    }
}

/// The folder of this program, in which everything is generated.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_cost")
}

/// The folder of the whole project.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Makes a workspace, which has the versions that are on this machine already.
pub(crate) fn write_workspace(folder: &Path, manifest: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let lock = repository().join("Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock"))?;
    Ok(())
}

/// Cargo, to be run in a folder. The flags that this program was built with are not for it.
pub(crate) fn cargo(folder: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null());
    command
}

/// Runs it to its end. The error is what it says.
pub(crate) fn run(command: &mut Command) -> io::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("cargo failed: {errors}")))
}

/// The workspace of a part.
pub(crate) struct Workshop<'a, C> {
    options: &'a Options,
    folder: PathBuf,
    target: PathBuf,
    cases: PhantomData<C>,
}

impl<'a, C: Subject> Workshop<'a, C> {
    /// Generates a crate for each case, and compiles what they need: with one function each.
    pub(crate) fn new(options: &'a Options) -> io::Result<Self> {
        let workshop = Workshop {
            options,
            folder: folder().join(C::FOLDER),
            target: folder().join("target"),
            cases: PhantomData,
        };
        let names: Vec<String> = C::ALL.iter().map(|case| case.name()).collect();
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n");
        write_workspace(&workshop.folder, &manifest)?;
        for (case, name) in C::ALL.iter().zip(&names) {
            fs::create_dir_all(workshop.folder.join(name).join("src"))?;
            workshop.write(&format!("{name}/Cargo.toml"), &manifest_of::<C>(name))?;
            workshop.write_source(*case, 1)?;
        }
        for build in C::BUILDS {
            workshop.compile(*build, &["--workspace"])?;
        }
        Ok(workshop)
    }

    /// Compiles the crate of a case from its beginning.
    pub(crate) fn time(&self, case: C, build: Build) -> io::Result<Time> {
        self.forget(case)?;
        self.write_source(case, self.functions(case))?;
        let log = self.log();
        fs::write(&log, "")?;
        self.compile(build, &["--package", &case.name()])?;
        clock::read(&log)
    }

    /// How many functions a case has.
    pub(crate) fn functions(&self, case: C) -> usize {
        self.options.functions(case.functions())
    }

    fn log(&self) -> PathBuf {
        self.folder.join("times")
    }

    /// The compiled crate of a case.
    pub(crate) fn release_of(&self, case: C) -> io::Result<PathBuf> {
        let file = format!("release/lib{}.rlib", case.name());
        self.target.join(file).canonicalize()
    }

    /// A newer file is compiled anew.
    fn write_source(&self, case: C, functions: usize) -> io::Result<()> {
        let file = format!("{}/src/lib.rs", case.name());
        self.write(&file, &case.source(functions))
    }

    fn write(&self, file: &str, text: &str) -> io::Result<()> {
        fs::write(self.folder.join(file), text)
    }

    /// Removes what the compiler would reuse of the last time.
    fn forget(&self, case: C) -> io::Result<()> {
        let Ok(entries) = fs::read_dir(self.target.join("debug/incremental")) else {
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

    fn compile(&self, build: Build, arguments: &[&str]) -> io::Result<()> {
        let mut cargo = cargo(&self.folder);
        cargo
            .args(build.arguments())
            .args(arguments)
            .args(["--offline", "--quiet", "--target-dir"])
            .arg(&self.target)
            .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?)
            .env(clock::LOG, self.log());
        run(&mut cargo)
    }
}

fn manifest_of<C: Subject>(name: &str) -> String {
    let runtime = repository().join("runtime");
    let runtime = runtime.to_string_lossy();
    format!(
        "[package]
name = {name:?}
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
gambeson = {{ path = {runtime:?} }}
{}",
        C::DEPENDENCIES
    )
}
