#![allow(clippy::unwrap_used)]
mod edges;
mod pairs;

use diesel::{Connection, SqliteConnection};
use diesel_schema_core::declared;
use proptest::prelude::*;

use super::*;
use crate::change::Constraint;
use crate::schema::{Name, Schema};

fn open(sql: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch(sql).unwrap();
    connection
}

fn create(schema: &Schema) -> SqliteConnection {
    let mut connection = open("");
    let changes = schema
        .tables
        .values()
        .map(|table| Change::CreateTable(table.clone()))
        .chain(schema.objects.values().map(|object| Change::CreateObject(object.clone())));
    for change in changes {
        for step in Sqlite.render(&change, &Schema::default(), schema).unwrap() {
            connection.batch(&step.sql).unwrap_or_else(|error| panic!("{error}: {}", step.sql));
        }
    }
    connection
}

fn round_trip(sql: &str) {
    let first = Sqlite.read(&mut open(sql)).unwrap();
    let mut second = Sqlite.read(&mut create(&first)).unwrap();
    second.unread.clone_from(&first.unread);
    assert_eq!(first, second);
}

#[test]
fn applications_schemas_survive_a_round_trip() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join("shared/oracles/apps/sqlite"))
        .find(|folder| folder.is_dir());
    let Some(folder) = folder else {
        eprintln!(
            "SKIPPED applications_schemas_survive_a_round_trip: there is no folder shared/oracles/apps/sqlite above {}",
            env!("CARGO_MANIFEST_DIR")
        );
        return;
    };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        seen += 1;
        let path = entry.unwrap().path();
        eprintln!("{}", path.display());
        round_trip(&std::fs::read_to_string(&path).unwrap());
    }
    assert!(seen > 0);
}

#[test]
fn every_kind_survives_a_round_trip() {
    round_trip(
        "CREATE TABLE [a b] (id INTEGER PRIMARY KEY AUTOINCREMENT, `x` text collate nocase default 'it''s', -- (,
           n NUMERIC(10, 2) DEFAULT -1, t TIMESTAMP DEFAULT (datetime('now')), \"order\" INT UNIQUE NOT NULL /* ) */,
           g INT AS (n - -1) STORED, v INT GENERATED ALWAYS AS (n * 2) VIRTUAL, s TEXT DEFAULT CURRENT_TIMESTAMP,
           CHECK (x IN ('a', 'b')), CONSTRAINT pos CHECK ((n > 0) AND (n < 9)),
           FOREIGN KEY (\"order\") REFERENCES [a b] ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
         CREATE TABLE k (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
         CREATE UNIQUE INDEX i ON [a b] (lower(x) COLLATE binary DESC, n) WHERE x IS NOT NULL;
         CREATE VIEW w AS SELECT x, n FROM [a b];
         CREATE TRIGGER tr AFTER UPDATE ON k BEGIN UPDATE k SET b = CASE WHEN 1 THEN 'x' END; SELECT 1; END;",
    );
}

const FAMILY: &str = "PRAGMA foreign_keys = ON;
    CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, up INT REFERENCES p ON DELETE CASCADE);
    CREATE TABLE c (p INT NOT NULL REFERENCES p ON DELETE CASCADE);
    CREATE INDEX p_name_idx ON p (name);
    CREATE VIEW v AS SELECT name FROM p;
    CREATE TRIGGER t AFTER INSERT ON p BEGIN INSERT INTO c VALUES (new.id); END;
    INSERT INTO p (id, name, up) VALUES (1, 'a', NULL), (2, NULL, 1), (9, 'z', 2); DELETE FROM p WHERE id = 9;";

fn stricter() -> (Schema, Schema, Vec<Change>) {
    let old = Sqlite.read(&mut open(FAMILY)).unwrap();
    let mut new = old.clone();
    let name = Name::new("p");
    let table = new.tables.get_mut(&name).unwrap();
    let before = table.columns[1].clone();
    table.columns[1].nullable = false;
    table.columns[1].default = Some(crate::schema::Default { sql: "'none'".to_owned(), volatile: false });
    let check = ddl::check("short".to_owned(), "length(name) < 9".to_owned());
    table.checks.push(check.clone());
    let changes = vec![
        Change::AlterColumn { table: name.clone(), old: before, new: table.columns[1].clone() },
        Change::AddConstraint { table: name, constraint: Constraint::Check(check) },
    ];
    (old, new, changes)
}

fn count(connection: &mut SqliteConnection, table: &str) -> String {
    connection.rows(&format!("SELECT CAST(count(*) AS TEXT) FROM {table}")).unwrap()[0][0].clone().unwrap()
}

#[test]
fn a_rebuild_keeps_rows_children_indexes_triggers_and_the_sequence() {
    let (old, new, changes) = stricter();
    let plan = Plan { steps: Sqlite.rebuild(&changes, &old, &new).unwrap() };
    let script = Sqlite.script(&plan);
    assert!(!script.run_in_transaction);
    let mut connection = open(FAMILY);
    connection.batch(&script.sql).unwrap();
    assert_eq!(Sqlite.read(&mut connection).unwrap(), new);
    assert_eq!((count(&mut connection, "p"), count(&mut connection, "c")), ("2".to_owned(), "2".to_owned()));
    assert_eq!(connection.rows("SELECT name FROM p WHERE id = 2").unwrap()[0][0].as_deref(), Some("none"));
    assert_eq!(connection.rows("SELECT CAST(seq AS TEXT) FROM sqlite_sequence").unwrap()[0][0].as_deref(), Some("9"));
    insta::assert_snapshot!(script.sql);
}

#[test]
fn a_rebuild_inside_a_transaction_would_delete_child_rows() {
    let (old, new, changes) = stricter();
    let mut connection = open(FAMILY);
    connection.batch("BEGIN; PRAGMA foreign_keys = OFF").unwrap();
    for step in Sqlite.rebuild(&changes, &old, &new).unwrap() {
        connection.batch(&step.sql).unwrap();
    }
    connection.batch("COMMIT").unwrap();
    assert_eq!(count(&mut connection, "c"), "0");
}

#[test]
fn a_rebuild_that_adds_a_violation_fails() {
    let mut connection =
        open("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT); INSERT INTO c VALUES (7)");
    let old = Sqlite.read(&mut connection).unwrap();
    let new =
        Sqlite.read(&mut open("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p)")).unwrap();
    let name = Name::new("c");
    let constraint = Constraint::ForeignKey(new.tables[&name].foreign_keys[0].clone());
    let steps = Sqlite.rebuild(&[Change::AddConstraint { table: name, constraint }], &old, &new).unwrap();
    let error = connection.batch(&Sqlite.script(&Plan { steps }).sql).unwrap_err();
    assert!(error.to_string().contains("a_row_violates_a_foreign_key"), "{error}");
}

fn model(ty: declared::Type, default: Option<declared::Default>) -> DeclaredSchema {
    let column = |name: &str, ty, default, identity| declared::Column {
        name: name.to_owned(),
        rust: name.to_owned(),
        ty,
        nullable: false,
        default,
        identity,
        sequence: None,
        generated: None,
        is_virtual: false,
        not_null: None,
        collation: None,
        comment: String::new(),
        renamed_from: None,
        at: "src/m.rs:1:1".to_owned(),
    };
    let int8 = declared::Type {
        kind: declared::TypeKind::Diesel,
        namespace: None,
        name: "Int8".to_owned(),
        modifiers: vec![],
        array: 0,
    };
    let key = |columns: &[&str]| declared::Key {
        name: None,
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        include: vec![],
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: declared::Deferrable::No,
        at: String::new(),
    };
    let expr = declared::Expr { sql: "char_length(x)>=3".to_owned(), postgres: None, sqlite: None, mysql: None };
    DeclaredSchema {
        models: vec![declared::Model {
            namespace: None,
            table: "m".to_owned(),
            rust: "M".to_owned(),
            comment: String::new(),
            renamed_from: None,
            columns: vec![
                column("id", int8, None, Some(declared::Identity::ByDefault)),
                column("x", ty, default, None),
            ],
            primary_key: key(&["id"]),
            uniques: vec![key(&["x"])],
            foreign_keys: vec![],
            checks: vec![declared::Check {
                name: None,
                expr,
                columns: vec!["x".to_owned()],
                not_valid: false,
                no_inherit: false,
                not_enforced: false,
                at: String::new(),
            }],
            indexes: vec![],
            inheritance: declared::Inheritance::default(),
            options: Vec::new(),
            at: String::new(),
        }],
        enums: vec![declared::Enum {
            namespace: None,
            name: "tone".to_owned(),
            rust: "Tone".to_owned(),
            values: vec!["a".to_owned(), "it's".to_owned()],
            comment: String::new(),
            at: String::new(),
        }],
        sequences: vec![],
        sql: vec![],
        dialects: vec![],
        comments: false,
        at: String::new(),
    }
}

fn ty(kind: declared::TypeKind, name: &str, modifiers: &[i32], array: u8) -> declared::Type {
    declared::Type { kind, namespace: None, name: name.to_owned(), modifiers: modifiers.to_vec(), array }
}

#[test]
fn what_is_lowered_is_what_is_read() {
    use declared::TypeKind::{Diesel, Enum};
    let now = declared::Expr { sql: "now()".to_owned(), postgres: None, sqlite: None, mysql: None };
    for (ty, default) in [
        (ty(Enum, "tone", &[], 0), Some(declared::Default::Text("it's".to_owned()))),
        (ty(Diesel, "Varchar", &[64], 0), None),
        (ty(Diesel, "Numeric", &[10, 2], 0), Some(declared::Default::Float("-1.50".to_owned()))),
        (ty(Diesel, "Bool", &[], 0), Some(declared::Default::Bool(true))),
        (ty(Diesel, "Int2", &[], 0), Some(declared::Default::Int(-3))),
        (ty(Diesel, "Timestamptz", &[], 0), Some(declared::Default::Expr(now))),
    ] {
        let schema = Sqlite.lower(&model(ty, default)).unwrap();
        assert_eq!(Sqlite.read(&mut create(&schema)).unwrap(), schema);
    }
}

#[test]
fn an_array_is_refused_at_its_place() {
    let errors = Sqlite.lower(&model(ty(declared::TypeKind::Diesel, "Text", &[], 1), None)).unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "src/m.rs:1:1: `M.x`, an array, can't be expressed on sqlite: keep it in a table of its own, \
         or say `#[sql_type(sql = \"TEXT\")]` and store JSON"
    );
}

#[test]
fn renames_reach_views_triggers_and_foreign_keys() {
    let mut connection = open(FAMILY);
    let old = Sqlite.read(&mut connection).unwrap();
    let (p, q) = (Name::new("p"), Name::new("q"));
    for change in [
        Change::RenameTable { from: p, to: q.clone() },
        Change::RenameColumn { table: q, from: "name".to_owned(), to: "title".to_owned() },
    ] {
        for step in Sqlite.render(&change, &old, &old).unwrap() {
            connection.batch(&step.sql).unwrap();
        }
    }
    let new = Sqlite.read(&mut connection).unwrap();
    let definitions: Vec<&str> = new.objects.values().map(|object| object.definition.as_str()).collect();
    assert_eq!(
        definitions,
        [
            "CREATE VIEW v AS SELECT title FROM q",
            "CREATE TRIGGER t AFTER INSERT ON q BEGIN INSERT INTO c VALUES (new.id); END"
        ]
    );
    assert_eq!(new.tables[&Name::new("c")].foreign_keys[0].references, Name::new("q"));
    assert_eq!(count(&mut connection, "c"), "2");
}

#[test]
fn columns_come_and_go_by_alter_table_or_by_rebuild() {
    let with = "CREATE TABLE t (a TEXT, b TEXT, c TEXT UNIQUE); INSERT INTO t (rowid, a) VALUES (1, 'x'), (7, 'y')";
    let without = "CREATE TABLE t (a TEXT); INSERT INTO t (rowid, a) VALUES (1, 'x'), (7, 'y')";
    for (from, to) in [(with, without), (without, with)] {
        let mut connection = open(from);
        let (old, new) = (Sqlite.read(&mut connection).unwrap(), Sqlite.read(&mut open(to)).unwrap());
        let name = Name::new("t");
        let (wide, drop) = if from == with { (&old, true) } else { (&new, false) };
        let change = |column: &str| {
            let column = wide.tables[&name].column(column).unwrap().clone();
            let table = name.clone();
            if drop { Change::DropColumn { table, column } } else { Change::AddColumn { table, column } }
        };
        assert!(Sqlite.can_alter(&change("b"), &old, &new));
        let constraint = Constraint::Unique(wide.tables[&name].uniques[0].clone());
        let table = name.clone();
        let key = if drop {
            Change::DropConstraint { table, constraint }
        } else {
            Change::AddConstraint { table, constraint }
        };
        assert!(!Sqlite.can_alter(&key, &old, &new));
        let steps = Sqlite.rebuild(&[change("b"), change("c"), key], &old, &new).unwrap();
        connection.batch(&Sqlite.script(&Plan { steps }).sql).unwrap();
        assert_eq!(Sqlite.read(&mut connection).unwrap(), new);
        let rows = connection.rows("SELECT CAST(rowid AS TEXT), a FROM t ORDER BY rowid").unwrap();
        let text = |s: &str| Some(s.to_owned());
        assert_eq!(rows, [vec![text("1"), text("x")], vec![text("7"), text("y")]]);
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_readers_panic(sql in "[a-z0-9 ()'\"`\\[\\],;.:?*/é\n-]{0,60}|(CREATE|TABLE|t|\\(|\\)|,|'|\"|PRIMARY KEY|CHECK|DEFAULT|--|/\\*|x| ){0,30}") {
        let _ = (parse::table(&sql), parse::index(&sql), objects::statements(&sql));
        let once = token::canonical(&sql);
        let _ = token::canonical(&once);
    }
}
