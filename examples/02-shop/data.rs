//! Where the shop keeps its files.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process,
};

/// A folder of data; a temporary one is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Data {
    folder: PathBuf,
    temporary: bool,
}

impl Data {
    /// A new folder of this process for one purpose.
    pub(crate) fn temporary(purpose: &str) -> io::Result<Self> {
        let folder = env::temp_dir().join(format!("gambeson-{purpose}-{}", process::id()));
        // What is there can only be of a dead process that had the same number.
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir(&folder)?,
        }
        Ok(Data {
            folder,
            temporary: true,
        })
    }

    /// This folder, made where there is none.
    pub(crate) fn at(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Data {
            folder: folder.to_owned(),
            temporary: false,
        })
    }

    /// The shop's own order store.
    pub(crate) fn orders(&self) -> PathBuf {
        self.folder.join("orders.db")
    }

    /// The sales ledger.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join("ledger.db")
    }

    /// Where the sales ledger is while it is taken away.
    pub(crate) fn ledger_away(&self) -> PathBuf {
        self.folder.join("ledger.db.away")
    }

    /// What the warehouse has reserved.
    pub(crate) fn stock(&self) -> PathBuf {
        self.folder.join("stock.txt")
    }

    /// The audit log.
    pub(crate) fn audit(&self) -> PathBuf {
        self.folder.join("audit.jsonl")
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if self.temporary {
            // Left behind at worst, in a folder for that.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
