//! Models of small schemas with all that is odd in old databases.

use super::crates::Crates;
use super::raise::raise;
use super::{differences, files};
use crate::dialect::DialectImpl;
use crate::schema::Schema;

/// What is imported of what a scratch holds after this, as one text.
fn imported(dialect: &'static dyn DialectImpl, url: Option<&str>, sql: &str) -> String {
    let mut scratch = dialect.scratch(url).expect("a scratch");
    scratch.connection().batch(sql).expect("the schema");
    let schema: Schema = dialect.read(scratch.connection()).expect("the schema is read");
    let raised = raise(&schema, dialect, &Crates::default(), false);
    let mut out = String::new();
    for (path, text) in files::texts(&raised) {
        syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", path.display()));
        out.push_str(&format!("=== {}\n{text}\n", path.display()));
    }
    for (path, text) in &raised.sql {
        out.push_str(&format!("=== {path}\n{text}\n"));
    }
    let differences = differences(&schema, &raised, dialect).expect("the models are lowered");
    out.push_str(&format!("=== differences\n{}\n", differences.join("\n")));
    out
}

#[cfg(feature = "postgres")]
fn of_postgres(sql: &str) -> String {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    imported(&crate::dialect::postgres::Postgres, Some(&url), sql)
}

#[cfg(feature = "sqlite")]
fn of_sqlite(sql: &str) -> String {
    imported(&crate::dialect::sqlite::Sqlite, None, sql)
}

#[cfg(feature = "postgres")]
#[test]
fn odd_names_get_good_ones_in_rust() {
    insta::assert_snapshot!(of_postgres(
        r#"
        CREATE TABLE "Order Lines" ("Id" serial PRIMARY KEY, "type" text, "a.b" int, "say ""hi""" text, "self" int);
        CREATE TABLE order_lines (id serial PRIMARY KEY, "order_lines" int REFERENCES "Order Lines", "1st" int);
        CREATE TABLE options (id int PRIMARY KEY, "createdAt" timestamptz DEFAULT now(), created_at date);
        CREATE TABLE "select" (a int, b int, PRIMARY KEY (b, a));
        CREATE TABLE logs (line text NOT NULL, at timestamptz);
        CREATE INDEX logs_at_idx ON logs (at DESC);
        CREATE INDEX "by line" ON logs (line) WHERE line <> '';
        CREATE SCHEMA audit;
        CREATE TABLE audit.options (id bigint PRIMARY KEY REFERENCES options);
        CREATE TABLE a_very_long_name_of_a_table_that_reaches_the_limit_of_63_bytes (
            a_column_whose_name_is_long_too int UNIQUE, id int PRIMARY KEY);
        "#
    ));
}

#[cfg(feature = "postgres")]
#[test]
fn what_is_the_servers_default_is_left_out_and_the_rest_is_kept() {
    insta::assert_snapshot!(of_postgres(
        "
        CREATE TYPE tone AS ENUM ('very kind', 'casual');
        CREATE TYPE state AS ENUM ('OPEN', 'IN_WORK');
        CREATE SEQUENCE tickets START 100 CACHE 5;
        CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(8) UNIQUE, old int CONSTRAINT old_once UNIQUE);
        COMMENT ON TABLE teams IS 'Who works together.';
        COMMENT ON COLUMN teams.code IS 'As it is said.';
        CREATE TABLE people (
            id serial, team_code varchar(8) REFERENCES teams (code) ON DELETE CASCADE, team_id int, boss int REFERENCES people,
            tone tone NOT NULL DEFAULT 'casual', states state[] NOT NULL DEFAULT '{}',
            price numeric(10,2) DEFAULT 0, at timestamptz NOT NULL DEFAULT now(), u uuid DEFAULT gen_random_uuid(),
            n int DEFAULT -1, name text DEFAULT 'it''s', j jsonb, vector tsvector, period tstzrange, t timetz, tags text[],
            size int GENERATED ALWAYS AS (length(name)) STORED,
            CONSTRAINT people_key PRIMARY KEY (id), CHECK (n < 10), CHECK (n > -5), CONSTRAINT sane CHECK (n <> 0),
            CONSTRAINT to_team FOREIGN KEY (team_id) REFERENCES teams (old) DEFERRABLE INITIALLY DEFERRED
        );
        ALTER SEQUENCE people_id_seq RENAME TO persons_id_seq;
        ALTER SEQUENCE persons_id_seq AS bigint;
        CREATE INDEX ON people (lower(name), n DESC NULLS LAST) INCLUDE (at) WHERE n > 0;
        CREATE INDEX people_j ON people USING gin (j jsonb_path_ops);
        CREATE UNIQUE INDEX ON people (name COLLATE \"C\");
        CREATE VIEW grown AS SELECT id FROM people WHERE n > 5;
        CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
        "
    ));
}

#[cfg(feature = "sqlite")]
#[test]
fn sqlites_own_ways_are_kept() {
    insta::assert_snapshot!(of_sqlite(
        "
        CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, email TEXT NOT NULL UNIQUE COLLATE NOCASE,
            name VARCHAR(64) DEFAULT 'x', at DATETIME DEFAULT CURRENT_TIMESTAMP, price DECIMAL(10, 2), ok BOOLEAN NOT NULL DEFAULT 0);
        CREATE TABLE notes (id TEXT PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON DELETE CASCADE, body BLOB,
            \"Group\" BIGINT, CHECK (length(body) > 0));
        CREATE TABLE plain (a, b TEXT);
        CREATE INDEX notes_by_user ON notes (user_id DESC);
        CREATE INDEX notes_body_idx ON notes (body);
        CREATE VIEW named AS SELECT id FROM users WHERE name IS NOT NULL;
        CREATE TRIGGER keep AFTER DELETE ON notes BEGIN SELECT 1; END;
        "
    ));
}

#[cfg(feature = "postgres")]
#[test]
fn what_postgresql_18_brought_is_said_again() {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let mut scratch = crate::dialect::postgres::Postgres.scratch(Some(&url)).expect("a scratch");
    let rows = scratch
        .connection()
        .rows("SELECT (current_setting('server_version_num')::int / 10000)::text")
        .expect("a version");
    if rows[0][0].as_deref() < Some("18") {
        return eprintln!("skipped: this server is none of PostgreSQL 18");
    }
    insta::assert_snapshot!(of_postgres(
        "
        CREATE TABLE rooms (room int4range, during tstzrange, PRIMARY KEY (room, during WITHOUT OVERLAPS));
        CREATE TABLE guests (id int PRIMARY KEY, room int4range, during tstzrange,
            FOREIGN KEY (room, PERIOD during) REFERENCES rooms (room, PERIOD during));
        CREATE TABLE t (
            id int PRIMARY KEY, a int CONSTRAINT \"a is there\" NOT NULL, b int NOT NULL NO INHERIT, c int,
            twice int GENERATED ALWAYS AS (a * 2) VIRTUAL, thrice int GENERATED ALWAYS AS (a * 3) STORED,
            CHECK (a > 1) NOT ENFORCED, CONSTRAINT t_rooms FOREIGN KEY (b) REFERENCES t NOT ENFORCED);
        ALTER TABLE t ADD CONSTRAINT c_is_there NOT NULL c NOT VALID;
        "
    ));
}
