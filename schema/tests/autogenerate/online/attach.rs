//! A table with rows that becomes a partition of another one. No model says so: it is what differs between two databases.

use diesel_schema::Dialect;
use diesel_schema::generate::{Scratches, Sides, Source, compare, implementation};
use diesel_schema::plan::split;

use super::{Revision, rows_read_under_a_lock};
use crate::live::Live;
use crate::support::Workbench;

const BEFORE: &str = "\
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (id integer NOT NULL, at timestamptz, p integer REFERENCES p, UNIQUE (id)) PARTITION BY RANGE (id);
CREATE INDEX t_p_idx ON t (p);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (100);
CREATE TABLE t_rest PARTITION OF t DEFAULT;
CREATE TABLE l (kind text NOT NULL, n integer) PARTITION BY LIST (kind);
CREATE TABLE l_a PARTITION OF l FOR VALUES IN ('a');
CREATE TABLE l_rest PARTITION OF l DEFAULT;
CREATE TABLE d (at timestamptz NOT NULL, n integer) PARTITION BY RANGE (at);
CREATE TABLE d_rest PARTITION OF d DEFAULT;
CREATE TABLE t_2 (id integer NOT NULL, at timestamptz, p integer);
CREATE TABLE l_b (kind text NOT NULL, n integer);
CREATE TABLE d_1 (at timestamptz NOT NULL, n integer);
CREATE TABLE k (id integer PRIMARY KEY, p integer REFERENCES p, n integer CONSTRAINT whole CHECK (n > 0), UNIQUE (n, id)) \
    PARTITION BY RANGE (id);
CREATE INDEX k_p_idx ON k (p);
CREATE TABLE k_1 (id integer CONSTRAINT own PRIMARY KEY, p integer REFERENCES p, n integer CONSTRAINT whole CHECK (n > 0), \
    UNIQUE (n, id));
CREATE INDEX ON k_1 (p);
CREATE TABLE k_2 (id integer NOT NULL, p integer REFERENCES p, n integer CONSTRAINT whole CHECK (n > 0));
";

const ATTACHED: &str = "\
ALTER TABLE t ATTACH PARTITION t_2 FOR VALUES FROM (100) TO (200);
ALTER TABLE l ATTACH PARTITION l_b FOR VALUES IN ('b', 'it''s, (c)');
ALTER TABLE d ATTACH PARTITION d_1 FOR VALUES FROM ('2030-01-01') TO (MAXVALUE);
ALTER TABLE k ATTACH PARTITION k_1 FOR VALUES FROM (0) TO (100);
ALTER TABLE k ATTACH PARTITION k_2 FOR VALUES FROM (100) TO (200);
";

const ROWS: &str = "INSERT INTO p SELECT generate_series(0, 300); \
    INSERT INTO t SELECT g, now(), g FROM generate_series(0, 300) g WHERE g NOT BETWEEN 100 AND 199; \
    INSERT INTO t_2 SELECT g, now(), g FROM generate_series(100, 199) g; \
    INSERT INTO l SELECT 'z', g FROM generate_series(1, 50) g; INSERT INTO l_b SELECT 'b', g FROM generate_series(1, 50) g; \
    INSERT INTO d SELECT '2020-01-01', g FROM generate_series(1, 50) g; \
    INSERT INTO k_1 SELECT g, g, 1 FROM generate_series(0, 99) g; INSERT INTO k_2 SELECT g, g, 1 FROM generate_series(100, 199) g; \
    INSERT INTO d_1 SELECT '2031-01-01', g FROM generate_series(1, 50) g; ANALYZE";

/// The revisions that attach them, a database with rows to run them in, and one as it is to be.
pub(super) fn revisions(busy: bool) -> (Live, Live, Vec<Revision>) {
    let (mut old, new, revisions) = between([BEFORE, ATTACHED], busy);
    old.connection().batch(ROWS).unwrap();
    (old, new, revisions)
}

/// The same for any statements.
pub(super) fn between([before, attached]: [&str; 2], busy: bool) -> (Live, Live, Vec<Revision>) {
    let [mut old, mut new] = [Live::new(Dialect::Postgres), Live::new(Dialect::Postgres)];
    old.connection().batch(before).unwrap();
    new.connection().batch(&format!("{before}{attached}")).unwrap();
    let dialect = implementation(Dialect::Postgres).unwrap();
    let found = compare(
        &Sides {
            from: &Source::Database(old.url.clone()),
            to: &Source::Database(new.url.clone()),
            dialect: Dialect::Postgres,
            declared: None,
            project: &Workbench::new().project,
            database: None,
            scratch_postgres: None,
            renames: &[],
            online: busy,
            privileges: false,
        },
        &Scratches::default(),
    );
    let script = |plan| {
        let script = dialect.script(&plan);
        (script.sql, script.run_in_transaction)
    };
    (old, new, split(found.unwrap().plan).into_iter().map(script).collect())
}

/// Writes them to a folder, each behind the one before; nothing here goes back.
pub(super) fn write(folder: &std::path::Path, revisions: &[Revision]) {
    let mut parents = String::new();
    for (at, (up, run_in_transaction)) in revisions.iter().enumerate() {
        let folder = folder.join(format!("{at:02}_attach"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("up.sql"), up).unwrap();
        std::fs::write(folder.join("down.sql"), "SELECT 1;\n").unwrap();
        let metadata = format!("run_in_transaction = {run_in_transaction}\ndown_revision = [{parents}]\n");
        std::fs::write(folder.join("metadata.toml"), metadata).unwrap();
        parents = format!("\"{at:02}\"");
    }
}

#[test]
fn tables_become_partitions() {
    let (mut old, mut new, safe) = revisions(true);
    let text: Vec<&str> = safe.iter().map(|(sql, _)| sql.as_str()).collect();
    let text = text.join("-- next\n");
    let found = rows_read_under_a_lock(old.connection(), &safe);
    assert!(found.is_empty(), "{found:?} in\n{text}");
    assert_eq!(old.read().unwrap(), new.read().unwrap());
    insta::assert_snapshot!(text);
    let (mut old, mut new, plain) = revisions(false);
    let found = rows_read_under_a_lock(old.connection(), &plain);
    assert_eq!(found.len(), 5, "{found:?}");
    assert_eq!(old.read().unwrap(), new.read().unwrap());
}

/// What goes holds nothing that could be in the way of what joins, and is asked nothing.
#[test]
fn the_default_partition_goes_as_a_table_joins() {
    let before = "CREATE TABLE l (kind text NOT NULL) PARTITION BY LIST (kind); CREATE TABLE l_rest PARTITION OF l DEFAULT; \
        CREATE TABLE l_b (kind text NOT NULL);";
    let rows =
        "INSERT INTO l SELECT 'z' FROM generate_series(1, 50); INSERT INTO l_b SELECT 'b' FROM generate_series(1, 50)";
    joined_without_reading(before, "DROP TABLE l_rest; ALTER TABLE l ATTACH PARTITION l_b FOR VALUES IN ('b');", rows);
}

#[test]
fn a_child_has_its_parents_checks_before_it_joins() {
    let before = "CREATE TABLE parent (n integer CONSTRAINT whole CHECK (n > 0)); CREATE TABLE child (n integer);";
    let joins = "ALTER TABLE child ADD CONSTRAINT whole CHECK (n > 0); ALTER TABLE child INHERIT parent;";
    joined_without_reading(before, joins, "INSERT INTO child SELECT generate_series(1, 50)");
}

fn joined_without_reading(before: &str, joins: &str, rows: &str) {
    let (mut old, mut new, revisions) = between([before, joins], true);
    old.connection().batch(&format!("{rows}; ANALYZE")).unwrap();
    let found = rows_read_under_a_lock(old.connection(), &revisions);
    assert!(found.is_empty(), "{found:?} in {revisions:?}");
    assert_eq!(old.read().unwrap(), new.read().unwrap());
}
