//! What `--fix` writes: the linter finds it no more, and a server comes to the same schema and the same rows.

use diesel::PgConnection;
use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection as _;
use diesel_schema::generate::implementation;
use diesel_schema::lint::{Catalog, Fixed, Piece, ROWS, Settings, all, fix, lint};
use diesel_schema::schema::Schema;
use diesel_schema_core::sql::split::split;

/// What stands beside the tables of the examples.
const BEFORE: &str = "CREATE MATERIALIZED VIEW seen AS SELECT id, b FROM t;
CREATE UNIQUE INDEX seen_key ON seen (id);
CREATE SCHEMA side;
CREATE TABLE side.\"Big T\" (id bigint PRIMARY KEY, \"My Col\" integer, p_id bigint);
INSERT INTO side.\"Big T\" SELECT i, i, i FROM generate_series(1, 100) i;
CREATE TABLE parts (id bigint NOT NULL, a integer) PARTITION BY RANGE (id);
CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE INDEX parts_a_idx ON parts (a);
INSERT INTO parts SELECT i, i FROM generate_series(0, 9) i;
";

/// Statements as people write them; those of which no safe form is sure are left alone.
const STATEMENTS: &[&str] = &[
    "CREATE INDEX ON t (a);",
    "create unique index \"I x\" on public.t using btree (a desc) include (b) where a > 5;",
    "CREATE INDEX IF NOT EXISTS i ON t (a);",
    "CREATE INDEX i -- of all\n    ON t (a) /* the rows */;",
    "CREATE INDEX i ON side.\"Big T\" (\"My Col\")",
    "CREATE INDEX i ON ONLY parts (a);",
    "DROP INDEX t_b_idx;",
    "DROP INDEX IF EXISTS t_b_idx, missing;",
    "DROP INDEX t_b_idx CASCADE;",
    "DROP INDEX parts_a_idx;",
    "REINDEX INDEX t_b_idx;",
    "REINDEX TABLE side.\"Big T\";",
    "REINDEX (VERBOSE) TABLE t;",
    "REFRESH MATERIALIZED VIEW seen;",
    "REFRESH MATERIALIZED VIEW seen WITH DATA;",
    "ALTER TABLE parts DETACH PARTITION part;",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);",
    "ALTER TABLE ONLY public.t ADD CONSTRAINT \"C\" CHECK (a > 0 AND b <> ';');",
    "ALTER TABLE t ADD CHECK (a > 0);",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NO INHERIT;",
    "ALTER TABLE t ADD FOREIGN KEY (p_id) REFERENCES p;",
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) MATCH FULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;",
    "ALTER TABLE side.\"Big T\" ADD FOREIGN KEY (p_id) REFERENCES p (id);",
    "ALTER TABLE t ADD UNIQUE (a, b);",
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) DEFERRABLE INITIALLY DEFERRED;",
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) INCLUDE (b);",
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) WITH (fillfactor = 70);",
    "ALTER TABLE side.\"Big T\" ADD CONSTRAINT \"U k\" UNIQUE (\"My Col\");",
    "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
    "ALTER TABLE t ALTER a SET NOT NULL;",
    "ALTER TABLE IF EXISTS t ALTER COLUMN a SET NOT NULL;",
    "ALTER TABLE side.\"Big T\" ALTER COLUMN \"My Col\" SET NOT NULL;",
    "ALTER TABLE t ADD COLUMN z uuid DEFAULT gen_random_uuid();",
    "ALTER TABLE t ADD COLUMN z integer UNIQUE;",
    "ALTER TABLE t ADD COLUMN z bigint REFERENCES p (id);",
    "ALTER TABLE t ADD COLUMN z integer CHECK (z > 0);",
];

struct Server {
    connection: PgConnection,
    on_server: PgConnection,
    name: String,
}

impl Server {
    fn new() -> Self {
        let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
        let name = format!("lint_fixes_{}", std::process::id());
        let mut on_server = PgConnection::establish(&url).unwrap();
        on_server.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let url = format!("{}/{name}", url.rsplit_once('/').unwrap().0);
        Self { connection: PgConnection::establish(&url).unwrap(), on_server, name }
    }

    /// The schema and the rows of `t` that a text leaves, or what the server says.
    fn after(&mut self, before: &str, text: &str, in_transaction: bool) -> Result<(Schema, String), String> {
        let clean = "DROP SCHEMA IF EXISTS side CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public";
        self.connection.batch_execute(clean).unwrap();
        self.connection.batch_execute(before).unwrap_or_else(|error| panic!("{error}: {before}"));
        let run = if in_transaction {
            self.connection.batch_execute(&format!("BEGIN;{text}\n;COMMIT"))
        } else {
            split(text, Dialect::Postgres).iter().try_for_each(|it| self.connection.batch_execute(it.sql))
        };
        if let Err(error) = run {
            let _ = self.connection.batch_execute("ROLLBACK");
            return Err(error.to_string());
        }
        let schema = implementation(Dialect::Postgres).unwrap().read(&mut self.connection).unwrap();
        let rows = self
            .connection
            .rows("SELECT md5(string_agg((to_jsonb(t) - 'at')::text, ',' ORDER BY id)) FROM t")
            .unwrap_or_default();
        Ok((schema, format!("{rows:?}")))
    }

    /// What is wrong with the safe form of a text, where there is one.
    fn wrong(&mut self, before: &str, text: &str, settings: &Settings, fixed: &Fixed) -> Option<String> {
        let wanted = self.after(before, text, settings.in_transaction);
        let found = self.after(before, &fixed.text, fixed.in_transaction);
        match (wanted, found) {
            // What the server refuses has no schema to compare with.
            (Err(_), _) => None,
            (Ok(wanted), Ok(found)) if wanted == found => None,
            (Ok(_), Err(error)) => Some(error),
            (Ok(wanted), Ok(found)) => {
                let [old, new] = [wanted, found].map(|it| format!("{it:#?}"));
                let other = old.lines().zip(new.lines()).find(|(old, new)| old != new);
                Some(format!("it comes to another schema: {other:?}"))
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.on_server.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

#[test]
fn what_fix_writes_is_clean_and_does_the_same() {
    let mut server = Server::new();
    let of_rules = all().into_iter().filter(|rule| rule.dialect() == Dialect::Postgres);
    let examples = of_rules.map(|rule| (rule.example.before, rule.example.bad));
    let statement = |sql: &&'static str| (BEFORE, Piece { sql, in_transaction: true });
    let all = examples.chain(STATEMENTS.iter().map(statement));
    let (mut wrong, mut mended) = (Vec::new(), 0);
    for (before, Piece { sql: text, in_transaction }) in all {
        let before = format!("{ROWS}{before}");
        let mut there = Catalog::default();
        there.take_script(&before);
        let settings = Settings { in_transaction, ..Settings::default() };
        let Some(fixed) = fix(text, &settings, &there, true) else { continue };
        mended += 1;
        let settings_after = Settings { in_transaction: fixed.in_transaction, ..settings.clone() };
        let left = lint(&fixed.text, &settings_after, &mut there);
        let left: Vec<&str> = left.iter().map(|it| it.rule).filter(|rule| fixed.rules.contains(rule)).collect();
        let tell = |error: String| format!("{text}\nbecame {}: {error}", fixed.text);
        if !left.is_empty() {
            wrong.push(tell(format!("still {left:?}")));
        }
        wrong.extend(server.wrong(&before, text, &settings, &fixed).map(tell));
    }
    assert!(wrong.is_empty(), "{} of {mended}:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(mended > 20, "{mended}");
}
