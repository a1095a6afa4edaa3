//! The same on a server.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use crate::support::Session;

/// A database of its own, dropped at the end.
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    pub(crate) fn new(name: &str) -> Self {
        let server = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
        let name = format!("migrate_{name}_{}", std::process::id());
        let mut connection = PgConnection::establish(&server).unwrap();
        connection.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Self { server, name }
    }

    pub(crate) fn url(&self) -> String {
        let (front, _) = self.server.rsplit_once('/').unwrap();
        format!("{front}/{}", self.name)
    }

    pub(crate) fn session(&self) -> Session {
        let mut session = Session::new("postgres", Some(&self.url()));
        session.hide(&self.name, "[database]");
        let metadata = |parents: &str| format!("down_revision = [{parents}]");
        let (up, down) = ("CREATE TABLE users (id int PRIMARY KEY);", "DROP TABLE users;");
        session.revision("1_users", up, down, Some(&metadata("")));
        let (up, down) = ("ALTER TABLE users ADD COLUMN name text; -- $$", "ALTER TABLE users DROP COLUMN name;");
        session.revision("2_names", up, down, Some(&metadata("\"1\"")));
        let (up, down) =
            ("CREATE INDEX CONCURRENTLY users_name ON users (name);", "DROP INDEX CONCURRENTLY users_name");
        session.revision("3_index", up, down, None);
        let folder = session.root().join("migrations/3_index/metadata.toml");
        std::fs::write(folder, "run_in_transaction = false\ndown_revision = [\"2\"]\n").unwrap();
        session
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut connection) = PgConnection::establish(&self.server) {
            let _ = connection.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

/// A role of its own, dropped at the end: it has to outlive the databases that name it.
pub(crate) struct Role(pub(crate) String);

impl Role {
    pub(crate) fn new(name: &str) -> Self {
        let role = Self(format!("migrate_{name}_{}", std::process::id()));
        Self::server().batch_execute(&format!("CREATE ROLE {}", role.0)).unwrap();
        role
    }

    fn server() -> PgConnection {
        let server = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
        PgConnection::establish(&server).unwrap()
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let _ = Self::server().batch_execute(&format!("DROP ROLE {}", self.0));
    }
}

pub(crate) fn travel() {
    let database = Database::new("travel");
    let mut session = database.session();
    session.migrate(&["current"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["downgrade", "-2", "--yes"]);
    session.migrate(&["history"]);
    session.migrate(&["stamp", "head"]);
    let mut connection = PgConnection::establish(&database.url()).unwrap();
    connection.batch_execute("DELETE FROM __diesel_schema_migrations WHERE version < '3'").unwrap();
    session.note("only the row of 3 is left, and there is no index");
    session.migrate(&["downgrade", "-1", "--yes"]);
    session.migrate(&["stamp", "--purge", "1"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["check"]);
    insta::assert_snapshot!(session.text);
}

/// The server ends the connection in the middle of it, once.
pub(crate) fn a_way_back_that_is_cut_off() {
    let database = Database::new("cut");
    let mut session = database.session();
    let mut connection = PgConnection::establish(&database.url()).unwrap();
    connection.batch_execute("CREATE SEQUENCE tries").unwrap();
    let down =
        "DO $$ BEGIN IF nextval('tries') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$;";
    session.revision("4_cut", "SELECT 1;", down, Some("down_revision = [\"3\"]"));
    session.migrate(&["upgrade", "--json"]);
    let output = session.output(&["downgrade", "2", "--yes"]);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.contains("note: tried again in ") && text.ends_with(" s\n"), "{text}");
    let lines = ["undone migrations/4_cut\n", "undone migrations/3_index\n", "applied up to 2\n"];
    assert!(text.starts_with(&lines.concat()), "{text}");
}

pub(crate) fn psql_runs_scripts() {
    let database = Database::new("script");
    let mut session = database.session();
    let url = database.url();
    for words in [&["upgrade", ":", "--sql"][..], &["downgrade", "head:1", "--sql"], &["stamp", "1:3", "--sql"]] {
        session.migrate(words);
        let script = session.output(words).stdout;
        session.pipe("psql", &["--no-psqlrc", "--quiet", &url], &script);
        session.migrate(&["current"]);
    }
    session.migrate(&["history", "-v"]);
    let file = session.root().join("migrations/2_names/up.sql");
    std::fs::write(file, "ALTER TABLE users ADD COLUMN name varchar;").unwrap();
    session.note("2_names/up.sql was edited");
    session.migrate(&["upgrade", "2"]);
    session.migrate(&["check"]);
    insta::assert_snapshot!(session.text);
}

/// Neither may whoever runs a script always create tables, nor write the history.
pub(crate) fn scripts_need_no_more_than_their_own_table() {
    let database = Database::new("little");
    let role = format!("little_{}", std::process::id());
    let mut connection = PgConnection::establish(&database.url()).unwrap();
    let table = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
                 run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";
    let grants = format!(
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC; {table}; CREATE TABLE users (id int); CREATE ROLE {role} LOGIN; \
         GRANT SELECT, INSERT, DELETE ON __diesel_schema_migrations, users TO {role}"
    );
    connection.batch_execute(&grants).unwrap();
    let mut session = Session::new("postgres", Some(&database.url()));
    session.revision("1_rows", "INSERT INTO users VALUES (1);", "DELETE FROM users;", Some("down_revision = []"));
    session.revision("2_rows", "INSERT INTO users VALUES (2);", "DELETE FROM users;", Some("down_revision = [\"1\"]"));
    let metadata = session.root().join("migrations/2_rows/metadata.toml");
    std::fs::write(metadata, "run_in_transaction = false\ndown_revision = [\"1\"]\n").unwrap();
    let as_role = format!("SET ROLE {role};\n").into_bytes();
    let words = ["--no-psqlrc", "--quiet", &database.url()];
    let run = |session: &mut Session, typed: &[&str]| {
        session.note(&typed.join(" "));
        let script = [as_role.clone(), session.output(typed).stdout].concat();
        session.pipe("psql", &words, &script);
        session.migrate(&["current"]);
    };
    run(&mut session, &["upgrade", ":", "--sql"]);
    run(&mut session, &["downgrade", "head:base", "--sql"]);
    run(&mut session, &["stamp", ":1", "--sql"]);
    session.migrate(&["history", "-v"]);
    session.note("there is a history now, which the role may not write");
    session.migrate(&["stamp", "2"]);
    run(&mut session, &["downgrade", "2:1", "--sql"]);
    session.migrate(&["history", "-v"]);
    connection.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
    insta::assert_snapshot!(session.text);
}

/// A revision outside a transaction that did not end: its file as it is now, and what is known of it.
pub(crate) fn unfinished() {
    let database = Database::new("unfinished");
    let mut session = Session::new("postgres", Some(&database.url()));
    let revision = |up: &str, session: &Session| {
        session.revision("1_outside", up, "DROP TABLE a;", None);
        let metadata = session.root().join("migrations/1_outside/metadata.toml");
        std::fs::write(metadata, "run_in_transaction = false\n").unwrap();
    };
    revision("CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY i ON a (nothing);", &session);
    session.migrate(&["upgrade"]);
    revision("CREATE TABLE a (id bigint);\nCREATE INDEX CONCURRENTLY i ON a (id);", &session);
    session.note("both statements were mended, of which the first one is done");
    session.migrate(&["upgrade"]);
    session.migrate(&["repair", "1", "--json"]);
    revision("CREATE TABLE a (id int8);\nCREATE INDEX CONCURRENTLY i ON a (id);", &session);
    session.migrate(&["repair", "1"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["repair", "1"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    revision("CREATE TABLE a (id int);\nSELECT 1 / 0;\nCREATE TABLE b (id int);", &session);
    session.migrate(&["upgrade"]);
    session.note("stamped by a script, undone by another one");
    for words in [["stamp", ":1", "--sql"], ["downgrade", "1:base", "--sql"]] {
        let script = session.output(&words).stdout;
        session.pipe("psql", &["--no-psqlrc", "--quiet", &database.url()], &script);
    }
    revision("CREATE TABLE a (id int);\nCREATE TABLE b (id int);", &session);
    session.note("nothing of it is taken for done");
    session.migrate(&["upgrade"]);
    insta::assert_snapshot!(session.text);
}

/// A script is one session: what a file sets must not reach its own row, nor the next file.
pub(crate) fn scripts_end_what_a_file_sets() {
    let database = Database::new("sets");
    let mut session = Session::new("postgres", Some(&database.url()));
    for (name, up, parents) in [
        ("1_in", "SET search_path = ''; CREATE TABLE public.a (id int);", "true\ndown_revision = []"),
        ("2_out", "SET search_path = ''; CREATE TABLE public.b (id int);", "false\ndown_revision = [\"1\"]"),
        ("3_after", "CREATE TABLE c (id int);", "true\ndown_revision = [\"2\"]"),
        (
            "4_own",
            "-- its own\nBEGIN; -- two\nCREATE TABLE d AS SELECT current_setting('lock_' || 'timeout') t;\nCOMMIT; SELECT 1;\n\
             BEGIN;\nCREATE TABLE e AS SELECT current_setting('lock_' || 'timeout') t;\nCOMMIT",
            "false\ndown_revision = [\"3\"]",
        ),
    ] {
        session.revision(name, up, "SELECT 1;", Some(&format!("run_in_transaction = {parents}")));
        let metadata = session.root().join("migrations").join(name).join("metadata.toml");
        std::fs::write(metadata, format!("run_in_transaction = {parents}\n")).unwrap();
    }
    let script = session.output(&["upgrade", ":", "--sql"]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", &database.url()], &script);
    let mut connection = PgConnection::establish(&database.url()).unwrap();
    let tables = "DO $$ BEGIN PERFORM 1 / (count(*) / 13)::int FROM (SELECT version FROM __diesel_schema_migrations \
                  UNION ALL SELECT revision FROM __diesel_schema_history WHERE started <= finished \
                  UNION ALL SELECT relname FROM pg_class WHERE oid IN ('public.a'::regclass, 'public.b'::regclass, \
                  'public.c'::regclass) UNION ALL (SELECT t FROM d UNION ALL SELECT t FROM e) EXCEPT ALL SELECT '0') \
                  AS all_of_them; END $$";
    connection.batch_execute(tables).unwrap_or_else(|error| panic!("{error}\n{}", session.text));
}

/// Downgrades and stamps wait for whoever holds the upgrade's lock, and say so.
pub(crate) fn a_busy_lock() {
    let database = Database::new("busy");
    let mut session = database.session();
    session.migrate(&["upgrade", "2", "--json"]);
    let mut holder = PgConnection::establish(&database.url()).unwrap();
    // `diesel-s`, as bytes.
    holder.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(7235425822644645235)").unwrap();
    session.migrate(&["downgrade", "1", "--yes"]);
    session.migrate(&["stamp", "1"]);
    session.migrate(&["upgrade"]);
    holder.batch_execute("ROLLBACK").unwrap();
    session.migrate(&["downgrade", "1", "--yes"]);
    insta::assert_snapshot!(session.text);
}
