//! What runs before anything is applied.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::{self, BeforeUpgrade, Options, UpgradeError, upgrade, upgrade_connection};

use crate::embed::MIGRATIONS;
use crate::support::{Pg, Sqlite};

fn with(hook: BeforeUpgrade) -> Options {
    Options { before_upgrade: Some(hook), retries: Vec::new(), ..Options::default() }
}

/// A hook that counts how often it runs.
fn counting() -> (Arc<AtomicUsize>, BeforeUpgrade) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let hook = BeforeUpgrade::call(move |pending| {
        assert_eq!(pending.revisions, ["9", "1"]);
        counted.fetch_add(1, Ordering::SeqCst);
        // The others come meanwhile.
        std::thread::sleep(Duration::from_millis(300));
        Ok(())
    });
    (count, hook)
}

#[test]
fn many_replicas_run_it_once_and_only_where_something_is_pending() {
    for connections in [1, 3] {
        let pg = Pg::new("once");
        let (count, hook) = counting();
        let applied: usize = std::thread::scope(|scope| {
            let replica = || {
                let manager = ConnectionManager::<PgConnection>::new(pg.url());
                let pool = Pool::builder().max_size(connections).build_unchecked(manager);
                upgrade(&pool, &MIGRATIONS, with(hook.clone())).unwrap().applied.len()
            };
            let replicas: Vec<_> = (0..4).map(|_| scope.spawn(replica)).collect();
            replicas.into_iter().map(|replica| replica.join().unwrap()).sum()
        });
        assert_eq!((applied, count.load(Ordering::SeqCst)), (2, 1), "{connections} connections");
        let report = upgrade_connection(&mut pg.connect(), &MIGRATIONS, with(hook)).unwrap();
        assert_eq!((report.already_at_head, count.load(Ordering::SeqCst)), (true, 1));
        let locks = format!(
            "SELECT pid::text FROM pg_locks JOIN pg_database ON database = pg_database.oid \
             WHERE locktype = 'advisory' AND datname = '{}'",
            pg.name
        );
        assert!(pg.connect().rows(&locks).unwrap().is_empty());
    }
}

#[test]
fn one_that_fails_stops_the_upgrade_with_its_own_words() {
    let (pg, sqlite) = (Pg::new("fails"), Sqlite::new());
    let hook = || with(BeforeUpgrade::call(|_| Err("the disk is full".into())));
    let say = |error: UpgradeError| {
        assert!(matches!(error, UpgradeError::Before(_)) && !error.is_transient());
        let text = error.to_string();
        assert_eq!(text, "before_upgrade failed: the disk is full; nothing was applied: mend it and start again");
    };
    say(upgrade_connection(&mut pg.connect(), &MIGRATIONS, hook()).unwrap_err());
    say(upgrade_connection(&mut sqlite.connect(), &MIGRATIONS, hook()).unwrap_err());
    assert_eq!(upgrade::applied(&mut pg.connect()).unwrap(), None);
    assert_eq!(upgrade::applied(&mut sqlite.connect()).unwrap(), None);
}

/// The only file of a folder.
fn only(folder: &std::path::Path) -> std::path::PathBuf {
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn an_sqlite_file_is_copied_with_its_rows_and_without_the_revisions() {
    let (sqlite, folder) = (Sqlite::new(), tempfile::tempdir().unwrap());
    let backups = folder.path().join("it's here");
    let mut connection = sqlite.connect();
    connection.batch("PRAGMA journal_mode = WAL; CREATE TABLE kept (a); INSERT INTO kept VALUES (7)").unwrap();
    let hook = BeforeUpgrade::copy_sqlite(sqlite.url(), &backups);
    assert_eq!(upgrade_connection(&mut connection, &MIGRATIONS, with(hook)).unwrap().applied.len(), 2);
    let mut copy = SqliteConnection::establish(only(&backups).to_str().unwrap()).unwrap();
    assert_eq!(copy.rows("SELECT a FROM kept").unwrap(), [[Some("7".to_owned())]]);
    assert!(copy.rows("SELECT * FROM first").is_err());
}

#[test]
fn pg_dump_writes_a_dump_or_says_why_not() {
    let (pg, folder) = (Pg::new("dump"), tempfile::tempdir().unwrap());
    pg.connect().batch("CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)").unwrap();
    let missing = BeforeUpgrade::pg_dump_with("/no/such/pg_dump", pg.url(), folder.path());
    let text = upgrade_connection(&mut pg.connect(), &MIGRATIONS, with(missing)).unwrap_err().to_string();
    assert!(text.contains("/no/such/pg_dump can't be run"), "{text}");
    let nowhere = BeforeUpgrade::pg_dump(format!("{}_none", pg.url()), folder.path());
    let text = upgrade_connection(&mut pg.connect(), &MIGRATIONS, with(nowhere)).unwrap_err().to_string();
    assert!(text.contains("pg_dump ended with exit status: 1") && text.contains("_none"), "{text}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let hook = BeforeUpgrade::pg_dump(pg.url(), folder.path());
    assert_eq!(upgrade_connection(&mut pg.connect(), &MIGRATIONS, with(hook)).unwrap().applied.len(), 2);
    let dump = std::fs::read(only(folder.path())).unwrap();
    assert!(dump.starts_with(b"PGDMP"));
    let list = std::process::Command::new("pg_restore").arg("--list").arg(only(folder.path())).output().unwrap();
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(list.contains("TABLE public kept") && !list.contains("public first"), "{list}");
}
