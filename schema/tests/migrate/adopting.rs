//! `adopt`, on the tables that the other tools make.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection};

use crate::postgres::Database;
use crate::support::{Session, chain, fork};

/// As Alembic makes it.
const ALEMBIC: &str = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, \
     CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));";

/// As refinery makes it.
const REFINERY: &str = "CREATE TABLE refinery_schema_history (version INT4 PRIMARY KEY, name VARCHAR(255), \
     applied_on VARCHAR(255), checksum VARCHAR(255));";

/// As sqlx makes it, but for the types of its dialects.
fn sqlx(time: &str, bytes: &str) -> String {
    format!(
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on {time} NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum {bytes} NOT NULL, \
         execution_time BIGINT NOT NULL);"
    )
}

fn sqlite(session: &Session, file: &str, sql: &str) {
    let path = session.root().join(file).display().to_string();
    SqliteConnection::establish(&path).unwrap().batch_execute(sql).unwrap();
}

pub(crate) fn on_sqlite() {
    let mut session = fork();
    sqlite(&session, "app.db", &format!("{ALEMBIC} INSERT INTO alembic_version VALUES ('2'), ('3');"));
    session.migrate(&["adopt"]);
    session.migrate(&["current"]);
    session.migrate(&["adopt", "--yes"]);
    session.migrate(&["current"]);
    session.migrate(&["adopt", "--json"]);
    let path = session.root().join("app.db").display().to_string();
    let mut connection = SqliteConnection::establish(&path).unwrap();
    let rows = diesel::sql_query("UPDATE alembic_version SET version_num = version_num").execute(&mut connection);
    assert_eq!(rows, Ok(2), "its own table stays");

    let mut session = chain().after(session.text);
    let rows = "INSERT INTO _sqlx_migrations VALUES (1, 'users', 0, TRUE, x'00', 1), (2, 'names', 0, TRUE, x'00', 1);";
    sqlite(&session, "app.db", &(sqlx("TIMESTAMP", "BLOB") + rows));
    session.migrate(&["adopt", "--yes", "--json"]);
    let rows =
        "INSERT INTO refinery_schema_history VALUES (1, 'users', '', ''), (2, 'names', '', ''), (3, 'index', '', '');";
    sqlite(&session, "other.db", &format!("{REFINERY} {rows}"));
    session.migrate(&["adopt", "--yes", "--database-url", "other.db"]);
    session.migrate(&["upgrade", "--database-url", "other.db"]);
    sqlite(&session, "other.db", "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, name TEXT);");
    session.migrate(&["check", "--database-url", "other.db"]);

    let mut session = Session::new("sqlite", Some("app.db")).after(session.text);
    session.revision("2020-01-02-000000_users", "CREATE TABLE users (id INTEGER);", "DROP TABLE users;", None);
    session.migrate(&["upgrade"]);
    sqlite(&session, "app.db", "UPDATE __diesel_schema_migrations SET version = '2020-01-02-000000';");
    session.note("the row has dashes");
    session.migrate(&["upgrade"]);
    session.migrate(&["adopt"]);
    session.migrate(&["adopt", "--yes"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["adopt", "--yes"]);
    session.migrate(&["adopt", "--from", "diesel", "--json"]);
    session.migrate(&["adopt", "--from", "sqlx"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn on_postgres() {
    let databases = ["adopt_a", "adopt_s", "adopt_r"].map(Database::new);
    let mut text = String::new();
    for (database, sql) in databases.iter().zip([
        format!("{ALEMBIC} INSERT INTO alembic_version VALUES ('2');"),
        sqlx("TIMESTAMPTZ", "BYTEA")
            + "INSERT INTO _sqlx_migrations VALUES (1, 'users', now(), TRUE, '', 1), (2, 'names', now(), TRUE, '', 1);",
        format!("{REFINERY} INSERT INTO refinery_schema_history VALUES (1, 'users', '', ''), (2, 'names', '', '');"),
    ]) {
        let tables = "CREATE TABLE users (id int PRIMARY KEY, name text);";
        let mut connection = PgConnection::establish(&database.url()).unwrap();
        connection.batch_execute(&format!("{tables} {sql}")).unwrap();
        let mut session = database.session().after(text);
        session.migrate(&["adopt"]);
        session.migrate(&["adopt", "--yes"]);
        session.migrate(&["upgrade"]);
        session.migrate(&["check"]);
        text = session.text;
    }
    insta::assert_snapshot!(text);
}

pub(crate) fn mistakes() {
    let mut session = chain();
    session.migrate(&["adopt"]);
    sqlite(&session, "app.db", "CREATE TABLE users (id INTEGER);");
    session.migrate(&["adopt"]);
    session.migrate(&["adopt", "--from", "sqlx"]);
    session.migrate(&["adopt", "--from", "flyway"]);
    sqlite(&session, "app.db", &format!("{ALEMBIC} INSERT INTO alembic_version VALUES ('2'), ('ae10');"));
    session.migrate(&["adopt", "--yes"]);
    sqlite(&session, "app.db", &sqlx("TIMESTAMP", "BLOB"));
    session.migrate(&["adopt", "--yes"]);
    sqlite(
        &session,
        "app.db",
        "INSERT INTO _sqlx_migrations VALUES (1, 'a', 0, TRUE, x'00', 1), (3, 'c', 0, TRUE, x'00', 1);",
    );
    session.migrate(&["adopt", "--yes", "--from", "sqlx"]);
    sqlite(&session, "app.db", "INSERT INTO _sqlx_migrations VALUES (2, 'b', 0, FALSE, x'00', 1);");
    session.migrate(&["adopt", "--yes", "--from", "sqlx", "--json"]);
    sqlite(&session, "app.db", "DELETE FROM _sqlx_migrations");
    session.migrate(&["adopt", "--yes", "--from", "sqlx"]);
    session.migrate(&["current"]);
    insta::assert_snapshot!(session.text);
}
