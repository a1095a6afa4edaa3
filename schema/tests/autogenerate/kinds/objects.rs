//! What is said as text in a `sql:` file: a line a kind, each created, altered, dropped, on a table that holds rows.

use diesel_schema::declared::{Column, Model, Type, TypeKind};

use super::{PG, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO keep (a, n) VALUES ('x', 1), ('it''s', 2)";

fn keep() -> Stage {
    t("keep", [c("a", "Text"), c("n", "Int4")]).into()
}

fn of(ty: &str) -> Stage {
    let ty = Type { kind: TypeKind::Sql, namespace: None, name: ty.to_owned(), modifiers: Vec::new(), array: 0 };
    t("keep", [Column { ty, ..c("a", "Text") }, c("n", "Int4")]).into()
}

const GERMAN: &str = "CREATE COLLATION german (provider = libc, locale = 'C')";

fn sorted(collation: &str) -> Stage {
    let collation = (!collation.is_empty()).then(|| collation.to_owned());
    t("keep", [Column { collation, ..c("a", "Text") }, c("n", "Int4")]).into()
}

fn sql(text: &str) -> Stage {
    keep().and_sql(text)
}

const F: &str = "CREATE FUNCTION f(s text, x integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT s';";
const TOUCH: &str = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
const PAIR: &str = "CREATE TYPE pair AS (x integer, y text);";
const FIRST: &str = "CREATE FUNCTION first(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.x';";
const OF_A: &str = "CREATE VIEW v AS SELECT a, n FROM keep; CREATE POLICY p ON keep USING (a <> ''); \
     CREATE TRIGGER tr BEFORE UPDATE OF a ON keep FOR EACH ROW EXECUTE FUNCTION touch(); \
     CREATE STATISTICS st ON a, n FROM keep; CREATE RULE ru AS ON DELETE TO keep WHERE old.a = 'z' DO INSTEAD NOTHING; \
     ALTER TABLE keep ADD CONSTRAINT ex EXCLUDE USING btree (a WITH =)";
const TRIGGER: &str = "CREATE TRIGGER tr BEFORE UPDATE ON keep FOR EACH ROW EXECUTE FUNCTION touch();";
const V: &str = "CREATE VIEW v AS SELECT id, a FROM keep;";
const W: &str = "COMMENT ON VIEW v IS 'shown'; CREATE VIEW w WITH (security_barrier=true) AS SELECT a FROM v;";
const M: &str = "CREATE MATERIALIZED VIEW m AS SELECT id, a FROM keep;";

/// All that stands on a table; the names are the table's own, but for those that end in `end`.
fn on(table: &str, end: &str) -> String {
    let touch = if end.is_empty() { TOUCH } else { "" };
    format!(
        "{touch} CREATE VIEW v{end} AS SELECT a, n FROM {table}; CREATE POLICY p ON {table} USING (a <> ''); \
         CREATE POLICY q ON {table} USING (EXISTS (SELECT FROM {table} k WHERE k.n = 1)); \
         CREATE TRIGGER tr BEFORE UPDATE OF a ON {table} FOR EACH ROW EXECUTE FUNCTION touch(); \
         COMMENT ON TRIGGER tr ON {table} IS 'on {table}'; ALTER TABLE {table} DISABLE TRIGGER tr; \
         CREATE STATISTICS st{end} ON a, n FROM {table}; CREATE RULE ru AS ON DELETE TO {table} WHERE old.a = 'z' DO INSTEAD NOTHING; \
         ALTER TABLE {table} ADD CONSTRAINT ex{end} EXCLUDE USING btree (a WITH =); ALTER TABLE {table} SET UNLOGGED; \
         ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} SET (fillfactor = 70);"
    )
}

/// Functions that take and give rows.
fn rows_of(table: &str) -> String {
    format!(
        "CREATE FUNCTION all_of_it() RETURNS SETOF {table} LANGUAGE sql STABLE AS 'SELECT * FROM {table}'; \
         CREATE FUNCTION said({table}) RETURNS text LANGUAGE sql STABLE AS 'SELECT ($1).a'"
    )
}

fn moods(text: &str, values: &[&str]) -> Stage {
    keep().and_enum(an_enum("mood", values)).and_sql(text)
}

fn gone(name: &str, ty: &str) -> Model {
    let ty = Type { kind: TypeKind::Sql, namespace: None, name: ty.to_owned(), modifiers: Vec::new(), array: 0 };
    t(name, [Column { ty, ..c("p", "Text") }])
}

fn with(first: &str, then: &str) -> Stage {
    sql(&format!("{first}{then}"))
}

kinds! {
    a_domain: PG, ROWS, [
        keep(),
        sql("CREATE DOMAIN d AS text CHECK (value <> '')"),
        sql("CREATE DOMAIN d AS text DEFAULT 'x' NOT NULL CONSTRAINT c CHECK (length(value) < 9)"),
        keep(),
    ];
    a_domain_that_a_column_is_of: PG, ROWS, [
        keep(),
        of("d").and_sql("CREATE DOMAIN d AS text CHECK (value <> '')"),
        of("d").and_sql("CREATE DOMAIN d AS text CONSTRAINT e CHECK (length(value) < 9)"),
        keep(),
    ];
    a_composite_type: PG, ROWS, [
        keep(),
        sql("CREATE TYPE pair AS (x integer, y text)"),
        sql("CREATE TYPE pair AS (x bigint, z numeric(10,2))"),
        keep(),
    ];
    an_attribute_of_a_composite_type_that_does_not_come_last: PG, ROWS, [
        sql("CREATE TYPE pair AS (x integer, y text, z text)"),
        sql("CREATE TYPE pair AS (x integer, other text, z text)"),
        keep(),
    ];
    an_enum_that_a_composite_type_is_made_of: PG, ROWS, [
        moods("CREATE TYPE pair AS (x integer, m mood)", &["sad", "ok", "glad"]),
        moods("CREATE TYPE pair AS (x integer, m mood)", &["glad", "sad"]),
        moods("CREATE TYPE pair AS (x bigint)", &["glad", "sad"]),
        moods("", &["sad"]),
    ];
    a_column_of_a_composite_type_that_changes: PG, "INSERT INTO keep (a, n) VALUES ('(1)', 1)", [
        of("pair").and_sql("CREATE TYPE pair AS (x bigint)"),
        sql("CREATE TYPE pair AS (x integer, y text)"),
        of("pair").and_sql("CREATE TYPE pair AS (x bigint)"),
    ];
    a_range: PG, ROWS, [
        keep(),
        sql("CREATE TYPE span AS RANGE (subtype = float8)"),
        sql("CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi)"),
        keep(),
    ];
    a_collation: PG, ROWS, [
        keep(),
        sql("CREATE COLLATION german (provider = libc, locale = 'C')"),
        sql("CREATE COLLATION german (provider = libc, locale = 'POSIX')"),
        keep(),
    ];
    a_view_of_a_column_of_a_collation: PG, ROWS, [
        sorted("").and_sql(GERMAN),
        sorted("german").and_sql(&format!("{GERMAN}; CREATE VIEW v AS SELECT id, a FROM keep")),
        sorted("german").and_sql(&format!("{GERMAN}; CREATE VIEW v AS SELECT id, a, n FROM keep")),
        sorted("").and_sql(GERMAN),
    ];
    a_cast: PG, ROWS, [
        with(PAIR, ""),
        with(PAIR, "CREATE CAST (pair AS text) WITH INOUT"),
        with(PAIR, "CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT; COMMENT ON CAST (pair AS text) IS 'said'"),
        with(PAIR, ""),
    ];
    a_cast_that_a_view_makes: PG, ROWS, [
        with(PAIR, FIRST),
        with(
            PAIR,
            &format!(
                "{FIRST} CREATE CAST (pair AS integer) WITH FUNCTION first(pair) AS IMPLICIT; \
                 CREATE VIEW v AS SELECT ROW(n, a)::pair::integer AS n FROM keep"
            )
        ),
        with(PAIR, ""),
    ];
    an_operator: PG, ROWS, [
        keep(),
        sql("CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer)"),
        sql(
            "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = ===, HASHES); \
             CREATE VIEW v AS SELECT n === 1 AS one FROM keep"
        ),
        keep(),
    ];
    a_text_search_dictionary: PG, ROWS, [
        keep(),
        sql("CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = 'english')"),
        sql("CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, accept = 'false')"),
        sql("CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, language = 'english')"),
        keep(),
    ];
    a_text_search_configuration: PG, ROWS, [
        keep(),
        sql("CREATE TEXT SEARCH CONFIGURATION c (COPY = english)"),
        sql(
            "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c (COPY = english); \
             ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word, asciiword WITH d, english_stem; \
             ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR url; CREATE VIEW v AS SELECT to_tsvector('c', a) AS words FROM keep"
        ),
        keep(),
        sql(
            "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\"); \
             ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword WITH d"
        ),
        sql(
            "CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\"); \
             ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword WITH simple"
        ),
        keep(),
    ];
    an_aggregate: PG, ROWS, [
        with(F, ""),
        with(F, "CREATE AGGREGATE joined(integer) (sfunc = f, stype = text)"),
        with(F, "CREATE AGGREGATE joined(integer) (sfunc = f, stype = text, initcond = 'a')"),
        with(F, ""),
    ];
    an_index_of_a_materialized_view: PG, ROWS, [
        with(M, ""),
        with(M, "CREATE UNIQUE INDEX mi ON m (id); COMMENT ON INDEX mi IS 'by id'; COMMENT ON MATERIALIZED VIEW m IS 'all'"),
        with(M, "CREATE INDEX mi ON m (id DESC)"),
        with(M, ""),
    ];
    views_around_a_change_of_type: PG, ROWS, [
        with(V, W),
        of("varchar(30)").and_sql(&format!("{V}{W}")),
        with(V, ""),
    ];
    a_column_whose_name_another_takes: PG, ROWS, [
        keep().and_sql(&format!("{TOUCH} {OF_A}")),
        Stage::from(t("keep", [c("z", "Text").from("a"), c("n", "Int4"), c("a", "Text")])).and_sql(&format!("{TOUCH} {OF_A}")),
        Stage::from(t("keep", [c("a", "Text").from("z"), c("n", "Int4")])).and_sql(&format!("{TOUCH} {OF_A}")),
    ];
    a_renamed_table_keeps_what_stands_on_it: PG, ROWS, [
        keep().and_sql(&on("keep", "")),
        Stage::from(t("kept", [c("a", "Text"), c("n", "Int4")]).was("keep")).and_sql(&on("kept", "")),
        Stage::from(t("order", [c("a", "Text"), c("n", "Int4")]).was("kept")).and_sql(&on("\"order\"", "")),
    ];
    a_table_whose_name_another_takes: PG, ROWS, [
        keep().and_sql(&on("keep", "")),
        Stage::from([t("kept", [c("a", "Text"), c("n", "Int4")]).was("keep"), t("keep", [c("a", "Text"), c("n", "Int4")])])
            .and_sql(&format!("{} {}", on("kept", ""), on("keep", "2"))),
        Stage::from([t("third", [c("a", "Text"), c("n", "Int4")]).was("keep"), t("keep", [c("a", "Text"), c("n", "Int4")]).was("kept")])
            .and_sql(&format!("{} {}", on("keep", ""), on("third", "2"))),
    ];
    an_exclusion_constraint: PG, ROWS, [
        keep(),
        sql("ALTER TABLE keep ADD CONSTRAINT apart EXCLUDE USING btree (n WITH =)"),
        sql("ALTER TABLE keep ADD CONSTRAINT apart EXCLUDE USING btree (n WITH =) WHERE (a <> 'z')"),
        keep(),
    ];
    an_exclusion_constraint_that_takes_the_name_of_one_whose_table_goes: PG, ROWS, [
        Stage::from([t("keep", [c("a", "Text"), c("n", "Int4")]), t("gone", [c("n", "Int4")])])
            .and_sql("ALTER TABLE gone ADD CONSTRAINT apart EXCLUDE USING btree (n WITH =)"),
        sql("ALTER TABLE keep ADD CONSTRAINT apart EXCLUDE USING btree (n WITH =)"),
        keep(),
    ];
    statistics: PG, ROWS, [
        keep(),
        sql("CREATE STATISTICS st (ndistinct) ON a, n FROM keep"),
        sql("CREATE STATISTICS st (dependencies) ON a, n FROM keep; COMMENT ON STATISTICS st IS 'both'"),
        keep(),
    ];
    a_rule: PG, ROWS, [
        keep(),
        sql("CREATE RULE never AS ON DELETE TO keep DO INSTEAD NOTHING"),
        sql("CREATE RULE never AS ON DELETE TO keep WHERE old.n > 1 DO INSTEAD NOTHING; ALTER TABLE keep DISABLE RULE never"),
        sql("CREATE RULE never AS ON DELETE TO keep DO INSTEAD (SELECT 1; UPDATE keep SET n = 2 WHERE a = old.a)"),
        keep(),
    ];
    a_trigger_that_is_disabled: PG, ROWS, [
        with(TOUCH, TRIGGER),
        with(TOUCH, &format!("{TRIGGER} ALTER TABLE keep DISABLE TRIGGER tr")),
        with(TOUCH, &format!("{TRIGGER} ALTER TABLE keep ENABLE ALWAYS TRIGGER tr")),
        with(TOUCH, ""),
    ];
    a_policy: PG, ROWS, [
        keep(),
        sql("ALTER TABLE keep ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON keep USING (a = current_user)"),
        sql(
            "ALTER TABLE keep ENABLE ROW LEVEL SECURITY; ALTER TABLE keep FORCE ROW LEVEL SECURITY; \
             CREATE POLICY own ON keep AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (n > 0) WITH CHECK (n > 1)"
        ),
        keep(),
    ];
    a_publication: PG, ROWS, [
        keep(),
        sql("CREATE PUBLICATION all_of_it FOR TABLE keep"),
        sql("CREATE PUBLICATION all_of_it FOR TABLE keep WITH (publish = 'insert')"),
        keep(),
    ];
    storage_of_a_column_that_changes_its_type: PG, ROWS, [
        sql("ALTER TABLE keep ALTER COLUMN a SET STORAGE EXTERNAL"),
        of("varchar(30)").and_sql("ALTER TABLE keep ALTER COLUMN a SET STORAGE EXTERNAL"),
        keep(),
    ];
    what_a_column_sets_that_is_renamed: PG, ROWS, [
        sql("ALTER TABLE keep ALTER COLUMN a SET STATISTICS 50"),
        Stage::from(t("kept", [c("b", "Text").from("a"), c("n", "Int4")]).was("keep"))
            .and_sql("ALTER TABLE kept ALTER COLUMN b SET STATISTICS 50"),
        Stage::from(t("kept", [c("b", "Text"), c("n", "Int4")])),
    ];
    a_function_of_rows_of_a_table_that_is_renamed: PG, ROWS, [
        sql(&rows_of("keep")),
        Stage::from(t("kept", [c("a", "Text"), c("n", "Int4")]).was("keep")).and_sql(&rows_of("kept")),
        Stage::from(t("keep", [c("a", "Text"), c("n", "Int4")]).was("kept")),
    ];
    a_view_that_comes_to_show_another_table: PG, "", [
        Stage::from(gone("first", "pair")).and_sql("CREATE TYPE pair AS (x integer); CREATE VIEW v AS SELECT id FROM first"),
        Stage::from(gone("second", "pair")).and_sql("CREATE TYPE pair AS (x bigint); CREATE VIEW v AS SELECT id FROM second"),
    ];
    what_a_table_sets: PG, ROWS, [
        keep(),
        sql(
            "ALTER TABLE keep SET (fillfactor = 70, autovacuum_enabled = false); \
             ALTER TABLE keep ALTER COLUMN a SET STORAGE EXTERNAL; ALTER TABLE keep ALTER COLUMN n SET STATISTICS 200"
        ),
        sql("ALTER TABLE keep SET (fillfactor = 80); ALTER TABLE keep REPLICA IDENTITY FULL; ALTER TABLE keep CLUSTER ON keep_pkey"),
        sql("ALTER TABLE keep SET UNLOGGED"),
        keep(),
    ];
    what_a_materialized_view_sets: PG, ROWS, [
        with(M, ""),
        sql("CREATE MATERIALIZED VIEW m WITH (fillfactor = 70, autovacuum_enabled = false) AS SELECT id, a FROM keep"),
        sql(
            "CREATE MATERIALIZED VIEW m WITH (fillfactor = 80) AS SELECT id, a FROM keep; CREATE INDEX mi ON m (id); \
             ALTER MATERIALIZED VIEW m ALTER a SET STATISTICS 50; ALTER MATERIALIZED VIEW m CLUSTER ON mi"
        ),
        with(M, ""),
    ];
    what_a_view_and_a_key_set: PG, ROWS, [
        keep(),
        with(V, "ALTER VIEW v ALTER a SET DEFAULT 'x'; ALTER INDEX keep_pkey SET (fillfactor = 70)"),
        with(V, "ALTER VIEW v ALTER a SET DEFAULT 'y'; COMMENT ON SCHEMA public IS 'ours'; COMMENT ON INDEX keep_pkey IS 'by id'"),
        keep(),
    ];
}
