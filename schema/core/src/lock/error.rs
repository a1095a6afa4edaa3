//! What can be wrong with a lock.

use std::io;

/// Why a lock could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Git left its marks in the file.
    #[error(
        "schema.lock has an unresolved merge conflict at line {line}; run \
         `cargo run --bin autogenerate -- \"merge\"`, which writes the file anew, or take either side of every conflict \
         (`git checkout --ours migrations/schema.lock`)"
    )]
    MergeConflict {
        /// The first mark's line, from 1.
        line: usize,
    },
    /// A line that can't be understood.
    #[error(
        "schema.lock, line {line}: {why}: `{text}`; the file is written by `autogenerate`: take it back from \
         git (`git checkout -- migrations/schema.lock`) and run `autogenerate` again"
    )]
    Line {
        /// The line's number, from 1.
        line: usize,
        /// The whole line.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is no `version = 1`.
    #[error(
        "schema.lock has no `version = {}` line; take the file back from git and run `autogenerate` again",
        super::VERSION
    )]
    NoVersion,
    /// A newer crate wrote it.
    #[error(
        "schema.lock is of version {found}, and this diesel-schema reads version {}; update diesel-schema in Cargo.toml",
        super::VERSION
    )]
    UnknownVersion {
        /// What stands in the file.
        found: String,
    },
    /// A table without its `primary_key` line.
    #[error(
        "schema.lock has no `primary_key` line for table `{table}`; take the file back from git and run \
         `autogenerate` again"
    )]
    NoPrimaryKey {
        /// The table.
        table: String,
    },
    /// The file can't be read or written.
    #[error("schema.lock: {error}; {next}", error = .0, next = next(.0))]
    Io(#[from] io::Error),
}

fn next(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "see who may read and write it and its folder (ls -ld)",
        io::ErrorKind::InvalidData => {
            "take the file back from git (`git checkout -- migrations/schema.lock`), or save it as UTF-8"
        }
        io::ErrorKind::IsADirectory => "it has to be a file: move that folder away",
        _ => "check that the folder exists and who may write there",
    }
}
