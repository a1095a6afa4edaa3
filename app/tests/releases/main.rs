//! A cycle of expand, deploy and contract while people use the application: no request fails.
//!
//! The release that is deployed is the application as it is: its `server`, `autogenerate` and `migrate`. The one before
//! it is the same source with other [`models`]: its users had a fax number, and its sessions might not say since when they
//! were. What has to do with them is compiled into this test once more, in which this file is in `lib.rs`'s place.

// What the library shows to others is used by this test only.
#![allow(unreachable_pub)]

mod auth;
mod before;
mod load;
mod models;
#[path = "../../src/routes/mod.rs"]
mod routes;
#[allow(dead_code, reason = "the other test asks more of a server")]
#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::process::Command;

use diesel_schema::prelude::schema;
use diesel_schema_tests::TestDatabase;
use recommendation_writer::{database, error, extract, state, validate};

use before::Before;
use load::Load;
use support::Server;

schema! {
    pub mod schema;
    models: [
        models::AppConfig,
        models::GithubProfile,
        models::Recommendation,
        models::Session,
        models::User,
    ],
    dialects: [postgres, sqlite],
}

/// Runs one of the application's binaries as a developer types it, and gives what it prints.
fn typed(program: &str, folder: &Path, database: &str, words: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(words).current_dir(folder).env("DATABASE_URL", database).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{words:?}: {said}{errors}");
    said.into_owned()
}

#[test]
fn no_request_fails_while_one_release_takes_the_place_of_another() {
    let database = TestDatabase::postgres();
    let folder = tempfile::tempdir().unwrap();
    let autogenerate = |words: &[&str]| typed(env!("CARGO_BIN_EXE_autogenerate"), folder.path(), database.url(), words);
    let migrate = |words: &[&str]| typed(env!("CARGO_BIN_EXE_migrate"), folder.path(), database.url(), words);
    before::migrations(folder.path());
    migrate(&["upgrade"]);

    let before = Before::start(database.url());
    let load = Load::on(before.address());
    load.runs_on();
    let written = autogenerate(&["--expand", "no more fax"]);
    assert!(written.contains("add column app_config.description") && !written.contains("data loss"), "{written}");
    assert!(written.contains("when it is gone, `autogenerate --contract NAME` will"), "{written}");
    migrate(&["upgrade"]);
    load.runs_on();

    // What upgrades its database is the line above, so that the server need not.
    let after = Server::spawn(support::command(database.url()).env("RUN_MIGRATIONS", "false"));
    load.goes_to(&[before.address(), after.address]);
    load.runs_on();
    load.goes_to(&[after.address]);
    let left = before.stop();
    load.runs_on();

    let written = autogenerate(&["--contract", "--allow-data-loss", "the release before is gone"]);
    assert!(written.contains("drop column users.fax") && written.contains("sessions.created_at"), "{written}");
    migrate(&["upgrade"]);
    load.runs_on();
    let (requests, failed) = load.end();
    assert!(failed.is_empty(), "{} of {requests} requests failed, of them {:?}", failed.len(), &failed[..1]);
    assert!(autogenerate(&["nothing"]).contains("no changes"));

    // What it waited for: the release of before can't go on now.
    let before = left.start_again();
    assert!(load::register(before.address(), "late").is_err(), "the column is gone");
}
