//! What stock Diesel trips over.

use diesel_schema::Dialect;
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::upgrade::{self, RevisionSet};
use diesel_schema_core::embedded::{EmbeddedDialect, EmbeddedRevision};
use diesel_schema_core::revision;

use crate::DEADLINE;
use crate::support::{Pg, Sqlite, set_of, write};

#[test]
fn the_graph_orders_and_a_file_of_comments_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "6bdfb470e813_users", "CREATE TABLE users (id int);", "true", &[]);
    write(folder.path(), "20251010122401_bio", "ALTER TABLE users ADD COLUMN bio text;", "true", &["6bdfb470e813"]);
    write(folder.path(), "20251010122402_none", "-- nothing yet", "true", &["20251010122401"]);
    let revisions = revision::read(folder.path()).unwrap();
    let (pg, sqlite) = (Pg::new("order"), Sqlite::new());
    let (mut on_pg, mut on_sqlite) = (pg.connect(), sqlite.connect());
    for connection in [&mut on_pg as &mut dyn SqlConnection, &mut on_sqlite] {
        let set = set_of(connection.dialect(), &revisions);
        let done = upgrade::run(connection, &|| None, &set, DEADLINE).unwrap();
        let ids: Vec<_> = done.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["6bdfb470e813", "20251010122401", "20251010122402"]);
    }
}

/// Some editors begin a file with it.
#[test]
fn a_byte_order_mark_is_no_word_of_the_file() {
    static BAKED: [EmbeddedRevision; 1] = [EmbeddedRevision {
        id: "0",
        slug: "baked",
        folder: "0_baked",
        down_revision: &[],
        depends_on: &[],
        branch_labels: &[],
        replaces: &[],
        up: "\u{feff}CREATE TABLE baked (id int);",
        down: Some("\u{feff}DROP TABLE baked;"),
        irreversible: false,
        run_in_transaction: true,
        checksum: "",
    }];
    let pg = Pg::new("mark");
    let mut connection = pg.connect();
    let baked = EmbeddedDialect { dialect: Dialect::Postgres, revisions: &BAKED, heads: &["0"] };
    upgrade::run(&mut connection, &|| None, &RevisionSet::from(&baked), DEADLINE).unwrap();
    connection.batch("DELETE FROM __diesel_schema_migrations").unwrap();
    for run_in_transaction in ["true", "false"] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "1_a", "\u{feff}SELECT 1;\nSELEC 2;", run_in_transaction, &[]);
        let mut run = || {
            let revisions = revision::read(folder.path()).unwrap();
            upgrade::run(&mut connection, &|| None, &set_of(Dialect::Postgres, &revisions), DEADLINE)
        };
        let error = run().unwrap_err().to_string();
        assert!(error.contains("up.sql:2:1: syntax error at or near \"SELEC\""), "{error}");
        std::fs::write(folder.path().join("1_a/up.sql"), "\u{feff}SELECT 1;\nSELECT 2;").unwrap();
        assert_eq!(run().unwrap().len(), 1);
        connection.batch("DELETE FROM __diesel_schema_migrations").unwrap();
    }
}

/// Between the parentheses, `;` ends no statement.
#[test]
fn a_rule_of_several_statements_is_one_outside_a_transaction_too() {
    let folder = tempfile::tempdir().unwrap();
    let rule = "CREATE TABLE t (a int);\nCREATE TABLE u (a int);\nCREATE RULE r AS ON INSERT TO t DO ALSO (\n\
                INSERT INTO u VALUES (NEW.a);\nINSERT INTO u VALUES (2);\n);\nINSERT INTO t VALUES (1);";
    write(folder.path(), "1_a", rule, "false", &[]);
    write(folder.path(), "2_b", "SELECT 1;\nCREATE TABLE v (a int;\nSELECT 2;", "false", &["1"]);
    let revisions = revision::read(folder.path()).unwrap();
    let pg = Pg::new("rule");
    let mut connection = pg.connect();
    let error = upgrade::run(&mut connection, &|| None, &set_of(Dialect::Postgres, &revisions), DEADLINE).unwrap_err();
    assert!(error.to_string().contains("up.sql:2:22: syntax error at"), "{error}");
    assert_eq!(connection.rows("SELECT count(*)::text FROM u").unwrap(), [[Some("2".to_owned())]]);
}

#[test]
fn concurrently_is_sent_alone_and_waiters_do_not_block_it() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "1_a",
        "CREATE TABLE a (id int); INSERT INTO a SELECT generate_series(1, 200000);",
        "true",
        &[],
    );
    let index = "CREATE INDEX CONCURRENTLY a_id ON a (id);\nCREATE INDEX CONCURRENTLY a_id2 ON a (id);";
    write(folder.path(), "2_b", index, "false", &["1"]);
    let revisions = revision::read(folder.path()).unwrap();
    let pg = Pg::new("cic");
    let total: usize = std::thread::scope(|scope| {
        let start = || {
            let mut connection = pg.connect();
            let more = || Some(Box::new(pg.connect()) as Box<dyn AsSqlConnection>);
            upgrade::run(&mut connection, &more, &set_of(Dialect::Postgres, &revisions), DEADLINE).unwrap().len()
        };
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(total, 2);
    let valid = pg.connect().rows("SELECT count(*)::text FROM pg_index WHERE indisvalid AND indrelid = 'a'::regclass");
    assert_eq!(valid.unwrap(), [[Some("2".to_owned())]]);
}

#[test]
fn one_connection_suffices_outside_a_transaction() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY a_id ON a (id);", "false", &[]);
    let revisions = revision::read(folder.path()).unwrap();
    let pg = Pg::new("alone");
    let mut connection = pg.connect();
    let set = set_of(Dialect::Postgres, &revisions);
    assert_eq!(upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap().len(), 1);
    let locks = connection.rows("SELECT 1::text FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()");
    assert!(locks.unwrap().is_empty());
}

#[test]
fn a_rebuild_that_fails_leaves_no_setting_behind() {
    let sqlite = Sqlite::new();
    let mut connection = sqlite.connect();
    let folder = tempfile::tempdir().unwrap();
    let up = "PRAGMA foreign_keys = OFF;\nBEGIN;\nPRAGMA legacy_alter_table = ON;\nSELECT * FROM missing;\nCOMMIT;";
    write(folder.path(), "1_a", up, "false", &[]);
    let revisions = revision::read(folder.path()).unwrap();
    connection.batch("PRAGMA foreign_keys = ON").unwrap();
    let run = upgrade::run(&mut connection, &|| None, &set_of(Dialect::Sqlite, &revisions), DEADLINE);
    let text = run.unwrap_err().to_string();
    assert!(text.contains("no such table: missing"), "{text}");
    let settings = ["legacy_alter_table", "foreign_keys"].map(|name| {
        connection.rows(&format!("PRAGMA {name}")).unwrap().into_iter().flatten().flatten().next().unwrap()
    });
    assert_eq!(settings, ["0", "1"]);
}

#[test]
fn a_transaction_of_its_own_is_refused_where_ours_is() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "CREATE TABLE a (id int);\n COMMIT;\nCREATE TABLE b (id int);", "true", &[]);
    let revisions = revision::read(folder.path()).unwrap();
    let (pg, sqlite) = (Pg::new("own"), Sqlite::new());
    let (mut on_pg, mut on_sqlite) = (pg.connect(), sqlite.connect());
    for connection in [&mut on_pg as &mut dyn SqlConnection, &mut on_sqlite] {
        let set = set_of(connection.dialect(), &revisions);
        let text = upgrade::run(connection, &|| None, &set, DEADLINE).unwrap_err().to_string();
        assert!(text.contains("up.sql:2:2: it begins or ends a transaction itself"), "{text}");
        assert!(connection.rows("SELECT * FROM a").is_err());
    }
}

#[test]
fn rows_that_psql_would_send_are_refused() {
    let pg = Pg::new("copy");
    let mut connection = pg.connect();
    connection.batch("CREATE TABLE t (id int, stdin text)").unwrap();
    for run_in_transaction in ["true", "false"] {
        let folder = tempfile::tempdir().unwrap();
        let up = "CREATE TABLE a (id int);\nCOPY t (id, stdin)\n FROM stdin;\n1\tx\n\\.\n";
        write(folder.path(), "1_a", up, run_in_transaction, &[]);
        let revisions = revision::read(folder.path()).unwrap();
        let set = set_of(Dialect::Postgres, &revisions);
        let text = upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap_err().to_string();
        assert!(text.contains("up.sql:2:1: COPY .. FROM STDIN") && text.contains("INSERT"), "{text}");
        assert!(connection.rows("SELECT * FROM a").is_err());
    }
    let folder = tempfile::tempdir().unwrap();
    let up = "-- no COPY .. FROM stdin\nINSERT INTO t SELECT 1, stdin FROM (VALUES ('FROM STDIN')) AS v (stdin)";
    write(folder.path(), "1_a", up, "true", &[]);
    let revisions = revision::read(folder.path()).unwrap();
    let set = set_of(Dialect::Postgres, &revisions);
    assert_eq!(upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap().len(), 1);
}

#[test]
fn a_rebuild_keeps_the_children_and_the_setting_and_fails_whole() {
    let rebuild = |last: &str| {
        format!(
            "PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\nCREATE TABLE new_p (id INTEGER PRIMARY KEY, x TEXT);
             INSERT INTO new_p (id) SELECT id FROM p; DROP TABLE p; ALTER TABLE new_p RENAME TO p;\n{last}
             PRAGMA foreign_key_check;\nCOMMIT;\nPRAGMA foreign_keys = ON;"
        )
    };
    let tables = "CREATE TABLE p (id INTEGER PRIMARY KEY);
        CREATE TABLE c (p INTEGER REFERENCES p (id) ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);";
    for (last, good) in [("", true), ("SELEC 1;", false), ("DELETE FROM p;", false)] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "1_a", tables, "true", &[]);
        write(folder.path(), "2_b", &rebuild(last), "false", &["1"]);
        let revisions = revision::read(folder.path()).unwrap();
        let sqlite = Sqlite::new();
        let mut connection = sqlite.connect();
        connection.batch("PRAGMA foreign_keys = ON").unwrap();
        let set = set_of(Dialect::Sqlite, &revisions);
        let result = upgrade::run(&mut connection, &|| None, &set, DEADLINE);
        assert_eq!(result.is_ok(), good, "{result:?}");
        let mut one = |sql: &str| connection.rows(sql).unwrap().into_iter().flatten().flatten().collect::<Vec<_>>();
        assert_eq!(one("SELECT count(*) FROM c"), ["1"]);
        assert_eq!(one("PRAGMA foreign_keys"), ["1"]);
        assert_eq!(one("SELECT count(*) FROM pragma_table_info('p')"), [if good { "2" } else { "1" }]);
        assert_eq!(one("SELECT count(*) FROM __diesel_schema_migrations"), [if good { "2" } else { "1" }]);
    }
}

#[test]
fn what_a_revision_sets_ends_with_it() {
    let sets = "SET search_path = ''; SET lock_timeout = '1s'; SET TIME ZONE 'Asia/Tokyo'; RESET application_name;\n";
    for transaction in ["true", "false"] {
        let folder = tempfile::tempdir().unwrap();
        let up = format!("{sets}SET ROLE pg_monitor; RESET ROLE; CREATE TABLE public.a (id int);\n");
        write(folder.path(), "1_a", &up, transaction, &[]);
        write(folder.path(), "2_b", "CREATE TABLE b (id int);", "true", &["1"]);
        write(folder.path(), "3_c", &format!("{sets}SELECT 1 FROM b;"), transaction, &["2"]);
        let revisions = revision::read(folder.path()).unwrap();
        let pg = Pg::new("settings");
        let mut connection = pg.connect();
        connection
            .batch("SET application_name = 'the application'; SET work_mem = '5MB'; SET ROLE pg_monitor; RESET ROLE")
            .unwrap();
        let settings = |connection: &mut dyn SqlConnection| {
            let names = ["search_path", "lock_timeout", "TimeZone", "application_name", "work_mem", "role"];
            names.map(|name| connection.rows(&format!("SELECT current_setting('{name}')")).unwrap())
        };
        let before = settings(&mut connection);
        let set = set_of(Dialect::Postgres, &revisions);
        // The third one can't find its table any longer.
        let text = upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap_err().to_string();
        assert!(text.contains("3_c/up.sql:2:"), "{text}");
        assert_eq!(upgrade::applied(&mut connection).unwrap().unwrap(), ["1", "2"]);
        assert_eq!(settings(&mut connection), before, "run_in_transaction = {transaction}");
    }
}
