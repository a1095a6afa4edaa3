//! The same revisions as files, for psql.

use std::path::PathBuf;
use std::process::Command;

use diesel_schema::upgrade::{Options, upgrade_connection};
use diesel_schema_tests::TestDatabase;

use crate::clock;
use crate::revisions::Revisions;

/// Files in a folder that goes with the value.
pub(crate) struct Scripts {
    _folder: tempfile::TempDir,
    files: Vec<PathBuf>,
}

impl Scripts {
    pub(crate) fn new(sql: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |(number, sql): (usize, &&str)| {
            let path = folder.path().join(format!("{number}.sql"));
            std::fs::write(&path, sql).expect("it can be written");
            path
        };
        let files = sql.iter().enumerate().map(write).collect();
        Self { _folder: folder, files }
    }

    /// Runs each in a transaction and a process of its own, and then all of them as `upgrade` does.
    pub(crate) fn compare(&self, revisions: &Revisions) -> String {
        let by_psql = TestDatabase::postgres();
        let psql = clock(|| {
            for file in &self.files {
                let mut psql = Command::new("psql");
                psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "-1", "-f"])
                    .arg(file)
                    .arg(by_psql.url());
                assert!(psql.status().expect("psql is installed").success(), "{}", file.display());
            }
        });
        let by_us = TestDatabase::postgres();
        let mut connection = by_us.connect();
        let ours = clock(|| {
            upgrade_connection(&mut connection, &revisions.ours(), Options::default()).expect("it applies them");
        });
        format!("postgres: apply is {:.2} of psql -1 for each file", ours.as_secs_f64() / psql.as_secs_f64())
    }
}
