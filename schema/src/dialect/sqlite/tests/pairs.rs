//! A → B and back through the planner: after each way the schema is what it should be, and the rows are there.

use super::*;
use crate::diff::{Renames, diff};
use crate::plan::plan;

/// What the runner does with a file.
fn run(connection: &mut SqliteConnection, script: &Script) -> Result<(), String> {
    let sql = if script.run_in_transaction { format!("BEGIN;\n{}\nCOMMIT;", script.sql) } else { script.sql.clone() };
    connection.batch(&sql).map_err(|error| {
        connection.batch("ROLLBACK").ok();
        format!("{error}\n{sql}")
    })
}

pub(super) fn script(old: &Schema, new: &Schema, renames: &Renames) -> Result<Script, String> {
    let changes = diff(old, new, renames).map_err(|error| error.to_string())?;
    Ok(Sqlite.script(&plan(old, new, &changes, &Sqlite).map_err(|error| error.to_string())?))
}

fn sorted(mut schema: Schema) -> Schema {
    schema.tables.values_mut().for_each(|table| table.columns.sort_by(|a, b| a.name.cmp(&b.name)));
    schema
}

/// Every value of every table, by column name, NULLs told from text.
fn rows(connection: &mut SqliteConnection, query: &str) -> Vec<Vec<Option<String>>> {
    connection.rows(query).unwrap_or_else(|error| panic!("{error}: {query}"))
}

/// `kept` is a query that gives the same rows on both sides; `renames` are of A to B.
fn there_and_back(a: &str, b: &str, data: &str, kept: &[&str], renames: &[&str]) -> Script {
    let mut connection = open(&format!("PRAGMA foreign_keys = ON; {a}; {data}"));
    let (old, new) = (Sqlite.read(&mut connection).unwrap(), Sqlite.read(&mut open(b)).unwrap());
    let mut said = Renames::default();
    for rename in renames {
        said.add(rename, &old, &new).unwrap();
    }
    let up = script(&old, &new, &said).unwrap_or_else(|error| panic!("{error}\n{a}\n{b}"));
    let down = script(&new, &old, &said.reversed()).unwrap_or_else(|error| panic!("{error}\n{b}\n{a}"));
    let (query_a, query_b) = (kept.first(), kept.last());
    let before = query_a.map(|query| rows(&mut connection, query));
    for round in 0..2 {
        run(&mut connection, &up).unwrap_or_else(|error| panic!("up {round}: {error}"));
        assert_eq!(sorted(Sqlite.read(&mut connection).unwrap()), sorted(new.clone()), "up:\n{}", up.sql);
        assert_eq!(query_b.map(|query| rows(&mut connection, query)), before, "up:\n{}", up.sql);
        run(&mut connection, &down).unwrap_or_else(|error| panic!("down {round}: {error}"));
        assert_eq!(sorted(Sqlite.read(&mut connection).unwrap()), sorted(old.clone()), "down:\n{}", down.sql);
        assert_eq!(query_a.map(|query| rows(&mut connection, query)), before, "down:\n{}", down.sql);
    }
    assert_eq!(
        rows(&mut connection, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys")[0][0].as_deref(),
        Some("1")
    );
    assert_eq!(rows(&mut connection, "SELECT \"table\" FROM pragma_foreign_key_check"), Vec::<Vec<_>>::new());
    up
}

/// One table `t` with a column `c` of which one thing changes, three rows and a child that points at them.
fn of_column(a: &str, b: &str, values: &str) -> Script {
    let table = |column: &str| {
        format!(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, c {column}); \
             CREATE TABLE child (t INT NOT NULL REFERENCES t ON DELETE CASCADE)"
        )
    };
    there_and_back(
        &table(a),
        &table(b),
        &format!(
            "INSERT INTO t (id, n{}) VALUES {values}; INSERT INTO child SELECT id FROM t",
            if values.matches(',').count() > 4 { ", c" } else { "" }
        ),
        &["SELECT CAST(t.id AS TEXT), CAST(n AS TEXT), CAST(c AS TEXT) FROM t JOIN child ON child.t = t.id ORDER BY 1"],
        &[],
    )
}

const VALUES: &str = "(1, 2, 'x'), (2, 3, 'y'), (7, 4, 'z')";
const NUMBERS: &str = "(1, 2, 1), (2, 3, 2), (7, 4, 7)";
const TWO: &str = "(1, 2), (2, 3)";

macro_rules! column_pairs {
    ($($name:ident: $a:expr, $b:expr, $values:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(of_column($a, $b, $values).sql);
        }
    )*};
}

column_pairs! {
    a_type_changes: "TEXT", "VARCHAR(64)", VALUES;
    a_number_becomes_wider: "SMALLINT", "BIGINT", NUMBERS;
    a_column_becomes_not_null: "TEXT", "TEXT NOT NULL", VALUES;
    a_default_comes: "TEXT", "TEXT DEFAULT 'it''s'", VALUES;
    a_default_changes_to_an_expression: "TEXT DEFAULT 'a'", "TEXT DEFAULT (lower('A'))", VALUES;
    a_collation_comes: "TEXT", "TEXT COLLATE NOCASE", VALUES;
    a_generated_column_changes: "INT AS (n + 1) STORED", "INT AS (1 + n) STORED", TWO;
    a_generated_column_becomes_virtual: "INT AS (n + 1) STORED", "INT AS (n + 1) VIRTUAL", TWO;
    a_unique_comes: "TEXT", "TEXT UNIQUE", VALUES;
    a_check_comes: "TEXT", "TEXT CHECK (length(c) < 9)", VALUES;
    a_check_changes: "TEXT CHECK (length(c) < 9)", "TEXT CHECK (length(c) < 10)", VALUES;
    a_check_is_renamed: "TEXT CONSTRAINT a CHECK (c <> '')", "TEXT CONSTRAINT b CHECK (c <> '')", VALUES;
    a_foreign_key_comes: "INT", "INT REFERENCES t", NUMBERS;
    a_foreign_key_cascades: "INT REFERENCES t", "INT REFERENCES t ON DELETE CASCADE ON UPDATE CASCADE", NUMBERS;
    a_foreign_key_sets_null: "INT REFERENCES t ON DELETE RESTRICT", "INT REFERENCES t ON DELETE SET NULL ON UPDATE RESTRICT", NUMBERS;
    a_foreign_key_sets_a_default: "INT REFERENCES t", "INT DEFAULT 1 REFERENCES t ON DELETE SET DEFAULT ON UPDATE SET NULL", NUMBERS;
    a_foreign_key_is_deferred: "INT REFERENCES t", "INT REFERENCES t DEFERRABLE INITIALLY DEFERRED", NUMBERS;
    a_foreign_key_can_be_deferred: "INT REFERENCES t DEFERRABLE INITIALLY DEFERRED", "INT REFERENCES t DEFERRABLE", NUMBERS;
}

/// (A, B, rows, the query on A and where it differs on B, renames).
type Pair<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], &'a [&'a str]);

#[test]
fn pairs_of_schemas_there_and_back() {
    let keeps_ids: &[&str] = &["SELECT CAST(id AS TEXT), x FROM t ORDER BY id"];
    let t = "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)";
    let data = "INSERT INTO t (id, x) VALUES (3, 'a'), (5, NULL)";
    let pairs: &[Pair<'_>] = &[
        (t, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT)", data, keeps_ids, &[]),
        (t, "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, x TEXT)", data, keeps_ids, &[]),
        (t, "CREATE TABLE t (id INT, x TEXT)", data, keeps_ids, &[]),
        (t, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y TEXT)", data, keeps_ids, &[]),
        (
            t,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y TEXT NOT NULL DEFAULT 'q', UNIQUE (id, y))",
            data,
            keeps_ids,
            &[],
        ),
        (
            t,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
            data,
            keeps_ids,
            &[],
        ),
        (t, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, g TEXT AS (x || '!') STORED)", data, keeps_ids, &[]),
        (t, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, g TEXT AS (x || '!') VIRTUAL)", data, keeps_ids, &[]),
        (
            t,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE INDEX i ON t (x DESC) WHERE x IS NOT NULL",
            data,
            keeps_ids,
            &[],
        ),
        (
            t,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE UNIQUE INDEX i ON t (lower(x))",
            data,
            keeps_ids,
            &[],
        ),
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE INDEX i ON t (x)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT CHECK (x <> '')); CREATE INDEX j ON t (x)",
            data,
            keeps_ids,
            &[],
        ),
        (t, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE VIEW v AS SELECT x FROM t", data, keeps_ids, &[]),
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE VIEW v AS SELECT x FROM t",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x VARCHAR(9)); CREATE VIEW v AS SELECT x FROM t",
            data,
            keeps_ids,
            &[],
        ),
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE VIEW v AS SELECT x FROM t",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE VIEW v AS SELECT x, id FROM t",
            data,
            keeps_ids,
            &[],
        ),
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
            data,
            keeps_ids,
            &[],
        ),
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE)",
            data,
            keeps_ids,
            &[],
        ),
        (
            t,
            "CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT)",
            data,
            &[keeps_ids[0], "SELECT CAST(id AS TEXT), x FROM u ORDER BY id"],
            &["t=u"],
        ),
        (
            t,
            "CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT UNIQUE)",
            data,
            &[keeps_ids[0], "SELECT CAST(id AS TEXT), x FROM u ORDER BY id"],
            &["t=u"],
        ),
        (
            t,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, y TEXT)",
            data,
            &[keeps_ids[0], "SELECT CAST(id AS TEXT), y FROM t ORDER BY id"],
            &["t.x=y"],
        ),
        (
            t,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, y VARCHAR(3) CHECK (y <> ''))",
            data,
            &[keeps_ids[0], "SELECT CAST(id AS TEXT), y FROM t ORDER BY id"],
            &["t.x=y"],
        ),
        (
            t,
            "CREATE TABLE u (id INTEGER PRIMARY KEY, y VARCHAR(3) UNIQUE)",
            data,
            &[keeps_ids[0], "SELECT CAST(id AS TEXT), y FROM u ORDER BY id"],
            &["t=u", "u.x=y"],
        ),
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, CHECK (x <> '')); CREATE INDEX i ON t (lower(x))",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, y TEXT NOT NULL DEFAULT 'n', CONSTRAINT t_x_check CHECK (y <> '')); CREATE INDEX i ON t (lower(y))",
            "INSERT INTO t VALUES (1, 'a')",
            &[keeps_ids[0], "SELECT CAST(id AS TEXT), y FROM t ORDER BY id"],
            &["t.x=y"],
        ),
        (
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p ON DELETE CASCADE, x TEXT)",
            "CREATE TABLE c (p INT, x TEXT)",
            "INSERT INTO c VALUES (NULL, 'stays')",
            &["SELECT x FROM c"],
            &[],
        ),
        (
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p ON DELETE CASCADE)",
            "",
            "",
            &[],
            &[],
        ),
        (
            "CREATE TABLE n (id INTEGER PRIMARY KEY, up INT REFERENCES n ON DELETE CASCADE, x TEXT)",
            "CREATE TABLE n (id INTEGER PRIMARY KEY, up INT REFERENCES n ON DELETE SET NULL, x TEXT NOT NULL DEFAULT '')",
            "INSERT INTO n VALUES (1, NULL, 'r'), (2, 1, 's'), (3, 2, 't')",
            &["SELECT CAST(id AS TEXT), CAST(up AS TEXT), x FROM n ORDER BY id"],
            &[],
        ),
        (
            "CREATE TABLE k (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID",
            "CREATE TABLE k (a TEXT, b TEXT, c TEXT, PRIMARY KEY (a)) WITHOUT ROWID",
            "INSERT INTO k VALUES ('1', '2'), ('2', '2')",
            &["SELECT a, b FROM k"],
            &[],
        ),
        (
            "CREATE TABLE \"a.b\" (\"select\" TEXT); CREATE TRIGGER \"x.y\" AFTER INSERT ON \"a.b\" BEGIN SELECT 1; END",
            "CREATE TABLE \"a.b\" (\"select\" TEXT UNIQUE); CREATE TRIGGER \"x.y\" AFTER INSERT ON \"a.b\" BEGIN SELECT 1; END",
            "INSERT INTO \"a.b\" VALUES ('x')",
            &["SELECT \"select\" FROM \"a.b\""],
            &[],
        ),
        (
            "CREATE TABLE \"a.b\" (x TEXT); CREATE TRIGGER \"x.y\" AFTER INSERT ON \"a.b\" BEGIN SELECT 1; END",
            "CREATE TABLE \"a.b\" (x TEXT)",
            "INSERT INTO \"a.b\" VALUES ('x')",
            &["SELECT x FROM \"a.b\""],
            &[],
        ),
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT CHECK (x <> \"no column\")); CREATE VIEW v AS SELECT \"x\", \"text\" AS \"w\" FROM \"t\"",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE CHECK (x <> \"no column\")); CREATE VIEW v AS SELECT x, \"text\" AS w FROM t",
            data,
            &["SELECT * FROM v ORDER BY 1"],
            &[],
        ),
    ];
    assert!(pairs.len() >= 29);
    for (a, b, data, kept, renames) in pairs {
        eprintln!("{a}\n  -> {b}");
        there_and_back(a, b, data, kept, renames);
    }
}

/// What waits for each other in the planner's graph although SQLite needs no order for it.
#[test]
fn pairs_that_tie_changes_together() {
    let data = "INSERT INTO t (id, x) VALUES (3, 'a'), (5, NULL)";
    let keeps_ids: &[&str] = &["SELECT CAST(id AS TEXT), x FROM t ORDER BY id"];
    let pairs: &[Pair<'_>] = &[
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 2; END",
            data,
            keeps_ids,
            &[],
        ),
        // Parent and child are made anew together: neither key is right alone.
        (
            "CREATE TABLE p (a TEXT UNIQUE, b TEXT UNIQUE); CREATE TABLE c (x TEXT REFERENCES p (a))",
            "CREATE TABLE p (a TEXT, b TEXT UNIQUE); CREATE TABLE c (x TEXT REFERENCES p (b))",
            "INSERT INTO p VALUES ('q', 'q'); INSERT INTO c VALUES ('q')",
            &["SELECT a, b, x FROM p, c"],
            &[],
        ),
        (
            "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a)",
            "",
            "",
            &[],
            &[],
        ),
    ];
    for (a, b, data, kept, renames) in pairs {
        eprintln!("{a}\n  -> {b}");
        there_and_back(a, b, data, kept, renames);
    }
}

#[test]
fn table_options_are_taken_and_given_up() {
    let plain = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, v TEXT)";
    let data = "INSERT INTO t VALUES (1, 'x'), (5, NULL)";
    let kept = ["SELECT CAST(id AS TEXT), v FROM t ORDER BY id"];
    for options in ["STRICT", "WITHOUT ROWID", "STRICT, WITHOUT ROWID"] {
        let other = format!("{plain} {options}");
        if options == "STRICT" {
            there_and_back(plain, &other, data, &kept, &[]);
        }
        there_and_back(&other, &format!("{plain} STRICT"), data, &kept, &[]);
    }
}
