//! Partitions and children whose columns are their parents', and types that stand within others.

use super::changes::{CASE, Case, all};
use super::{Pair, Postgres, run, run_in, server_version};
use crate::dialect::DialectImpl;
use crate::diff::{Renames, diff};
use crate::plan::plan;

/// Why nothing carries `old` to `new`.
fn refusal(old: &str, new: &str) -> String {
    let mut pair = Pair::new();
    pair.reset();
    pair.first().batch(old).expect("old");
    pair.second().batch(new).expect("new");
    let (old, new) = (pair.read_first(), pair.read_second());
    run(pair.first(), &old, &new, &Renames::default()).expect_err("refused")
}

#[test]
fn the_values_of_an_enum_change_under_partitions_and_children() {
    let of = |values: &str, tables: &str| -> &'static str {
        format!("CREATE TYPE mood AS ENUM ({values}); {tables}").leak()
    };
    let case = |tables: &'static str, rows: &'static str| Case {
        old: of("'a', 'b', 'c'", tables),
        new: of("'b', 'a'", tables),
        rows,
        same: "SELECT m::text, tableoid::regclass::text FROM p ORDER BY 1, 2",
        ..CASE
    };
    const PARTS: &str = "CREATE TABLE p (id int, m mood DEFAULT 'a', l mood[]) PARTITION BY RANGE (id); \
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE p2 PARTITION OF p DEFAULT; \
        ALTER TABLE p1 ALTER m SET DEFAULT 'b'; ALTER TABLE p2 ALTER m DROP DEFAULT; ALTER TABLE p2 ALTER l SET DEFAULT '{b}'";
    const DEEP: &str = "CREATE TABLE p (id int, m mood) PARTITION BY RANGE (id); \
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id); \
        CREATE TABLE p2 PARTITION OF p1 DEFAULT; ALTER TABLE p1 ALTER m SET DEFAULT 'b'; ALTER TABLE p2 ALTER m SET DEFAULT 'a'";
    const HEIRS: &str = "CREATE TABLE p (id int, m mood NOT NULL DEFAULT 'a'); CREATE TABLE q (own mood DEFAULT 'b') INHERITS (p); \
        ALTER TABLE q ALTER m SET DEFAULT 'b'";
    all(&[
        case(PARTS, "INSERT INTO p VALUES (1, 'a', '{b}'), (11, 'b', NULL)"),
        case(DEEP, "INSERT INTO p VALUES (1, 'a'), (2, 'b')"),
        case(HEIRS, "INSERT INTO p VALUES (1, 'a'); INSERT INTO q VALUES (2, 'b')"),
    ]);
}

#[test]
fn what_splits_a_table_keeps_its_type() {
    let refused = refusal(
        "CREATE TABLE p (id int, at timestamp) PARTITION BY RANGE (at)",
        "CREATE TABLE p (id int, at timestamptz) PARTITION BY RANGE (at)",
    );
    assert!(refused.starts_with("p.at can't get another type while p is partitioned by it: "), "{refused}");
    let refused = refusal(
        "CREATE TABLE p (id int, at int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p DEFAULT PARTITION BY LIST (at)",
        "CREATE TABLE p (id int, at bigint) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p DEFAULT PARTITION BY LIST (at)",
    );
    assert!(refused.starts_with("p.at can't get another type while p1 is partitioned by it: "), "{refused}");
    let refused = refusal(
        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE p (m mood) PARTITION BY LIST (m)",
        "CREATE TYPE mood AS ENUM ('b'); CREATE TABLE p (m mood) PARTITION BY LIST (m)",
    );
    assert!(refused.starts_with("p.m can't get another type while p is partitioned by it: "), "{refused}");
    // Nor is a column the key that is called as a way to split.
    all(&[Case {
        old: "CREATE TABLE p (id int, range int) PARTITION BY RANGE (id)",
        new: "CREATE TABLE p (id int, range bigint) PARTITION BY RANGE (id)",
        ..CASE
    }]);
}

#[test]
fn an_inherited_not_null_has_the_name_that_the_server_gives() {
    if server_version() < 18 {
        return;
    }
    const PARTS: &str = "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)";
    const HEIR: &str = "CREATE TABLE q () INHERITS (p)";
    let of = |columns: &str, more: &str| -> &'static str {
        let split = if more == PARTS { " PARTITION BY RANGE (id)" } else { "" };
        format!("CREATE TABLE p (id int{columns}){split}; {more}").leak()
    };
    let mut cases = Vec::new();
    for more in [PARTS, HEIR] {
        for (old, new) in [
            ("", ", d int CONSTRAINT dnn NOT NULL"),
            (", d int", ", d int CONSTRAINT dnn NOT NULL"),
            (", d int NOT NULL", ", d int CONSTRAINT dnn NOT NULL"),
        ] {
            cases.push(Case { old: of(old, more), new: of(new, more), ..CASE });
        }
        cases.push(Case { old: "", new: of(", d int CONSTRAINT dnn NOT NULL", more), ..CASE });
    }
    all(&cases);
}

#[test]
fn a_domain_within_an_array_gets_no_constraint() {
    let of = |more: &str| format!("CREATE DOMAIN d AS int{more}; CREATE TABLE t (c d[])");
    for more in [" CHECK (VALUE > 0)", " NOT NULL"] {
        let refused = refusal(&of(""), &of(more));
        assert!(refused.contains("while t.c is an array of it"), "{refused}");
    }
}

#[test]
fn a_partition_gets_nothing_of_its_parents_that_goes() {
    const PART: &str = "id int NOT NULL, p int, u int, v int";
    let old = format!(
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE q ({PART}, UNIQUE (id, u), CONSTRAINT fk FOREIGN KEY (p) REFERENCES o) \
         PARTITION BY RANGE (id); CREATE INDEX q_p_id_idx ON q (p, id); CREATE INDEX stays ON q (v); CREATE TABLE part ({PART})"
    );
    let new = format!(
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE q ({PART}) PARTITION BY RANGE (id); CREATE INDEX stays ON q (v); \
         CREATE TABLE part PARTITION OF q FOR VALUES FROM (0) TO (10)"
    );
    let mut pair = Pair::new();
    pair.reset();
    pair.first().batch(&old).expect("old");
    pair.second().batch(&new).expect("new");
    let (before, after) = (pair.read_first(), pair.read_second());
    let online = Postgres.online(&|_| true).expect("online");
    let sql = run_in(pair.first(), &before, &after, &Renames::default(), &*online);
    let sql = sql.unwrap_or_else(|error| panic!("{error}"));
    let left = diff(&pair.read_first(), &after, &Renames::default()).expect("diff");
    let named = left.iter().filter(|change| !matches!(change, crate::change::Change::RenameIndex { .. }));
    assert_eq!(named.count(), 0, "{left:?}\n{sql}");
}

#[test]
fn a_type_with_another_zone_says_by_which_one_its_values_change() {
    let mut pair = Pair::new();
    for (old, new, told) in [
        ("timestamp", "timestamptz", true),
        ("timestamptz", "timestamp(3)", true),
        ("timestamptz[]", "timestamp[]", true),
        ("timestamptz", "date", true),
        ("time", "timetz", true),
        ("timestamp", "date", false),
        ("timestamptz(1)", "timestamptz(2)", false),
    ] {
        pair.reset();
        pair.first().batch(&format!("CREATE TABLE t (c {old})")).expect("old");
        pair.second().batch(&format!("CREATE TABLE t (c {new})")).expect("new");
        let (before, after) = (pair.read_first(), pair.read_second());
        let changes = diff(&before, &after, &Renames::default()).expect("diff");
        let steps = plan(&before, &after, &changes, &Postgres).expect("plan").steps;
        let mut hazards = steps.iter().flat_map(|step| &step.hazards);
        assert_eq!(
            hazards.any(|hazard| hazard.message.contains("by the TimeZone of the session")),
            told,
            "{old} {new}"
        );
    }
}
