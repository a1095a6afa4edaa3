//! The same revisions as files, for psql.

use std::path::PathBuf;
use std::process::Command;

/// Files in a folder that goes with the value.
pub(crate) struct Scripts {
    _folder: tempfile::TempDir,
    files: Vec<PathBuf>,
    url: String,
}

impl Scripts {
    pub(crate) fn new(sql: &[&str], url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |(number, sql): (usize, &&str)| {
            let path = folder.path().join(format!("{number}.sql"));
            std::fs::write(&path, sql).expect("it can be written");
            path
        };
        let files = sql.iter().enumerate().map(write).collect();
        Self { _folder: folder, files, url: url.to_owned() }
    }

    /// Runs each in a transaction and a process of its own.
    pub(crate) fn run(&self) {
        for file in &self.files {
            let mut psql = Command::new("psql");
            psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "-1", "-f"]).arg(file).arg(&self.url);
            assert!(psql.status().expect("psql is installed").success(), "{}", file.display());
        }
    }
}
