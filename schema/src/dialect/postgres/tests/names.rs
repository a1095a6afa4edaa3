//! Names that something else has, or that end the text in which they stand.

use super::changes::{CASE, Case, all};
use super::{Pair, Postgres, run_in};
use crate::dialect::{DialectImpl, in_step};
use crate::diff::{Renames, diff};
use crate::schema::Name;

#[test]
fn a_trigger_is_of_a_table_whose_name_has_a_dot() {
    const TABLES: &str = "CREATE TABLE a (id int); CREATE TABLE \"a.b\" (id int); \
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
        CREATE TRIGGER \"b.t\" BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();";
    const WITH: &str = "CREATE TRIGGER u BEFORE INSERT ON \"a.b\" FOR EACH ROW EXECUTE FUNCTION f()";
    all(&[Case { old: TABLES, new: format!("{TABLES} {WITH}").leak(), ..CASE }]);
}

#[test]
fn what_waits_aside_takes_no_name_that_is_there() {
    all(&[
        Case {
            old: "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE mood__old AS ENUM ('x'); CREATE TABLE t (m mood)",
            new: "CREATE TYPE mood AS ENUM ('b'); CREATE TYPE mood__old AS ENUM ('x'); CREATE TABLE t (m mood)",
            ..CASE
        },
        Case {
            old: "CREATE TABLE t (id serial); CREATE TABLE t_id_seq__old (id int)",
            new: "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY); CREATE TABLE t_id_seq__old (id int)",
            ..CASE
        },
    ]);
}

#[test]
fn a_table_gets_another_name_in_another_namespace() {
    let case = |old, new| Case {
        old,
        new,
        rows: "INSERT INTO a.x VALUES (7)",
        same: "SELECT count(*)::text FROM pg_class WHERE relname IN ('x', 'y', 'z') AND relkind = 'r'",
        renames: &["a.x=b.y"],
    };
    const SCHEMAS: &str = "CREATE SCHEMA a; CREATE SCHEMA b;";
    let of = |more: &str| -> &'static str { format!("{SCHEMAS} {more}").leak() };
    all(&[
        case(
            of("CREATE TABLE a.x (id int, CHECK (id > 0))"),
            of("CREATE TABLE b.y (id int, CONSTRAINT x_id_check CHECK (id > 0))"),
        ),
        case(
            of("CREATE TABLE a.x (id int); CREATE TABLE b.x (other text)"),
            of("CREATE TABLE b.y (id int); CREATE TABLE b.x (other text)"),
        ),
        case(
            of("CREATE TABLE a.x (id int); CREATE TABLE b.x (other text); CREATE TABLE a.y (more text)"),
            of("CREATE TABLE b.y (id int); CREATE TABLE b.x (other text); CREATE TABLE a.y (more text)"),
        ),
    ]);
}

#[test]
fn an_index_that_goes_along_must_not_meet_another_one() {
    let mut pair = Pair::new();
    pair.reset();
    let schemas = "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.x (id int PRIMARY KEY)";
    pair.first().batch(&format!("{schemas}; CREATE TABLE a.x (id int PRIMARY KEY)")).expect("old");
    pair.second().batch(&format!("{schemas}; CREATE TABLE b.y (id int PRIMARY KEY)")).expect("new");
    let (old, new) = (pair.read_first(), pair.read_second());
    let mut renames = Renames::default();
    renames.add("a.x=b.y", &old, &new).expect("rename");
    let refused = run_in(pair.first(), &old, &new, &renames, &Postgres).expect_err("refused");
    assert!(refused.contains("its x_pkey would go along to where b.x_pkey is"), "{refused}");
}

#[test]
fn dollars_in_names_end_no_body() {
    let mut pair = Pair::new();
    let online = Postgres.online(&|_| true).expect("online");
    for (name, old, new) in
        [("c$$d", "int", "bigint"), ("c$body1$$d", "int", "bigint"), ("$backfill$", "int", "bigint")]
    {
        pair.reset();
        let table = |ty: &str| format!("CREATE TABLE \"t$$\" (id int PRIMARY KEY, \"{name}\" {ty})");
        pair.first().batch(&format!("{}; INSERT INTO \"t$$\" VALUES (1, 5)", table(old))).expect("old");
        pair.second().batch(&table(new)).expect("new");
        let (before, after) = (pair.read_first(), pair.read_second());
        let sql = run_in(pair.first(), &before, &after, &Renames::default(), &*online);
        let sql = sql.unwrap_or_else(|error| panic!("{error}"));
        assert!(sql.contains("DO $backfill"), "{sql}");
        let values = pair.first().rows(&format!("SELECT \"{name}\"::text FROM \"t$$\"")).expect("rows");
        assert_eq!(values, [[Some("5".to_owned())]], "{sql}");
        let left = diff(&pair.read_first(), &after, &Renames::default()).expect("diff");
        assert!(left.is_empty(), "{left:?}\n{sql}");
    }
    pair.reset();
    pair.first().batch("CREATE TABLE t (\"a$$b\" int, c int)").expect("table");
    pair.first().batch(&in_step::statements(&Name::new("t"), "a$$b", "c")).expect("in step");
    pair.first().batch("INSERT INTO t (c) VALUES (3)").expect("row");
    let row = pair.first().rows("SELECT \"a$$b\"::text FROM t").expect("rows");
    assert_eq!(row, [[Some("3".to_owned())]]);
}
