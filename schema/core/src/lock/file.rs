//! The lock on disk.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Lock, LockError};

impl Lock {
    /// Reads and parses the file.
    ///
    /// # Errors
    /// When it can't be read, or as [`Lock::parse`].
    pub fn read(path: &Path) -> Result<Self, LockError> {
        Self::parse(&fs_err::read_to_string(path)?)
    }

    /// As [`Lock::read`], of a file in which git's conflict marks may stand.
    ///
    /// # Errors
    /// When it can't be read, or as [`Lock::parse_conflicted`].
    pub fn read_conflicted(path: &Path) -> Result<Self, LockError> {
        Self::parse_conflicted(&fs_err::read_to_string(path)?)
    }

    /// Writes the file all or nothing: into a new file beside it that then takes its name.
    ///
    /// # Errors
    /// When the folder does not exist or can't be written; the old file then stands as it was.
    pub fn write(&self, path: &Path) -> Result<(), LockError> {
        let beside = beside(path);
        let done = write_synced(&beside, &self.to_string()).and_then(|()| fs_err::rename(&beside, path));
        if done.is_err() {
            // The first error is the one worth telling.
            let _ = fs_err::remove_file(&beside);
        }
        Ok(done?)
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

fn write_synced(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs_err::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
