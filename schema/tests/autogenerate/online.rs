//! What is written for a table that is in use: nothing reads its rows while a lock keeps others from writing.

mod attach;
mod killed;
mod load;
mod old_name;
mod renamed;
mod retyped;
mod secured;
mod split;
mod triggers;

use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::declared::{Column, DeclaredSchema, ForeignKey, Identity, IndexKey, Key, Model};
use diesel_schema::generate::{Nobody, Prepared, report};
use diesel_schema_core::sql::split::split;

use crate::build::*;
use crate::journey::{Journey, sql};

const ROWS: &str = "INSERT INTO p (a, b) SELECT g, g FROM generate_series(1, 300) g; \
    INSERT INTO t (a, b, p) SELECT g, g, g FROM generate_series(1, 300) g; ANALYZE";

/// Of each table, how many of its rows this transaction has read, and whether it keeps others from writing.
const READ: &str = "SELECT c.oid::text, pg_stat_get_xact_tuples_returned(c.oid)::text, EXISTS (SELECT FROM pg_locks l \
    WHERE l.pid = pg_backend_pid() AND l.relation = c.oid AND l.mode IN \
    ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))::text \
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.oid";

fn p() -> Model {
    t("p", [c("a", "Int4"), c("b", "Int4")]).unique(key(&["b"]))
}

fn with(columns: [Column; 3]) -> Model {
    t("t", columns)
}

fn columns() -> [Column; 3] {
    [c("a", "Int4"), c("b", "Int4"), c("p", "Int4")]
}

fn bare_t() -> Model {
    with(columns())
}

fn set() -> Model {
    with([c("a", "Int4").not_null(), c("b", "Int4"), c("p", "Int4")])
}

fn reference() -> ForeignKey {
    fk(&["p"], "p", &["id"])
}

fn by(column: &str) -> IndexKey {
    on(column)
}

/// A revision as it is run: its `up.sql`, and whether in a transaction.
pub(crate) type Revision = (String, bool);

/// Carries the revisions out by hand, and gives the statements that read rows of a table while they, or what ran before
/// them in the same transaction, keep others from writing it.
pub(crate) fn rows_read_under_a_lock(connection: &mut dyn SqlConnection, revisions: &[Revision]) -> Vec<String> {
    let mut found = Vec::new();
    for (up, run_in_transaction) in revisions {
        let statements = split(up, Dialect::Postgres);
        if !run_in_transaction {
            for statement in statements {
                let alone = ["CONCURRENTLY", "DO $backfill$"].iter().any(|it| statement.sql.contains(it));
                assert!(alone || up == "SELECT 1;\n", "{up}");
                connection.batch(statement.sql).unwrap();
            }
            continue;
        }
        connection.batch("BEGIN").unwrap();
        for statement in statements {
            let before = connection.rows(READ).unwrap();
            connection.batch(statement.sql).unwrap_or_else(|error| panic!("{error}\n{up}"));
            let after = connection.rows(READ).unwrap();
            let read = |row: &Vec<Option<String>>| row[1].clone();
            let more = |row: &&Vec<Option<String>>| {
                before.iter().find(|it| it[0] == row[0]).is_some_and(|was| read(was) != read(row))
            };
            if after.iter().filter(more).any(|row| row[2].as_deref() == Some("true")) {
                found.push(statement.sql.to_owned());
            }
        }
        connection.batch("COMMIT").unwrap();
    }
    found
}

pub(crate) fn revisions(prepared: &Prepared) -> Vec<Revision> {
    let segments = &prepared.dialects[0].transition.segments;
    segments.iter().map(|segment| (segment.up.clone(), segment.run_in_transaction)).collect()
}

/// Where a way begins, and where it leads.
pub(crate) struct Way {
    from: Stage,
    to: Stage,
    /// A revision by hand that makes `from`, where no model can say it.
    by_hand: Option<&'static str>,
    rows: &'static str,
}

impl Way {
    fn of(from: Model, to: Model) -> Self {
        Self { from: [p(), from].into(), to: [p(), to].into(), by_hand: None, rows: ROWS }
    }

    fn declared(&self) -> DeclaredSchema {
        self.to.clone().of(Dialect::Postgres)
    }

    /// A database at its beginning, with rows.
    pub(crate) fn begin(&self, plain_below: u64) -> Journey {
        let mut journey = Journey::new(Dialect::Postgres);
        journey.bench.project.plain_below = plain_below;
        if let Some(up) = self.by_hand {
            let folder = journey.folder().join("0_by_hand");
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("up.sql"), up).unwrap();
            std::fs::write(folder.join("down.sql"), "DROP TABLE t, p;\n").unwrap();
            std::fs::write(folder.join("metadata.toml"), "run_in_transaction = true\n").unwrap();
            let folder = journey.folder();
            journey.live.upgrade(&folder).unwrap_or_else(|error| panic!("{error}"));
        }
        journey.go(&self.from.clone().of(Dialect::Postgres)).unwrap_or_else(|error| panic!("{error}"));
        if !self.rows.is_empty() {
            journey.live.connection().batch(self.rows).unwrap();
        }
        journey
    }

    fn measured(&self, plain_below: u64) -> (Vec<String>, String) {
        let mut journey = self.begin(plain_below);
        let prepared = journey.bench.prepare(&self.declared(), &mut Nobody, true);
        let prepared = prepared.unwrap_or_else(|error| panic!("{error}"));
        (rows_read_under_a_lock(journey.live.connection(), &revisions(&prepared)), sql(&prepared))
    }

    /// The safe form reads under no such lock, and the plain one does; there and back, through the runner.
    #[track_caller]
    pub(crate) fn survives(&self) -> String {
        let (found, text) = self.measured(0);
        assert!(found.is_empty(), "{found:?} in\n{text}");
        let (found, text_of_plain) = self.measured(u64::MAX);
        assert!(!found.is_empty(), "nothing to survive in\n{text_of_plain}");
        self.begin(0).there_and_back(&self.declared()).unwrap_or_else(|error| panic!("{error}"));
        text
    }
}

#[track_caller]
fn survives(from: Model, to: Model) -> String {
    Way::of(from, to).survives()
}

fn and(more: Column) -> Model {
    let [a, b, p] = columns();
    t("t", [a, b, p, more])
}

fn a_token() -> Column {
    c("token", "Uuid").not_null().sql("gen_random_uuid()")
}

fn a_number(identity: Identity) -> Column {
    c("number", "Int8").identity(identity)
}

#[test]
fn a_column_of_a_volatile_default() {
    insta::assert_snapshot!(survives(bare_t(), and(a_token())));
}

#[test]
fn a_column_of_a_volatile_default_that_may_be_null() {
    survives(bare_t(), and(c("at", "Timestamptz").sql("clock_timestamp()")));
}

/// Also where a column has the name of one of the block's variables.
#[test]
fn a_default_that_gives_nothing_ends() {
    let nothing = "substr(random()::text, 1, nullif(1, 1))";
    for (name, default) in [("block", "clock_timestamp()::text"), ("given", nothing)] {
        let way = Way::of(bare_t(), and(c(name, "Text").sql(default)));
        way.begin(0).go(&way.declared()).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn an_identity() {
    insta::assert_snapshot!(survives(bare_t(), and(a_number(Identity::Always))));
}

#[test]
fn a_serial() {
    insta::assert_snapshot!(survives(bare_t(), and(a_number(Identity::Serial))));
}

#[test]
fn numbers_go_on_behind_the_greatest() {
    let way = Way::of(bare_t(), and(a_number(Identity::ByDefault)));
    let mut journey = way.begin(0);
    journey.go(&way.declared()).unwrap_or_else(|error| panic!("{error}"));
    let connection = journey.live.connection();
    connection.batch("INSERT INTO t (a) VALUES (1)").unwrap();
    let rows = connection.rows("SELECT count(DISTINCT number)::text, max(number)::text FROM t").unwrap();
    assert_eq!(rows, [[Some("301".to_owned()), Some("301".to_owned())]]);
}

#[test]
fn a_check() {
    insta::assert_snapshot!(survives(bare_t(), bare_t().check("a > 0")));
}

#[test]
fn a_foreign_key() {
    insta::assert_snapshot!(survives(bare_t(), bare_t().foreign_key(reference())));
}

#[test]
fn a_unique() {
    insta::assert_snapshot!(survives(bare_t(), bare_t().unique(key(&["a", "b"]))));
}

#[test]
fn an_index() {
    insta::assert_snapshot!(survives(bare_t(), bare_t().index(index([by("a"), of("b + 1")]))));
}

#[test]
fn a_column_set_not_null() {
    insta::assert_snapshot!(survives(bare_t(), set()));
}

#[test]
fn a_primary_key() {
    let of = |columns: &[&str]| Model { primary_key: Key { name: Some("t_pkey".to_owned()), ..key(columns) }, ..set() };
    insta::assert_snapshot!(survives(of(&["id"]), of(&["a", "id"])));
}

/// It goes with the column that is made anew, and is there no longer to be replaced.
#[test]
fn a_primary_key_of_a_column_that_comes_to_be_generated() {
    let mut journey = Journey::new(Dialect::Postgres);
    journey.bench.project.plain_below = 0;
    let of = |columns: [Column; 3], keys: &[&str]| {
        let primary_key = Key { name: Some("t_pkey".to_owned()), ..key(keys) };
        Stage::from([p(), Model { primary_key, ..with(columns) }]).of(Dialect::Postgres)
    };
    let (a, b) = (|| c("a", "Int4").not_null(), || c("b", "Int4").not_null());
    journey.go(&of([a(), b(), c("p", "Int4")], &["id", "a"])).unwrap_or_else(|error| panic!("{error}"));
    journey.live.connection().batch("INSERT INTO p DEFAULT VALUES; INSERT INTO t (a, b) VALUES (1, 2)").unwrap();
    let to = of([a().generated("b + 1"), b(), c("p", "Int4")], &["id", "b"]);
    insta::assert_snapshot!(sql(&journey.there_and_back(&to).unwrap_or_else(|error| panic!("{error}"))));
}

/// It stays, and the rows of before are read beside the writes.
#[test]
fn constraints_that_were_not_valid() {
    let of = |not_valid: bool| {
        let mut table = bare_t().check("a > 0").foreign_key(ForeignKey { not_valid, ..reference() });
        table.checks[0].not_valid = not_valid;
        table
    };
    let way = Way::of(of(true), of(false));
    let mut journey = way.begin(0);
    let there = journey.there_and_back(&way.declared());
    insta::assert_snapshot!(sql(&there.unwrap_or_else(|error| panic!("{error}"))));
}

#[test]
fn several_at_once_are_validated_together() {
    let all = set().check("a > 0").foreign_key(reference()).unique(key(&["b"])).index(index([by("p")]));
    insta::assert_snapshot!(survives(bare_t(), all));
}

#[test]
fn what_goes_comes_back_as_gently() {
    let mut journey = Journey::new(Dialect::Postgres);
    journey.bench.project.plain_below = 0;
    let all = set().check("a > 0").foreign_key(reference()).unique(key(&["b"])).index(index([by("p")]));
    journey.go(&Stage::from([p(), all]).of(Dialect::Postgres)).unwrap_or_else(|error| panic!("{error}"));
    journey.live.connection().batch(ROWS).unwrap();
    let gone = journey.there_and_back(&Stage::from([p(), bare_t()]).of(Dialect::Postgres));
    insta::assert_snapshot!(sql(&gone.unwrap_or_else(|error| panic!("{error}"))));
}

/// The printed plan, without what is the SQL's.
fn costs(from: Model, to: Model, plain_below: u64) -> String {
    let way = Way::of(from, to);
    let journey = way.begin(plain_below);
    let prepared = journey.bench.prepare(&way.declared(), &mut Nobody, true).unwrap_or_else(|error| panic!("{error}"));
    let lines = report(&prepared, journey.bench.root.path(), false);
    let lines = lines.iter().map(|line| format!("{}\n", line.text));
    lines.take_while(|line| !line.starts_with("\n")).collect()
}

#[test]
fn the_plan_says_what_each_step_costs() {
    let [a, b, p] = columns();
    let all = t("t", [a.not_null(), b, p, a_token()]).foreign_key(reference()).index(index([by("p")]));
    insta::assert_snapshot!(costs(bare_t(), all.clone(), 0));
    insta::assert_snapshot!(costs(bare_t(), all, u64::MAX));
    insta::assert_snapshot!(costs(bare_t(), t("t", [c("a", "Int8"), c("c", "Int4").from("b")]), 0));
}

#[test]
fn a_small_table_has_the_short_form_and_that_is_said() {
    let mut journey = Journey::new(Dialect::Postgres);
    journey.go(&Stage::from([p(), bare_t()]).of(Dialect::Postgres)).unwrap_or_else(|error| panic!("{error}"));
    journey.live.connection().batch(ROWS).unwrap();
    let declared = Stage::from([p(), bare_t().check("a > 0")]).of(Dialect::Postgres);
    let prepared = journey.bench.prepare(&declared, &mut Nobody, true).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(prepared.dialects[0].transition.segments.len(), 1);
    assert_eq!(
        prepared.notes,
        [
            "postgres: short forms, which lock the table while they run, for t (about 300 rows): under 10000 rows in this \
          database (`plain-below` in Cargo.toml sets the limit)"
        ]
    );
}
