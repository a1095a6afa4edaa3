//! Every kind of change, up and down and up again on a server, with rows in the tables that stay.

use super::{Pair, run, server_version};
use crate::change::HazardKind;
use crate::diff::{Renames, diff};
use crate::schema::Schema;

pub(super) struct Case {
    pub(super) old: &'static str,
    pub(super) new: &'static str,
    /// Fills the old schema.
    pub(super) rows: &'static str,
    /// What must say the same before, after up, and after down.
    pub(super) same: &'static str,
    pub(super) renames: &'static [&'static str],
}

pub(super) const CASE: Case = Case { old: "", new: "", rows: "", same: "SELECT 1", renames: &[] };

fn check(pair: &mut Pair, case: &Case) -> Result<(), String> {
    pair.reset();
    let at = |what: &str, error: &dyn std::fmt::Display| {
        format!("{what}: {error}\n  old: {}\n  new: {}", case.old, case.new)
    };
    pair.first().batch(&format!("SELECT 1; {}", case.old)).map_err(|error| at("old", &error))?;
    pair.second().batch(&format!("SELECT 1; {}", case.new)).map_err(|error| at("new", &error))?;
    pair.first().batch(&format!("SELECT 1; {}", case.rows)).map_err(|error| at("rows", &error))?;
    let (old, new) = (pair.read_first(), pair.read_second());
    if !old.unread.is_empty() || !new.unread.is_empty() {
        return Err(at("unread", &format!("{:?} {:?}", old.unread, new.unread)));
    }
    let mut renames = Renames::default();
    for rename in case.renames {
        renames.add(rename, &old, &new).map_err(|error| at("rename", &error))?;
    }
    let back = Renames {
        tables: renames.tables.iter().map(|(from, to)| (to.clone(), from.clone())).collect(),
        columns: renames
            .columns
            .iter()
            .map(|(table, from, to)| {
                let before = renames.tables.iter().find(|(_, to)| to == table).map_or(table, |(from, _)| from);
                (before.clone(), to.clone(), from.clone())
            })
            .collect(),
    };
    let rows = pair.first().rows(case.same).map_err(|error| at("same", &error))?;
    let mut leg = |name: &str, from: &Schema, to: &Schema, renames: &Renames| -> Result<(), String> {
        let sql = run(pair.first(), from, to, renames).map_err(|error| at(name, &error))?;
        let read = pair.read_first();
        let left = diff(&read, to, &Renames::default()).map_err(|error| at(name, &error))?;
        if !left.is_empty() {
            return Err(at(name, &format!("left over {left:?}\n{sql}")));
        }
        if read.unread != to.unread {
            return Err(at(name, &format!("unread {:?}\n{sql}", read.unread)));
        }
        let after = pair.first().rows(case.same).map_err(|error| at(name, &format!("{error}\n{sql}")))?;
        if after != rows {
            return Err(at(name, &format!("rows {rows:?} became {after:?}\n{sql}")));
        }
        Ok(())
    };
    leg("up", &old, &new, &renames)?;
    leg("down", &new, &old, &back)?;
    leg("up again", &old, &new, &renames)
}

pub(super) fn all(cases: &[Case]) {
    let mut pair = Pair::new();
    let version = server_version();
    let known = |case: &&Case| version >= 15 || !case.new.contains("NULLS NOT DISTINCT");
    let failures: Vec<String> = cases.iter().filter(known).filter_map(|case| check(&mut pair, case).err()).collect();
    assert!(failures.is_empty(), "{} of {}\n\n{}", failures.len(), cases.len(), failures.join("\n\n"));
}

/// A column `c` of one type with a value, and of another.
fn typed(old: &'static str, new: &'static str, value: &'static str) -> Case {
    let leak = |text: String| -> &'static str { text.leak() };
    Case {
        old: leak(format!("CREATE TABLE t (id int PRIMARY KEY, c {old})")),
        new: leak(format!("CREATE TABLE t (id int PRIMARY KEY, c {new})")),
        rows: leak(format!("INSERT INTO t VALUES (1, {value})")),
        same: "SELECT id::text, c::text FROM t",
        ..CASE
    }
}

#[test]
fn column_types() {
    all(&[
        typed("integer", "bigint", "7"),
        typed("integer DEFAULT 3", "bigint DEFAULT 3", "7"),
        typed("integer", "text", "7"),
        typed("text DEFAULT 'a'", "varchar(9) DEFAULT 'a'", "'x'"),
        typed("varchar(9) NOT NULL DEFAULT 'a'", "varchar(90)", "'x'"),
        typed("numeric(10,2)", "numeric(12,2)", "1.25"),
        typed("timestamp", "timestamp(3)", "'2020-01-01 00:00:00'"),
        typed("cidr", "inet", "'10.0.0.0/8'"),
        typed("jsonb", "json", "'{\"a\": 1}'"),
        typed("integer", "jsonb", "7"),
        typed("bigint", "timestamp", "NULL"),
        typed("int4range", "int8range", "'[1,5)'"),
        typed("integer", "oid", "7"),
        typed("text", "xml", "'x'"),
        typed("tsrange", "daterange", "NULL"),
        typed("text", "text[]", "NULL"),
        typed("int[]", "bigint[]", "'{1,2}'"),
        typed("boolean DEFAULT true", "text DEFAULT 'yes'", "true"),
        typed("text COLLATE \"C\"", "text", "'x'"),
        typed("text", "varchar(20) COLLATE \"POSIX\"", "'x'"),
        typed("integer DEFAULT 1", "integer", "5"),
        typed("integer", "integer DEFAULT 2 NOT NULL", "5"),
        typed(
            "timestamptz DEFAULT now()",
            "timestamptz DEFAULT clock_timestamp() NOT NULL",
            "'2020-01-01 00:00:00+00'",
        ),
        Case {
            old: "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int, c text DEFAULT 'a', d mood)",
            new: "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int, c mood DEFAULT 'a', d text)",
            rows: "INSERT INTO t VALUES (1, 'b', 'a')",
            same: "SELECT id::text, c::text, d::text FROM t",
            ..CASE
        },
        Case {
            old: "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (c text[])",
            new: "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (c mood[] DEFAULT '{a}')",
            rows: "INSERT INTO t VALUES ('{a,b}')",
            same: "SELECT c::text FROM t",
            ..CASE
        },
        Case {
            old: "CREATE TABLE t (c varchar(5) CHECK (c <> '')); CREATE INDEX i ON t (lower(c)) WHERE c > 'a'",
            new: "CREATE TABLE t (c text CHECK (c <> '')); CREATE INDEX i ON t (lower(c)) WHERE c > 'a'",
            rows: "INSERT INTO t VALUES ('x')",
            same: "SELECT c FROM t",
            ..CASE
        },
    ]);
}

/// A cast to a type with a length cuts what is longer off in silence.
#[test]
fn a_value_that_is_too_long_stops_the_change() {
    let mut pair = Pair::new();
    for (old, new, value) in [
        ("text", "varchar(20)", "'a text that is longer than that'"),
        ("varchar(50)", "varchar(20)", "'a text that is longer than that'"),
        ("timestamptz", "varchar(20)", "'2024-02-02 00:00:00+00'"),
        ("text", "char(3)", "'four'"),
        ("text[]", "varchar(3)[]", "'{four}'"),
        ("int", "varchar(3)", "1000"),
        ("text", "bit(3)", "'1010'"),
        ("bit(4)[]", "bit(3)[]", "'{1010}'"),
    ] {
        pair.reset();
        let rows = format!("CREATE TABLE t (c {old}); INSERT INTO t VALUES ({value})");
        pair.first().batch(&rows).unwrap();
        pair.second().batch(&format!("CREATE TABLE t (c {new})")).unwrap();
        let (from, to) = (pair.read_first(), pair.read_second());
        let error = run(pair.first(), &from, &to, &Renames::default()).expect_err(new);
        assert!(error.contains("too long") || error.contains("does not match type"), "{error}");
    }
}

#[test]
fn identities_and_serials_keep_their_counters() {
    const COUNT: &str =
        "INSERT INTO t (v) VALUES ('x'), ('y'); INSERT INTO t (v) VALUES ('gone'); DELETE FROM t WHERE v = 'gone'";
    const SERIAL: &str = "CREATE TABLE t (id serial PRIMARY KEY, v text)";
    const DEFAULT: &str = "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, v text)";
    const ALWAYS: &str = "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text)";
    const PLAIN: &str = "CREATE TABLE t (id int PRIMARY KEY, v text)";
    const BIG: &str = "CREATE TABLE t (id bigserial PRIMARY KEY, v text)";
    const BIG_ALWAYS: &str = "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text)";
    // `nextval` moves the counter, so only its state is asked.
    let kept = |old, new| Case {
        old,
        new,
        rows: COUNT,
        same: "SELECT id::text, v, (SELECT last_value::text || is_called FROM t_id_seq) FROM t ORDER BY id",
        ..CASE
    };
    let given = |old, new, rows| Case { old, new, rows, same: "SELECT id::text, v FROM t ORDER BY id", ..CASE };
    all(&[
        kept(SERIAL, DEFAULT),
        kept(SERIAL, ALWAYS),
        kept(DEFAULT, ALWAYS),
        kept(SERIAL, BIG),
        kept(SERIAL, BIG_ALWAYS),
        kept(DEFAULT, BIG_ALWAYS),
        Case { rows: "", same: "SELECT last_value::text || is_called FROM t_id_seq", ..kept(SERIAL, DEFAULT) },
        given(PLAIN, SERIAL, "INSERT INTO t VALUES (7, 'x')"),
        given(PLAIN, DEFAULT, "INSERT INTO t VALUES (7, 'x')"),
        given(DEFAULT, PLAIN, COUNT),
        given(PLAIN, BIG_ALWAYS, ""),
        given("CREATE TABLE t (id int PRIMARY KEY DEFAULT 5, v text)", DEFAULT, "INSERT INTO t VALUES (7, 'x')"),
        given("CREATE TABLE t (id int, v text)", ALWAYS, "INSERT INTO t VALUES (7, 'x')"),
        given("CREATE TABLE t (v text)", "CREATE TABLE t (v text, n serial)", "").with("SELECT v FROM t"),
        given(
            "CREATE TABLE t (v text)",
            "CREATE TABLE t (v text, n int GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 2 MINVALUE 4 CACHE 3))",
            "INSERT INTO t VALUES ('a')",
        )
        .with("SELECT v FROM t"),
        kept(
            DEFAULT,
            "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY (INCREMENT 5 CYCLE) PRIMARY KEY, v text)",
        ),
        kept(
            DEFAULT,
            "CREATE TABLE t (id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 5000000000) PRIMARY KEY, v text)",
        ),
        kept(
            "CREATE TABLE t (id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 5000000000) PRIMARY KEY, v text)",
            DEFAULT,
        ),
        // Bounds that the counter is not within, and some of which it is in none.
        given(
            "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY (START -200 MINVALUE -200 MAXVALUE 200) PRIMARY KEY, v text)",
            "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY (START -100 MINVALUE -100 MAXVALUE 100) PRIMARY KEY, v text)",
            COUNT,
        ),
        given(
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (MAXVALUE 50) PRIMARY KEY, v text)",
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (START 100 MINVALUE 100) PRIMARY KEY, v text)",
            COUNT,
        ),
    ]);
}

impl Case {
    fn with(mut self, same: &'static str) -> Self {
        self.same = same;
        self
    }
}

#[test]
fn enum_values() {
    const T: &str = "CREATE TABLE t (id int, c mood NOT NULL DEFAULT 'a', d mood[] DEFAULT '{a}')";
    let mood = |values: &str, more: &str| -> &'static str {
        format!("CREATE TYPE mood AS ENUM ({values}); {T}; {more}").leak()
    };
    let case = |old, new| Case {
        old: mood(old, ""),
        new: mood(new, ""),
        rows: "INSERT INTO t VALUES (1, 'a', '{a,b}'), (2, 'b', NULL)",
        same: "SELECT id::text, c::text, d::text FROM t ORDER BY id",
        ..CASE
    };
    let rows = "INSERT INTO t VALUES (1, 'a', '{a,b}'), (2, 'b', NULL)";
    let same = "SELECT id::text, c::text, d::text FROM t ORDER BY id";
    let more = |values: &'static str, after: &'static str, extra: &'static str| Case {
        old: mood(values, extra),
        new: mood(after, extra),
        rows,
        same,
        ..CASE
    };
    all(&[
        case("'a','b'", "'a','b','c'"),
        case("'a','b'", "'z','a','b'"),
        case("'a','b'", "'a','x','y','b','c'"),
        case("'a','b'", "'b','a'"),
        case("'a','b','c'", "'b','a'"),
        more("'a','b'", "'b','a'", "CREATE INDEX i ON t (c) WHERE c = 'a'; CREATE UNIQUE INDEX u ON t (c)"),
        more("'a','b'", "'b','a','q'", "ALTER TABLE t ADD CONSTRAINT k CHECK (c IN ('a', 'b'))"),
        more("'a','b'", "'b','a'", "ALTER TABLE t ADD g boolean GENERATED ALWAYS AS (c = 'a') STORED"),
        more("'a','b'", "'b','a'", "CREATE VIEW v AS SELECT id, c FROM t WHERE c = 'a'"),
        more(
            "'a','b'",
            "'b','a'",
            "CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS 'SELECT m'; COMMENT ON TYPE mood IS 'how'",
        ),
        Case {
            old: mood("'a','b'", ""),
            new: "CREATE TYPE mood AS ENUM ('a','b','c'); CREATE TABLE t (id int, c mood NOT NULL DEFAULT 'c', d mood[] \
                  DEFAULT '{a}', CONSTRAINT k CHECK (c <> 'c' OR id < 100)); CREATE INDEX i ON t (id) WHERE c = 'c'",
            rows,
            same,
            ..CASE
        },
        Case {
            old: "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (c text)",
            new: "CREATE TYPE mood AS ENUM ('a','b'); CREATE TABLE t (c mood)",
            rows: "INSERT INTO t VALUES ('b')",
            same: "SELECT c::text FROM t",
            ..CASE
        },
        Case {
            old: mood("'a','b','c'", "ALTER TABLE t ALTER c SET DEFAULT 'c'"),
            new: mood("'a','b'", ""),
            rows,
            same,
            ..CASE
        },
        Case {
            old: mood("'a','b'", ""),
            new: "CREATE TYPE mood AS ENUM ('b','a'); CREATE TABLE u (id int, e mood NOT NULL DEFAULT 'b', d mood[] DEFAULT '{a}')",
            rows,
            same: "SELECT 1",
            renames: &["t=u", "u.c=e"],
        },
        Case {
            old: "CREATE SCHEMA s; CREATE TYPE s.\"Mood\" AS ENUM ('a','b'); CREATE TABLE t (c s.\"Mood\" DEFAULT 'a')",
            new: "CREATE SCHEMA s; CREATE TYPE s.\"Mood\" AS ENUM ('b','a'); CREATE TABLE t (c s.\"Mood\" DEFAULT 'a')",
            rows: "INSERT INTO t VALUES ('a')",
            same: "SELECT c::text FROM t",
            ..CASE
        },
    ]);
}

#[test]
fn tables_keys_checks_and_indexes() {
    let on = |old, new| Case {
        old,
        new,
        rows: "INSERT INTO t (a, b) VALUES (1, 2), (2, 3)",
        same: "SELECT a::text, b::text FROM t ORDER BY a",
        renames: &[],
    };
    all(&[
        on("CREATE TABLE t (a int PRIMARY KEY, b int)", "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))"),
        on("CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))", "CREATE TABLE t (a int, b int, PRIMARY KEY (b, a))"),
        on("CREATE TABLE t (a int, b int)", "CREATE TABLE t (a int, b int, PRIMARY KEY (a))"),
        on("CREATE TABLE t (a int PRIMARY KEY, b int)", "CREATE TABLE t (a int, b int)"),
        on(
            "CREATE TABLE t (a int, b int)",
            "CREATE TABLE t (a int UNIQUE, b int UNIQUE NULLS NOT DISTINCT DEFERRABLE)",
        ),
        on("CREATE TABLE t (a int, b int, UNIQUE (a))", "CREATE TABLE t (a int, b int, UNIQUE (a) INCLUDE (b))"),
        on("CREATE TABLE t (a int, b int CHECK (b > 0))", "CREATE TABLE t (a int, b int CHECK (b > 1) NO INHERIT)"),
        on(
            "CREATE TABLE t (a int, b int)",
            "CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT k CHECK (b > 100) NOT VALID",
        ),
        on(
            "CREATE TABLE t (a int, b int, CONSTRAINT k CHECK (a > 0))",
            "CREATE TABLE t (a int, b int, CONSTRAINT l CHECK (a > 0))",
        ),
        on(
            "CREATE TABLE t (a int, b int)",
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t USING hash (a); CREATE UNIQUE INDEX j ON t (a DESC, (b + 1) NULLS FIRST) INCLUDE (b) WITH (fillfactor = 70) WHERE b > 0",
        ),
        on(
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)",
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a DESC NULLS LAST)",
        ),
        on(
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)",
            "CREATE TABLE t (a int, b int); CREATE INDEX \"J j\" ON t (a)",
        ),
        on(
            "CREATE TABLE t (a int, b int, x text)",
            "CREATE TABLE t (a int, b int, x text); CREATE INDEX i ON t (x text_pattern_ops, x COLLATE \"C\"); CREATE INDEX g ON t USING gin (to_tsvector('english', x))",
        ),
        on("CREATE TABLE t (a int, b int)", "CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED)"),
        on(
            "CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED)",
            "CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a * b) STORED)",
        ),
        on(
            "CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED UNIQUE)",
            "CREATE TABLE t (a int, b int, g int UNIQUE)",
        ),
        on(
            "CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED CHECK (g > 0)); CREATE INDEX i ON t (g)",
            "CREATE TABLE t (a int, b int, g bigint GENERATED ALWAYS AS (a * b) STORED CHECK (g > 0)); CREATE INDEX i ON t (g)",
        ),
        on(
            "CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED)",
            "CREATE TABLE t (a bigint, b int, g int GENERATED ALWAYS AS (a + b) STORED)",
        ),
        on(
            "CREATE TABLE t (a int, b int)",
            "CREATE TABLE t (a int, b int); COMMENT ON TABLE t IS 'it''s'; COMMENT ON COLUMN t.a IS E'a\\nb'",
        ),
        on(
            "CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT k CHECK (b > 0)); CREATE INDEX i ON t (b); COMMENT ON INDEX i IS 'x'; COMMENT ON CONSTRAINT k ON t IS 'y'; CREATE TYPE e AS ENUM ('a'); CREATE SEQUENCE s; COMMENT ON TYPE e IS 'e'; CREATE SCHEMA n",
            "CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT k CHECK (b > 0)); CREATE INDEX i ON t (b); COMMENT ON CONSTRAINT t_pkey ON t IS 'p'; CREATE TYPE e AS ENUM ('a'); CREATE SEQUENCE s; COMMENT ON SEQUENCE s IS 's'; CREATE SCHEMA n; COMMENT ON SCHEMA n IS 'n'",
        ),
        on(
            "CREATE TABLE t (a int, b int)",
            "CREATE TABLE t (a int, b int, c timestamptz NOT NULL DEFAULT clock_timestamp(), d text COLLATE \"C\" DEFAULT 'a''b\\c')",
        ),
    ]);
}

#[test]
fn relations_namespaces_and_renames() {
    all(&[
        Case {
            old: "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES u)",
            new: "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES u ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)",
            rows: "INSERT INTO u VALUES (1); INSERT INTO t VALUES (1)",
            same: "SELECT a::text FROM t",
            ..CASE
        },
        Case {
            old: "CREATE TABLE u (id int PRIMARY KEY, x int); CREATE TABLE t (a int REFERENCES u)",
            new: "CREATE TABLE u (id bigint PRIMARY KEY, x int, UNIQUE (x, id)); CREATE TABLE t (a bigint REFERENCES u, b int); ALTER TABLE t ADD FOREIGN KEY (b, a) REFERENCES u (x, id) MATCH FULL NOT VALID",
            rows: "INSERT INTO u VALUES (1); INSERT INTO t VALUES (1)",
            same: "SELECT a::text FROM t",
            ..CASE
        },
        Case {
            old: "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b",
            new: "CREATE TABLE c (id int PRIMARY KEY, d int); CREATE TABLE d (id int PRIMARY KEY, c int REFERENCES c); ALTER TABLE c ADD FOREIGN KEY (d) REFERENCES d",
            ..CASE
        },
        Case {
            old: "CREATE TABLE t (id serial PRIMARY KEY, a int UNIQUE CHECK (a > 0), t int REFERENCES t); CREATE INDEX ON t (lower(a::text))",
            new: "CREATE TABLE \"Order\" (id serial PRIMARY KEY, b int UNIQUE CHECK (b > 0), t int REFERENCES \"Order\"); CREATE INDEX ON \"Order\" (lower(b::text))",
            rows: "INSERT INTO t (a) VALUES (1)",
            renames: &["t=Order", "Order.a=b"],
            ..CASE
        },
        Case {
            old: "CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a'); CREATE SEQUENCE s.q START 5; CREATE TABLE s.t (id serial PRIMARY KEY, e s.e DEFAULT 'a', n int DEFAULT nextval('s.q'))",
            new: "CREATE SCHEMA \"S 2\"; CREATE TYPE \"S 2\".e AS ENUM ('a'); CREATE SEQUENCE \"S 2\".q AS smallint INCREMENT -1; CREATE TABLE \"S 2\".t (id bigint GENERATED ALWAYS AS IDENTITY, e \"S 2\".e[], n int DEFAULT nextval('\"S 2\".q'))",
            ..CASE
        },
        Case {
            old: "CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY, a int)",
            new: "CREATE SCHEMA s; CREATE TABLE t (id serial PRIMARY KEY, a int); CREATE INDEX ON t (a)",
            rows: "INSERT INTO s.t (a) VALUES (1)",
            renames: &["s.t=t"],
            ..CASE
        },
        Case {
            old: "CREATE SCHEMA s; CREATE TABLE s.t (a int, EXCLUDE USING btree (a WITH =)); ALTER TABLE s.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON s.t USING (a > 0); CREATE VIEW v AS SELECT a FROM s.t; CREATE RULE r AS ON DELETE TO s.t DO INSTEAD NOTHING; CREATE PUBLICATION w FOR TABLE s.t; CREATE SEQUENCE s.q; ALTER SEQUENCE s.q OWNED BY s.t.a",
            new: "CREATE SCHEMA s; CREATE TABLE u (a int, EXCLUDE USING btree (a WITH =)); ALTER TABLE u ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON u USING (a > 0); CREATE VIEW v AS SELECT a FROM u; CREATE RULE r AS ON DELETE TO u DO INSTEAD NOTHING; CREATE PUBLICATION w FOR TABLE u; CREATE SEQUENCE q; ALTER SEQUENCE q OWNED BY u.a; CREATE TABLE s.t (a int); CREATE POLICY p ON s.t USING (a > 0); CREATE RULE r AS ON DELETE TO s.t DO INSTEAD NOTHING; CREATE VIEW x AS SELECT a FROM s.t",
            rows: "INSERT INTO s.t (a) VALUES (1)",
            same: "SELECT a::text FROM v",
            renames: &["s.t=u"],
        },
        Case {
            old: "CREATE SEQUENCE q; CREATE TABLE t (a int DEFAULT nextval('q'))",
            new: "CREATE SEQUENCE q AS int START 3 INCREMENT 2 MINVALUE 2 MAXVALUE 900 CACHE 7 CYCLE; CREATE TABLE t (a int DEFAULT nextval('q'))",
            rows: "INSERT INTO t DEFAULT VALUES; INSERT INTO t DEFAULT VALUES",
            same: "SELECT a::text, (SELECT last_value::text FROM q) FROM t",
            ..CASE
        },
    ]);
}

#[test]
fn objects_of_text() {
    const F: &str =
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 1; RETURN NEW; END $$;";
    let with = |rest: &str| -> &'static str { format!("{F} {rest}").leak() };
    all(&[
        Case {
            old: "SELECT 1",
            new: "CREATE AGGREGATE least_of(integer) (SFUNC = int4smaller, STYPE = integer, SORTOP = <, COMBINEFUNC = int4smaller, PARALLEL = SAFE)",
            ..CASE
        },
        // The key of the partition is one of its own, on which the foreign key stands.
        Case {
            old: "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE UNIQUE INDEX u ON p (a, b); \
                  CREATE TABLE f (a int, b int, CONSTRAINT f_p FOREIGN KEY (a, b) REFERENCES p (a, b))",
            new: "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (a, b)) FOR VALUES IN (1); \
                  CREATE UNIQUE INDEX u ON p (a, b); CREATE TABLE f (a int, b int, CONSTRAINT f_p FOREIGN KEY (a, b) REFERENCES p (a, b))",
            ..CASE
        },
        // The partition came after the check, so it holds it as valid.
        Case {
            old: "CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
            new: "CREATE TABLE p (k int) PARTITION BY LIST (k); ALTER TABLE p ADD CONSTRAINT c CHECK (k > 0) NOT VALID; \
                  CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
            rows: "INSERT INTO p VALUES (1)",
            same: "SELECT k::text FROM p",
            ..CASE
        },
        Case {
            old: "CREATE TABLE p (k int, CONSTRAINT c CHECK (k > 0)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
            new: "CREATE TABLE p (k int) PARTITION BY LIST (k); ALTER TABLE p ADD CONSTRAINT c CHECK (k < 9) NOT VALID; \
                  CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
            ..CASE
        },
        Case {
            old: with(
                "CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch()",
            ),
            new: "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 2; RETURN NEW; END $$; CREATE TABLE t (a int, b text); \
                  CREATE VIEW v AS SELECT a, b FROM t; CREATE TRIGGER g BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()",
            rows: "INSERT INTO t VALUES (5, 'x')",
            same: "SELECT a::text FROM t",
            ..CASE
        },
        Case {
            old: "CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE MATERIALIZED VIEW m AS SELECT * FROM w",
            new: "CREATE TABLE t (a bigint, b text, c int); CREATE VIEW v AS SELECT a, c FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE MATERIALIZED VIEW m AS SELECT * FROM w",
            rows: "INSERT INTO t VALUES (5, 'x')",
            same: "SELECT a::text FROM w",
            ..CASE
        },
        Case {
            old: "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x'; CREATE TABLE t (a int CHECK (f(a) > 0), b int DEFAULT f(2)); CREATE INDEX i ON t (f(a))",
            new: "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x + 0'; CREATE TABLE t (a int CHECK (f(a) > 0), b int DEFAULT f(2)); CREATE INDEX i ON t (f(a))",
            rows: "INSERT INTO t VALUES (5)",
            same: "SELECT a::text FROM t",
            ..CASE
        },
        Case {
            old: "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'",
            new: "CREATE FUNCTION f(x int) RETURNS bigint LANGUAGE sql AS 'SELECT x::bigint'; CREATE FUNCTION f(x text, y int DEFAULT 3) RETURNS text LANGUAGE sql AS 'SELECT x'",
            ..CASE
        },
        Case {
            old: "CREATE VIEW v AS SELECT 1 AS a",
            new: "CREATE VIEW v WITH (security_barrier = true) AS SELECT 1 AS a, 2 AS b",
            ..CASE
        },
        Case { old: "", new: "CREATE EXTENSION citext; CREATE TABLE t (a citext DEFAULT 'x')", ..CASE },
    ]);
}

#[test]
fn a_rewrite_is_announced_exactly_where_the_server_does_one() {
    let mut pair = Pair::new();
    for (old, new) in [
        ("varchar(5)", "varchar(9)"),
        ("varchar(9)", "varchar(5)"),
        ("varchar(5)", "varchar"),
        ("varchar(5)", "text"),
        ("text", "varchar"),
        ("text", "varchar(5)"),
        ("numeric(8,2)", "numeric(10,2)"),
        ("numeric(8,2)", "numeric(10,3)"),
        ("numeric(8,2)", "numeric"),
        ("timestamp(3)", "timestamp(4)"),
        ("timestamp(3)", "timestamp"),
        ("timestamp", "timestamp(3)"),
        ("timestamptz(1)", "timestamptz(2)"),
        ("time(2)", "time(5)"),
        ("interval(2)", "interval(4)"),
        ("varbit(3)", "varbit(8)"),
        ("varbit(8)", "varbit"),
        ("bit(3)", "bit(8)"),
        ("cidr", "inet"),
        ("inet", "cidr"),
        ("int", "bigint"),
        ("char(3)", "char(5)"),
        ("char(3)", "text"),
        ("varchar(5)[]", "varchar(9)[]"),
    ] {
        pair.reset();
        pair.first().batch(&format!("CREATE TABLE t (c {old}); INSERT INTO t VALUES (NULL)")).expect("old");
        pair.second().batch(&format!("CREATE TABLE t (c {new})")).expect("new");
        let (before, after) = (pair.read_first(), pair.read_second());
        let changes = diff(&before, &after, &Renames::default()).expect("diff");
        let steps =
            crate::plan::plan(&before, &after, &changes, &crate::dialect::postgres::Postgres).expect("plan").steps;
        let announced =
            steps.iter().flat_map(|step| &step.hazards).any(|hazard| hazard.kind == HazardKind::TableRewrite);
        let mut file = || pair.first().rows("SELECT pg_relation_filenode('t')::text").expect("file");
        let stood = file();
        run(pair.first(), &before, &after, &Renames::default()).expect("run");
        let moved = pair.first().rows("SELECT pg_relation_filenode('t')::text").expect("file") != stood;
        assert_eq!(announced, moved, "{old} to {new}");
    }
}

#[test]
fn the_plan_of_a_little_of_everything() {
    let mut pair = Pair::new();
    pair.reset();
    let old = "CREATE TYPE tone AS ENUM ('calm', 'loud'); CREATE TABLE users (id serial PRIMARY KEY, name varchar(20) UNIQUE, \
               tone tone NOT NULL DEFAULT 'calm', old text, CHECK (name <> '')); CREATE INDEX i ON users (lower(name)); \
               CREATE TABLE gone (id int PRIMARY KEY, u int REFERENCES users)";
    let new = "CREATE TYPE tone AS ENUM ('loud', 'calm', 'mad'); CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
               name text NOT NULL, tone tone NOT NULL DEFAULT 'loud', seen timestamptz NOT NULL DEFAULT clock_timestamp(), \
               n int, s int GENERATED ALWAYS AS (n + 1) STORED, CHECK (n > 0)); CREATE UNIQUE INDEX j ON users (n DESC) WHERE n > 1; \
               COMMENT ON TABLE users IS 'People''s'; CREATE SCHEMA s; CREATE SEQUENCE s.q; \
               CREATE TABLE s.posts (id bigint PRIMARY KEY, u int REFERENCES users ON DELETE CASCADE)";
    pair.first().batch(old).expect("old");
    pair.second().batch(new).expect("new");
    let (before, after) = (pair.read_first(), pair.read_second());
    let mut text = String::new();
    for (title, from, to) in [("up", &before, &after), ("down", &after, &before)] {
        let changes = diff(from, to, &Renames::default()).expect("diff");
        text.push_str(&format!("-- {title}\n"));
        for step in crate::plan::plan(from, to, &changes, &crate::dialect::postgres::Postgres).expect("plan").steps {
            text.extend(step.hazards.iter().map(|hazard| format!("-- {}: {}\n", hazard.kind.name(), hazard.message)));
            let lock = step.lock.map(|lock| format!(" -- {lock}")).unwrap_or_default();
            text.push_str(&format!("{};{lock}\n", step.sql));
        }
    }
    insta::assert_snapshot!(text);
}
