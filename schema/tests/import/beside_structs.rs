//! What a table has that no field says: options of indexes, comments, settings and statements in `sql/` files.

use std::path::Path;

use diesel_schema::Dialect;
use diesel_schema::generate::Scratches;

use crate::apps::outcome;
use crate::support::{Database, package};

/// Imports what a script makes, and shows the files of that name.
pub(crate) fn imported(name: &str, sql: &str, files: &[&str]) -> String {
    let root = tempfile::tempdir().unwrap();
    package(root.path(), "imported", Dialect::Postgres);
    let database = Database::new(Dialect::Postgres, name, root.path());
    database.load(sql).unwrap();
    let outcome = outcome(Dialect::Postgres, root.path(), &database.url, &Scratches::default());
    assert!(outcome.imported && outcome.no_changes, "{:?}", outcome.why);
    let text =
        |file: &&str| format!("-- {file}\n{}", std::fs::read_to_string(root.path().join(Path::new(file))).unwrap());
    files.iter().map(text).collect::<Vec<_>>().join("\n")
}

#[test]
fn comments_on_anything() {
    let sql = "CREATE TABLE users (id int PRIMARY KEY, name text CONSTRAINT named CHECK (name <> ''), boss int REFERENCES users);
        CREATE INDEX by_name ON users (name);
        CREATE VIEW names AS SELECT id, name FROM users;
        CREATE SEQUENCE numbers;
        CREATE FUNCTION f(a int[], b text, double precision) RETURNS int LANGUAGE sql AS 'SELECT 1';
        COMMENT ON CONSTRAINT users_boss_fkey ON users IS 'it''s the boss';
        COMMENT ON CONSTRAINT named ON users IS 'never empty';
        COMMENT ON CONSTRAINT users_pkey ON users IS 'the key';
        COMMENT ON INDEX by_name IS 'for the list';
        COMMENT ON SEQUENCE numbers IS 'without gaps';
        COMMENT ON VIEW names IS 'for the list';
        COMMENT ON COLUMN names.id IS 'of the user';
        COMMENT ON FUNCTION f(int[], text, double precision) IS 'one';";
    insta::assert_snapshot!(imported("comments_on_anything", sql, &["sql/comments.sql", "src/models/users.rs"]));
}

#[test]
fn options_of_indexes() {
    let sql = "CREATE TABLE visits (id int PRIMARY KEY, day date NOT NULL, place text, words tsvector);
        CREATE INDEX by_day ON visits USING brin (day) WITH (pages_per_range = 1, autosummarize = on);
        CREATE INDEX ON visits (place) WITH (fillfactor = 70) WHERE place <> '';
        CREATE INDEX ON visits USING gin (words) WITH (fastupdate = off);";
    insta::assert_snapshot!(imported("options_of_indexes", sql, &["src/models/visits.rs"]));
}

#[test]
fn constraints_with_words_of_their_own() {
    let sql = "CREATE TABLE houses (street int, number int, floors int CHECK (floors > 0) NO INHERIT,
            PRIMARY KEY (street, number) INCLUDE (floors));
        CREATE TABLE doors (id int PRIMARY KEY, code text, kind text, street int, number int, beside int,
            UNIQUE (code) INCLUDE (kind),
            CONSTRAINT in_house FOREIGN KEY (street, number) REFERENCES houses MATCH FULL);
        INSERT INTO doors (id, code, beside) VALUES (1, '', 7);
        ALTER TABLE doors ADD CONSTRAINT coded CHECK (code <> '') NOT VALID;
        ALTER TABLE doors ADD FOREIGN KEY (beside) REFERENCES doors NOT VALID;";
    insta::assert_snapshot!(imported("constraints_with_words", sql, &["src/models/houses.rs", "src/models/doors.rs"]));
}

#[test]
fn settings_and_policies() {
    let sql = "CREATE TABLE notes (id int PRIMARY KEY, owner text NOT NULL, body text) WITH (fillfactor = 70);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        ALTER TABLE notes ALTER body SET STORAGE EXTERNAL;
        CREATE POLICY own ON notes USING (owner = current_user);";
    insta::assert_snapshot!(imported("settings_and_policies", sql, &["sql/policies.sql", "sql/settings.sql"]));
}
