//! `diff`.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection};

use crate::postgres::{Database, Role};
use crate::support::{Session, chain};

/// Models, lock, revisions and a file, each against another.
pub(crate) fn sources() {
    let mut session = Session::new("sqlite", None);
    session.migrate(&["diff", "--from", "lock", "--to", "models"]);
    session.migrate(&["revision", "add users"]);
    session.migrate(&["upgrade", "--database-url", "app.db"]);
    for (from, to) in [("lock", "models"), ("revisions", "models"), ("app.db", "models"), ("revisions@head", "app.db")]
    {
        session.migrate(&["diff", "--from", from, "--to", to, "--exit-code"]);
    }
    session.migrate(&["diff", "--from", "revisions@base", "--to", "models", "--exit-code"]);
    let mut connection = SqliteConnection::establish(&session.root().join("app.db").display().to_string()).unwrap();
    connection.batch_execute("ALTER TABLE users RENAME COLUMN name TO nick").unwrap();
    session.note("the live column is called nick");
    session.migrate(&["diff", "--from", "app.db", "--to", "models"]);
    session.migrate(&["diff", "--from", "app.db", "--to", "models", "--rename", "users.nick=name"]);
    session.migrate(&["diff", "--from", "lock", "--to", "app.db", "--json", "--exit-code"]);
    insta::assert_snapshot!(session.text);
}

/// Part of a folder that has no lock and no models.
pub(crate) fn revisions() {
    let mut session = chain();
    session.migrate(&["diff", "--from", "revisions@1", "--to", "revisions@head-1"]);
    session.migrate(&["diff", "--from", "revisions", "--to", "revisions@2"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn mistakes() {
    let mut session = chain();
    session.migrate(&["diff", "--from", "lock", "--to", "models"]);
    session.migrate(&["diff", "--from", "revisions@9", "--to", "models", "--exit-code"]);
    session.migrate(&["diff", "--from", "revisions@", "--to", "models"]);
    session.migrate(&["diff", "--from", "modles", "--to", "revisions"]);
    session.migrate(&["diff", "--from", "postgres://u:secret@h/d", "--to", "app.db"]);
    session.migrate(&["diff", "--from", "postgres://u:secret@h/d", "--to", "app.db", "--json", "--exit-code"]);
    session.migrate(&["diff", "--from", "revisions", "--to", "models", "--dialect", "postgres"]);
    session.migrate(&["diff", "--from", "revisions", "--to", "models", "--dialect", "oracle"]);
    session.migrate(&["diff", "--from", "models", "--to", "mysql://h/d", "--exit-code"]);
    insta::assert_snapshot!(session.text);
}

/// What `psql` runs makes the one database the other, in both directions.
pub(crate) fn two_databases() {
    let (here, there) = (Database::new("here"), Database::new("there"));
    let (from, to) = (here.url(), there.url());
    let mut session = Session::new("sqlite", None);
    session.hide(&from, "[here]");
    session.hide(&to, "[there]");
    let mut connection = PgConnection::establish(&from).unwrap();
    let old = "CREATE TYPE mood AS ENUM ('good');
        CREATE TABLE users (id int PRIMARY KEY, old text, mood mood, CHECK (old IN ('a', 'b')));
        CREATE VIEW seen AS SELECT id FROM users;
        CREATE DOMAIN short AS text CHECK (length(VALUE) < 3)";
    connection.batch_execute(old).unwrap();
    let mut connection = PgConnection::establish(&to).unwrap();
    let new = "CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE users (id int PRIMARY KEY, mood mood DEFAULT 'bad', CHECK (id > 0));
        CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE VIEW seen AS SELECT id, one() FROM users";
    connection.batch_execute(new).unwrap();
    for (from, to) in [(&from, &to), (&to, &from)] {
        session.migrate(&["diff", "--from", from, "--to", to]);
    }
    let script = session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &from], &script);
    session.migrate(&["diff", "--from", &from, "--to", &to, "--exit-code"]);
    session.migrate(&["diff", "--from", &from, "--to", "models", "--exit-code"]);
    insta::assert_snapshot!(session.text);
}

/// What a function's text names is there before something runs the function; two that name each other are made all the
/// same.
pub(crate) fn functions_that_call() {
    let (here, there) = (Database::new("calls_here"), Database::new("calls_there"));
    let (from, to) = (here.url(), there.url());
    let mut session = Session::new("sqlite", None);
    session.hide(&from, "[here]");
    session.hide(&to, "[there]");
    let new = "CREATE TABLE notes (id int PRIMARY KEY, title text);
        CREATE FUNCTION z_inner(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)';
        CREATE FUNCTION a_outer(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT z_inner($1)';
        CREATE INDEX notes_outer ON notes (a_outer(title));
        CREATE FUNCTION b_first(n notes) RETURNS SETOF notes LANGUAGE sql AS 'SELECT * FROM notes';
        CREATE FUNCTION even(int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN $1 = 0 OR odd($1 - 1); END';
        CREATE FUNCTION odd(int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN $1 <> 0 AND even($1 - 1); END';
        CREATE MATERIALIZED VIEW a_seen AS SELECT b_first(notes) FROM notes";
    PgConnection::establish(&to).unwrap().batch_execute(new).unwrap();
    let script = session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &from], &script);
    session.migrate(&["diff", "--from", &from, "--to", &to, "--exit-code"]);
    let mut connection = PgConnection::establish(&from).unwrap();
    connection.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
    let script = session.output(&["diff", "--from", &to, "--to", &from]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &to], &script);
    session.migrate(&["diff", "--from", &from, "--to", &to, "--exit-code"]);
    insta::assert_snapshot!(session.text);
}

/// The copies that a partitioned table's trigger has on its partitions come and go with it.
pub(crate) fn triggers_of_partitions() {
    let (here, there) = (Database::new("copies_here"), Database::new("copies_there"));
    let (from, to) = (here.url(), there.url());
    let session = &mut Session::new("sqlite", None);
    let both = "CREATE TABLE lines (at int) PARTITION BY RANGE (at);
        CREATE TABLE lines_1 PARTITION OF lines FOR VALUES FROM (0) TO (9);
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
    PgConnection::establish(&from).unwrap().batch_execute(both).unwrap();
    let trigger = "CREATE TRIGGER kept BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION keep()";
    PgConnection::establish(&to).unwrap().batch_execute(&format!("{both};{trigger}")).unwrap();
    let differ = |session: &Session| session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    let script = differ(session);
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &from], &script);
    assert_eq!(String::from_utf8_lossy(&script).matches("CREATE TRIGGER").count(), 1);
    assert!(differ(session).is_empty());
}

/// What `psql` runs makes owners and privileges those of the other database, and then nothing differs; `--no-privileges`
/// leaves them alone.
pub(crate) fn privileges() {
    let (Role(reader), Role(writer)) = (&Role::new("reader"), &Role::new("writer"));
    let (here, there) = (Database::new("acl_here"), Database::new("acl_there"));
    let (from, to) = (here.url(), there.url());
    let session = &mut Session::new("sqlite", None);
    let both = "CREATE TABLE notes (id serial PRIMARY KEY, title text, body text);
        CREATE VIEW titles AS SELECT title FROM notes; CREATE VIEW other AS SELECT 1 AS a, 2 AS b;
        CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'";
    let old = format!(
        "{both}; GRANT ALL ON notes TO {writer}; GRANT SELECT ON titles TO {writer} WITH GRANT OPTION;
        GRANT SELECT (title) ON notes TO {reader}; GRANT UPDATE (title), REFERENCES (title) ON notes TO {writer};
        GRANT SELECT, UPDATE ON other TO {writer}; GRANT SELECT (title) ON titles TO {reader}; ALTER FUNCTION one() OWNER TO {writer};
        ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {writer}"
    );
    // The view has a column more in front, so it is made again; the new table would have the default privileges of before.
    let new = format!(
        "{}; CREATE TABLE more (id int); GRANT SELECT, INSERT ON notes TO {writer};
        GRANT UPDATE (title) ON notes TO {writer}; GRANT SELECT (a, b), UPDATE (b) ON other TO {writer};
        GRANT SELECT (title) ON titles TO {reader};
        GRANT USAGE ON SEQUENCE notes_id_seq TO {reader}; GRANT SELECT ON titles TO {writer};
        ALTER TABLE notes OWNER TO {writer}; REVOKE EXECUTE ON FUNCTION one() FROM PUBLIC;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {reader} WITH GRANT OPTION",
        both.replace("SELECT title", "SELECT id, title")
    );
    PgConnection::establish(&from).unwrap().batch_execute(&old).unwrap();
    PgConnection::establish(&to).unwrap().batch_execute(&new).unwrap();
    for (from, to) in [(&from, &to), (&to, &from)] {
        let again = session.output(&["diff", "--from", from, "--to", from, "--exit-code"]);
        assert!(again.stdout.is_empty(), "{}", String::from_utf8_lossy(&again.stdout));
        let structure = session.output(&["diff", "--from", from, "--to", to, "--no-privileges"]).stdout;
        // What is made again keeps its own all the same, by a block.
        let structure = String::from_utf8_lossy(&structure);
        assert!(!structure.lines().any(|line| line.starts_with("GRANT") || line.starts_with("REVOKE")), "{structure}");
    }
    let script = session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &from], &script);
    let held = |url: &str| {
        let sql = "SELECT string_agg(concat_ws(' ', relname, pg_get_userbyid(relowner), \
             (SELECT string_agg(e::text, ' ' ORDER BY e::text) FROM aclexplode(coalesce(relacl, acldefault('r', relowner))) e)), E'\\n' \
             ORDER BY relname) || (SELECT string_agg(attrelid::regclass || '.' || attname || ' ' || attacl::text, E'\\n' \
             ORDER BY attrelid::regclass::text, attnum) FROM pg_attribute WHERE attacl IS NOT NULL AND attacl <> '{}' \
             AND attrelid >= 16384) AS held FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')";
        diesel::sql_query(sql).get_result::<Held>(&mut PgConnection::establish(url).unwrap()).unwrap().held
    };
    assert_eq!(held(&from), held(&to));
    let left = session.output(&["diff", "--from", &from, "--to", &to, "--exit-code"]);
    assert!(left.stdout.is_empty(), "{}", String::from_utf8_lossy(&left.stdout));
}

#[derive(diesel::QueryableByName)]
struct Held {
    #[diesel(sql_type = diesel::sql_types::Text)]
    held: String,
}

/// A view whose columns stay is replaced under what stands on it; a sequence that a column lets go of counts on; foreign
/// servers come and go; a partition's index gets its name.
pub(crate) fn further_kinds() {
    let (here, there) = (Database::new("kinds_here"), Database::new("kinds_there"));
    let (from, to) = (here.url(), there.url());
    let session = &mut Session::new("sqlite", None);
    let old = "CREATE TABLE notes (id serial PRIMARY KEY, title text);
        CREATE VIEW seen AS SELECT id FROM notes; CREATE VIEW above AS SELECT id FROM seen;
        CREATE TABLE parts (at int) PARTITION BY RANGE (at); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (9);
        CREATE INDEX at ON parts (at); INSERT INTO notes (title) VALUES ('a'), ('b')";
    let new = "CREATE TABLE notes (id int NOT NULL, title text, CONSTRAINT notes_pkey PRIMARY KEY (id));
        CREATE SEQUENCE notes_id_seq AS int; ALTER TABLE notes ALTER id SET DEFAULT nextval('notes_id_seq');
        CREATE VIEW seen AS SELECT id, title FROM notes; CREATE VIEW above AS SELECT id FROM seen;
        CREATE TABLE parts (at int) PARTITION BY RANGE (at); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (9);
        CREATE INDEX at ON parts (at); ALTER INDEX parts_1_at_idx RENAME TO own;
        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (a 'b''c');
        CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'p');
        CREATE FOREIGN TABLE far (id int NOT NULL, CHECK (id > 0)) SERVER s OPTIONS (name 'x');
        COMMENT ON SERVER s IS 'there'";
    PgConnection::establish(&from).unwrap().batch_execute(old).unwrap();
    PgConnection::establish(&to).unwrap().batch_execute(new).unwrap();
    let script = session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    let text = String::from_utf8_lossy(&script).into_owned();
    assert!(text.contains("CREATE OR REPLACE VIEW seen") && !text.contains("VIEW above"), "{text}");
    assert!(text.contains("OWNED BY NONE") && text.contains("ALTER INDEX parts_1_at_idx RENAME TO own"), "{text}");
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &from], &script);
    let mut connection = PgConnection::establish(&from).unwrap();
    let counted = diesel::sql_query("SELECT nextval('notes_id_seq')::text AS held").get_result::<Held>(&mut connection);
    assert_eq!(counted.unwrap().held, "3");
    for (from, to) in [(&from, &to), (&to, &from)] {
        let left = session.output(&["diff", "--from", from, "--to", to]).stdout;
        assert!(left.is_empty(), "{}", String::from_utf8_lossy(&left));
    }
    connection.batch_execute("DROP TABLE parts; CREATE TABLE parts (at int) PARTITION BY RANGE (at)").unwrap();
    let script = session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &from], &script);
    let left = session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    assert!(left.is_empty(), "{}", String::from_utf8_lossy(&left));
}

/// Two schemas whose partitions are attached, detached, and have indexes and keys of their own, there and back.
pub(crate) fn parts_of_indexes() {
    let (here, there) = (Database::new("parts_here"), Database::new("parts_there"));
    let session = &mut Session::new("sqlite", None);
    let tables = "CREATE TABLE p (a int NOT NULL, b int NOT NULL) PARTITION BY LIST (a);
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);";
    let pairs = [
        // A name, and a key of its own.
        ("", "CREATE UNIQUE INDEX i ON p (a, b); ALTER INDEX p1_a_b_idx RENAME TO mine;"),
        (
            "",
            "CREATE UNIQUE INDEX i ON p (a, b); ALTER TABLE p1 ADD CONSTRAINT mine PRIMARY KEY USING INDEX p1_a_b_idx;",
        ),
        (
            "CREATE UNIQUE INDEX i ON p (a, b);",
            "CREATE TABLE p2 PARTITION OF p (CONSTRAINT own UNIQUE (a, b)) FOR VALUES IN (2);
             CREATE UNIQUE INDEX i ON p (a, b);",
        ),
        // The parent's index alone, and with one part of two.
        ("", "CREATE INDEX i ON ONLY p (b); CREATE INDEX local ON p1 (b);"),
        (
            "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);",
            "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE INDEX i ON ONLY p (b);
             CREATE INDEX own ON p1 (b); ALTER INDEX i ATTACH PARTITION own; CREATE INDEX local ON p2 (b);",
        ),
        // A column that comes with the detachment, and goes with the attachment.
        ("", "ALTER TABLE p DETACH PARTITION p1; ALTER TABLE p ADD c int;"),
    ];
    for (old, new) in pairs {
        for (old, new) in [(old, new), (new, old)] {
            for (url, sql) in [(here.url(), old), (there.url(), new)] {
                let mut connection = PgConnection::establish(&url).unwrap();
                connection.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
                connection.batch_execute(&format!("{tables}{sql}")).unwrap();
            }
            let pair = ["diff", "--from", &here.url(), "--to", &there.url()];
            let output = session.output(&pair);
            assert!(output.status.success(), "{new}: {}", String::from_utf8_lossy(&output.stderr));
            session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &here.url()], &output.stdout);
            let left = session.output(&pair).stdout;
            assert!(left.is_empty(), "{old} -> {new}: {}", String::from_utf8_lossy(&left));
        }
    }
}
