//! Stores that only these tests kill.

mod exchange;
mod ledger;

use std::{
    path::{Path, PathBuf},
    process,
    sync::{Mutex, PoisonError},
};

use gambeson::{DownCause, Watch};

pub(crate) use self::{
    exchange::{Exchange, Line},
    ledger::{Ledger, LedgerError},
};

/// Tells a resource, once, that what it is made of is gone: for those who notice it when they use
/// it.
struct Alarm(Mutex<Option<Watch>>);

impl Alarm {
    fn new(watch: Watch) -> Self {
        Alarm(Mutex::new(Some(watch)))
    }

    fn sound(&self, cause: DownCause) {
        let watch = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(watch) = watch {
            watch.ended(cause);
        }
    }
}

/// A folder of a test's own, which is gone when this is dropped.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// Where the folder of this test is.
    pub(crate) fn path(test: &str) -> PathBuf {
        std::env::temp_dir().join(format!("gambeson-recovery-{}-{test}", process::id()))
    }

    /// Makes it.
    pub(crate) fn new(test: &str) -> Self {
        let path = Disk::path(test);
        std::fs::create_dir_all(&path).unwrap();
        Disk(path)
    }

    /// A file in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Fails where the folder of a file is gone, as a disk that is taken out.
pub(crate) fn folder_of(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(file);
    std::fs::metadata(folder).map(drop)
}
