//! Up to a target and down to one, while another process does the opposite.

use std::time::Duration;

use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::{self, Options, Runner, UpgradeError};
use diesel_schema_core::revision;
use diesel_schema_core::revision::graph::Selector;

use crate::support::{Pg, Sqlite, set_of, write};

const DEADLINE: Duration = Duration::from_secs(5);

/// `1`, `2` outside a transaction, `3`: none of them does anything.
fn folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, in_transaction, parents) in [("1_a", "true", &[][..]), ("2_b", "false", &["1"]), ("3_c", "true", &["2"])]
    {
        write(root.path(), name, "SELECT 1;", in_transaction, parents);
        std::fs::write(root.path().join(name).join("down.sql"), "SELECT 1;").unwrap();
    }
    root
}

/// Each revision is run only where, inside the lock, what it needs is still applied, or what needs it still is not.
fn against_the_stream(dialect: Dialect, connection: &mut dyn SqlConnection, other: &mut dyn SqlConnection) {
    let root = folder();
    let revisions = revision::read(root.path()).unwrap();
    let set = set_of(dialect, &revisions);
    let options = Options { lock_deadline: DEADLINE, ..Options::default() };
    let mut seen = Vec::new();
    let heads = Runner::new(connection, &|| None, &set, &options).upgrade_to(&mut vec![Selector::heads()], &mut |it| {
        seen.push(it.id.clone());
        // Another process undoes it at once, the first time.
        if seen.iter().filter(|id| **id == it.id).count() == 1 && it.id != "3" {
            other.batch(&format!("DELETE FROM __diesel_schema_migrations WHERE version = '{}'", it.id)).unwrap();
        }
    });
    assert_eq!((heads.unwrap(), seen), (vec!["3".to_owned()], ["1", "1", "2", "2", "3"].map(str::to_owned).to_vec()));

    let ids = upgrade::to_undo(connection, &set, &Selector::base()).unwrap();
    let mut seen = Vec::new();
    let heads = Runner::new(connection, &|| None, &set, &options).downgrade(&ids, &mut |it| {
        seen.push(it.id.clone());
        if seen.iter().filter(|id| **id == it.id).count() == 1 && it.id != "1" {
            other.batch(&format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{}')", it.id)).unwrap();
        }
    });
    assert_eq!((heads.unwrap(), seen), (Vec::new(), ["3", "3", "2", "2", "1"].map(str::to_owned).to_vec()));
}

#[test]
fn nothing_is_run_on_what_another_process_changed_on_sqlite() {
    let database = Sqlite::new();
    against_the_stream(Dialect::Sqlite, &mut database.connect(), &mut database.connect());
}

#[test]
fn nothing_is_run_on_what_another_process_changed_on_postgres() {
    let database = Pg::new("stream");
    against_the_stream(Dialect::Postgres, &mut database.connect(), &mut database.connect());
}

#[test]
fn what_nobody_agreed_to_is_not_undone() {
    let (root, database) = (folder(), Sqlite::new());
    let revisions = revision::read(root.path()).unwrap();
    let set = set_of(Dialect::Sqlite, &revisions);
    let connection: &mut dyn SqlConnection = &mut database.connect();
    upgrade::run(connection, &|| None, &set, DEADLINE).unwrap();
    let ids = ["2".to_owned()];
    let options = Options::default();
    let error = Runner::new(connection, &|| None, &set, &options).downgrade(&ids, &mut |_| ()).unwrap_err();
    assert!(matches!(&error, UpgradeError::Changed(new) if *new == ["3"]), "{error}");
    assert_eq!(upgrade::applied(connection).unwrap().unwrap().len(), 3);
}
