//! What a rebuild or a drop could lose.

use super::pairs::script;
use super::*;
use crate::change::HazardKind;
use crate::diff::{Renames, diff};
use crate::plan::plan;

fn schemas(a: &str, b: &str) -> (Schema, Schema) {
    (Sqlite.read(&mut open(a)).unwrap(), Sqlite.read(&mut open(b)).unwrap())
}

#[test]
fn a_rebuild_refuses_what_it_would_lose() {
    for (said, what) in [
        ("x TEXT, UNIQUE (x) ON CONFLICT REPLACE", "ON CONFLICT REPLACE"),
        ("x TEXT UNIQUE ON CONFLICT IGNORE", "ON CONFLICT IGNORE"),
        ("x TEXT NOT NULL ON CONFLICT FAIL, UNIQUE (x)", "ON CONFLICT FAIL"),
        ("x TEXT, UNIQUE (x DESC)", "the order or collation of a key's column"),
        ("x TEXT, PRIMARY KEY (x COLLATE NOCASE)", "the order or collation of a key's column"),
        ("x INTEGER PRIMARY KEY DESC", "a descending primary key"),
    ] {
        let (old, _) = schemas(&format!("CREATE TABLE t (y TEXT, {said})"), "");
        let mut new = old.clone();
        new.tables.get_mut(&Name::new("t")).unwrap().columns[0].nullable = false;
        let error = script(&old, &new, &Renames::default()).unwrap_err();
        assert!(error.starts_with(&format!("table t can't be made anew: its definition says {what}, ")), "{error}");

        let mut renames = Renames::default();
        let mut renamed = new.clone();
        let mut table = renamed.tables.remove(&Name::new("t")).unwrap();
        table.name = Name::new("u");
        renamed.tables.insert(table.name.clone(), table);
        renames.add("t=u", &old, &renamed).unwrap();
        let error = script(&old, &renamed, &renames).unwrap_err();
        assert!(error.starts_with(&format!("table u can't be made anew: its definition says {what}, ")), "{error}");
    }
}

#[test]
fn a_malformed_foreign_key_elsewhere_fails_no_rebuild() {
    let broken = "CREATE TABLE p (a TEXT); CREATE TABLE c (a TEXT REFERENCES p (a)); \
                  CREATE TABLE w (x INT); CREATE TABLE of_w (x INT REFERENCES w (x), y TEXT);";
    let mut connection = open(&format!("{broken} CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('x')"));
    let old = Sqlite.read(&mut connection).unwrap();
    let (_, new) = schemas("", &format!("{broken} CREATE TABLE t (x TEXT UNIQUE)"));
    connection.batch(&script(&old, &new, &Renames::default()).unwrap().sql).unwrap();
    assert_eq!(Sqlite.read(&mut connection).unwrap(), new);

    // A rebuild mends one.
    let (_, mended) =
        schemas("", &format!("{} CREATE TABLE t (x TEXT UNIQUE)", broken.replace("w (x INT)", "w (x INT UNIQUE)")));
    connection.batch(&script(&new, &mended, &Renames::default()).unwrap().sql).unwrap();
    assert_eq!(Sqlite.read(&mut connection).unwrap(), mended);

    // And one that would make it is told.
    let error = connection.batch(&script(&mended, &new, &Renames::default()).unwrap().sql).unwrap_err();
    assert!(error.to_string().contains("foreign key mismatch"), "{error}");
}

#[test]
fn a_violation_of_before_fails_no_rebuild_and_a_new_one_does() {
    let a = "CREATE TABLE p (id INTEGER PRIMARY KEY, x TEXT); CREATE TABLE c (p INT REFERENCES p)";
    let b = "CREATE TABLE p (id INTEGER PRIMARY KEY, x TEXT UNIQUE); CREATE TABLE c (p INT REFERENCES p)";
    let (old, new) = schemas(a, b);
    let mut connection = open(&format!("PRAGMA foreign_keys = OFF; {a}; INSERT INTO c VALUES (9)"));
    connection.batch(&script(&old, &new, &Renames::default()).unwrap().sql).unwrap();
    assert_eq!(Sqlite.read(&mut connection).unwrap(), new);
}

#[test]
fn a_table_goes_without_its_rows_children() {
    for action in ["CASCADE", "RESTRICT", "NO ACTION", "SET NULL"] {
        let mut connection = open(&format!(
            "PRAGMA foreign_keys = ON; CREATE TABLE p (id INTEGER PRIMARY KEY); \
             CREATE TABLE c (p INT REFERENCES p ON DELETE {action}, x TEXT); \
             INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 'x')"
        ));
        let old = Sqlite.read(&mut connection).unwrap();
        let (_, new) = schemas("", "CREATE TABLE c (p INT, x TEXT)");
        let script = script(&old, &new, &Renames::default()).unwrap();
        assert!(!script.run_in_transaction);
        connection.batch(&script.sql).unwrap();
        assert_eq!(
            connection.rows("SELECT CAST(p AS TEXT), x FROM c").unwrap(),
            [[Some("1".to_owned()), Some("x".to_owned())]]
        );
        assert_eq!(Sqlite.read(&mut connection).unwrap(), new);

        // A child that keeps its foreign key keeps its rows.
        let mut connection = open(&format!(
            "PRAGMA foreign_keys = ON; CREATE TABLE p (id INTEGER PRIMARY KEY); \
             CREATE TABLE c (p INT REFERENCES p (id) ON DELETE {action}); \
             INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)"
        ));
        let mut new = old.clone();
        let table = new.tables.remove(&Name::new("p")).unwrap();
        let steps = Sqlite.render(&Change::DropTable(table), &old, &new).unwrap();
        let script = Sqlite.script(&Plan { steps });
        assert!(!script.run_in_transaction);
        connection.batch(&script.sql).unwrap();
        assert_eq!(count(&mut connection, "c"), "1");
        assert_eq!(connection.rows("SELECT CAST(p AS TEXT) FROM c").unwrap()[0][0].as_deref(), Some("1"));
    }
    // Nobody points at it: an ordinary statement.
    let (old, new) = schemas("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p)", "");
    assert!(script(&old, &new, &Renames::default()).unwrap().run_in_transaction);
}

#[test]
fn a_circle_of_filled_tables_goes() {
    let circle = "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b); \
                  CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a);";
    let (old, new) = schemas(circle, "");
    let script = script(&old, &new, &Renames::default()).unwrap();
    let mut connection = open(&format!(
        "{circle} INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (1, 1); UPDATE a SET b = 1; PRAGMA foreign_keys = ON"
    ));
    connection.batch(&script.sql).unwrap();
    assert_eq!(Sqlite.read(&mut connection).unwrap(), new);
}

#[test]
fn a_null_in_what_becomes_the_key_is_no_new_number() {
    let (old, new) = schemas("CREATE TABLE t (id INTEGER, x TEXT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)");
    let script = script(&old, &new, &Renames::default()).unwrap().sql;
    let mut connection = open("CREATE TABLE t (id INTEGER, x TEXT); INSERT INTO t VALUES (4, 'a')");
    connection.batch(&script).unwrap();
    assert_eq!(connection.rows("SELECT id FROM t").unwrap(), [[Some("4".to_owned())]]);
    let mut connection = open("CREATE TABLE t (id INTEGER, x TEXT); INSERT INTO t VALUES (NULL, 'a')");
    let error = connection.batch(&script).unwrap_err().to_string();
    assert!(error.contains("datatype mismatch"), "{error}");
}

#[test]
fn a_table_whose_rows_point_at_each_other_goes() {
    for action in ["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"] {
        let table = format!(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER NOT NULL DEFAULT 7 REFERENCES t (id) ON DELETE {action})"
        );
        let mut connection = open(&format!("PRAGMA foreign_keys = ON; {table}; INSERT INTO t VALUES (1, 1), (2, 1)"));
        let old = Sqlite.read(&mut connection).unwrap();
        let script = script(&old, &Schema::default(), &Renames::default()).unwrap();
        connection.batch(&script.sql).unwrap_or_else(|error| panic!("{action}: {error}\n{}", script.sql));
        assert_eq!(Sqlite.read(&mut connection).unwrap(), Schema::default());
    }
}

#[test]
fn a_circle_that_comes_leaves_children_before_parents() {
    let a = "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE z (a INT REFERENCES a)";
    let b = "CREATE TABLE m (id INTEGER PRIMARY KEY, n INT REFERENCES n); \
             CREATE TABLE n (id INTEGER PRIMARY KEY, m INT REFERENCES m)";
    let (old, new) = schemas(a, b);
    let script = script(&old, &new, &Renames::default()).unwrap();
    assert!(script.run_in_transaction);
    let mut connection =
        open(&format!("PRAGMA foreign_keys = ON; {a}; INSERT INTO a VALUES (1); INSERT INTO z VALUES (1)"));
    connection.batch(&format!("BEGIN; {} COMMIT", script.sql)).unwrap();
    assert_eq!(Sqlite.read(&mut connection).unwrap(), new);
}

#[test]
fn hazards_name_the_column_and_what_to_do() {
    let (old, new) = schemas(
        "CREATE TABLE t (a TEXT, b TEXT)",
        "CREATE TABLE t (a TEXT, b TEXT NOT NULL, c TEXT NOT NULL, UNIQUE (a))",
    );
    let changes = diff(&old, &new, &Renames::default()).unwrap();
    let plan = plan(&old, &new, &changes, &Sqlite).unwrap();
    let said: Vec<&str> = plan
        .steps
        .iter()
        .flat_map(|step| &step.hazards)
        .filter(|hazard| hazard.kind == HazardKind::MayFail)
        .map(|hazard| hazard.message.as_str())
        .collect();
    insta::assert_snapshot!(said.join("\n"));
    let mut connection = open("CREATE TABLE t (a TEXT, b TEXT); INSERT INTO t VALUES ('a', 'b')");
    let error = connection.batch(&Sqlite.script(&plan).sql).unwrap_err().to_string();
    assert!(error.contains("NOT NULL constraint failed") && error.ends_with(".c"), "{error}");
}

#[test]
fn always_is_autoincrement_and_by_default_is_the_rowid() {
    let text = ty(declared::TypeKind::Diesel, "Text", &[], 0);
    let mut declared = model(text, None);
    let mut of = |identity| {
        declared.models[0].columns[0].identity = Some(identity);
        Sqlite.lower(&declared).unwrap()
    };
    let (by_default, always) = (of(declared::Identity::ByDefault), of(declared::Identity::Always));
    assert_eq!(by_default, of(declared::Identity::Serial));
    let live = Sqlite.read(&mut create(&always)).unwrap();
    assert_eq!(diff(&live, &always, &Renames::default()).unwrap(), []);
    assert_eq!(diff(&live, &by_default, &Renames::default()).unwrap().len(), 1);

    let mut connection = create(&always);
    connection.batch("INSERT INTO m (x) VALUES ('one'), ('two'), ('three'); DELETE FROM m WHERE id = 3").unwrap();
    connection.batch(&script(&always, &by_default, &Renames::default()).unwrap().sql).unwrap();
    assert_eq!(Sqlite.read(&mut connection).unwrap(), by_default);
    connection.batch(&script(&by_default, &always, &Renames::default()).unwrap().sql).unwrap();
    assert_eq!(Sqlite.read(&mut connection).unwrap(), always);
    connection.batch("DELETE FROM m WHERE id = 2; INSERT INTO m (x) VALUES ('four')").unwrap();
    assert_eq!(connection.rows("SELECT CAST(max(id) AS TEXT) FROM m").unwrap()[0][0].as_deref(), Some("3"));
}

#[test]
fn a_double_quoted_string_stays_one() {
    let sql = "CREATE TABLE t (\"Id\" INTEGER PRIMARY KEY, x TEXT, g TEXT AS (x || \"!\"), CHECK (x <> \"none\")); \
               CREATE INDEX i ON t (x) WHERE x <> \"gone\"; \
               CREATE VIEW v AS SELECT \"x\", \"Id\", \"some text\", \"word\" AS \"alias\" FROM \"t\" ORDER BY \"alias\"; \
               CREATE TRIGGER tr AFTER INSERT ON t WHEN new.\"x\" = \"on\" BEGIN UPDATE t SET x = \"off\"; END";
    round_trip(sql);
    let schema = Sqlite.read(&mut open(sql)).unwrap();
    let said: Vec<&str> = schema.objects.values().map(|object| object.definition.as_str()).collect();
    assert_eq!(
        said,
        [
            "CREATE VIEW v AS SELECT x, Id, \"some text\", \"word\" AS alias FROM t ORDER BY alias",
            "CREATE TRIGGER tr AFTER INSERT ON t WHEN new.x = \"on\" BEGIN UPDATE t SET x = \"off\"; END"
        ]
    );
    let mut connection = create(&schema);
    connection.batch("INSERT INTO t (x) VALUES ('on')").unwrap();
    let row = connection.rows("SELECT * FROM v").unwrap().remove(0);
    assert_eq!(row[0].as_deref(), Some("off"));
    assert_eq!(row[2..], [Some("some text".to_owned()), Some("word".to_owned())]);
}

#[test]
fn deferrable_foreign_keys_are_lowered() {
    let text = ty(declared::TypeKind::Diesel, "Int8", &[], 0);
    let mut declared = model(text, None);
    declared.models[0].foreign_keys.push(declared::ForeignKey {
        name: None,
        columns: vec!["x".to_owned()],
        references_namespace: None,
        references_table: "m".to_owned(),
        references_columns: vec!["id".to_owned()],
        on_delete: declared::ForeignKeyAction::Cascade,
        on_delete_columns: Vec::new(),
        on_update: declared::ForeignKeyAction::NoAction,
        match_full: false,
        period: false,
        deferrable: declared::Deferrable::InitiallyDeferred,
        not_valid: false,
        not_enforced: false,
        at: String::new(),
    });
    let schema = Sqlite.lower(&declared).unwrap();
    let mut connection = create(&schema);
    assert_eq!(Sqlite.read(&mut connection).unwrap(), schema);
    connection.batch("PRAGMA foreign_keys = ON; BEGIN; INSERT INTO m (id, x) VALUES (999, 1000)").unwrap();
    connection.batch("INSERT INTO m (id, x) VALUES (1000, 999); COMMIT").unwrap();
}

/// `cargo test --release -p diesel-schema --lib reading_a_thousand -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, worth something in release only"]
fn reading_a_thousand_tables() {
    let mut connection = open("BEGIN");
    for table in 0..1000 {
        let columns: Vec<String> = (1..12).map(|column| format!("c{column} TEXT NOT NULL DEFAULT 'x'")).collect();
        let sql = format!(
            "CREATE TABLE t{table} (id INTEGER PRIMARY KEY, {}); CREATE INDEX i{table} ON t{table} (c1)",
            columns.join(", ")
        );
        connection.batch(&sql).unwrap();
    }
    connection.batch("COMMIT").unwrap();
    let mut best = [std::time::Duration::MAX; 2];
    for _ in 0..10 {
        let start = std::time::Instant::now();
        assert_eq!(Sqlite.read(&mut connection).unwrap().tables.len(), 1000);
        best[0] = best[0].min(start.elapsed());
        let start = std::time::Instant::now();
        assert_eq!(connection.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema").unwrap().len(), 2000);
        best[1] = best[1].min(start.elapsed());
    }
    eprintln!("reading: {:?}; listing sqlite_schema alone: {:?}", best[0], best[1]);
}
