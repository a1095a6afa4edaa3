//! Who may use what is dropped and made again.

use super::{Pair, run, url};
use crate::connection::SqlConnection;
use crate::diff::Renames;
use diesel::{Connection, PgConnection};

/// Roles of the server, which go with it.
struct Roles([String; 2]);

impl Roles {
    fn new(test: &str) -> Self {
        let named = |role: &str| format!("Diesel schema {test} {role} {}", std::process::id());
        let roles = Self([named("reader"), named("owner")]);
        let mut connection = PgConnection::establish(&url()).expect("connect");
        for role in &roles.0 {
            connection.batch(&format!("CREATE ROLE \"{role}\"")).expect("role");
        }
        roles
    }

    /// The statements, with `$reader` and `$owner` as what they are called.
    fn of(&self, sql: &str) -> String {
        let [reader, owner] = &self.0;
        sql.replace("$reader", &format!("\"{reader}\"")).replace("$owner", &format!("\"{owner}\""))
    }
}

impl Drop for Roles {
    fn drop(&mut self) {
        let Ok(mut connection) = PgConnection::establish(&url()) else { return };
        for role in &self.0 {
            drop(connection.batch(&format!("DROP ROLE \"{role}\"")));
        }
    }
}

const GRANTED: &str = "
    SELECT what, owner::regrole::text, coalesce((SELECT string_agg(grantee::regrole || ' ' || privilege_type || is_grantable, ', '
        ORDER BY grantee, privilege_type) FROM aclexplode(acl)), '')
    FROM (SELECT 'relation ' || relname AS what, relowner AS owner, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END, relowner)) AS acl
            FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'S') AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'column ' || attrelid::regclass || '.' || attname, 0, attacl FROM pg_attribute
            WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL SELECT 'function ' || oid::regprocedure, proowner, coalesce(proacl, acldefault('f', proowner))
            FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'type ' || oid::regtype, typowner, coalesce(typacl, acldefault('T', typowner))
            FROM pg_type WHERE typtype IN ('e', 'd') AND typnamespace = 'public'::regnamespace
        UNION ALL SELECT 'server ' || srvname, srvowner, coalesce(srvacl, acldefault('S', srvowner)) FROM pg_foreign_server) all_of_it
    ORDER BY what";

/// Carries `old` to `new` and back; whatever is granted has to stay, and the revisions have to be remade.
fn stays(roles: &Roles, old: &str, new: &str, grants: &str) {
    let mut pair = Pair::new();
    pair.reset();
    pair.first().batch(&roles.of(&format!("{old};\n{grants}"))).expect("old");
    pair.second().batch(new).expect("new");
    let (before, after) = (pair.read_first(), pair.read_second());
    let granted = pair.first().rows(GRANTED).expect("granted");
    for (from, to) in [(&before, &after), (&after, &before)] {
        let sql = run(pair.first(), from, to, &Renames::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(pair.first().rows(GRANTED).expect("granted"), granted, "{sql}");
        let left = pair.first().rows("SELECT current_setting('diesel_schema.privileges', true)").expect("left");
        assert_eq!(left, [[Some(String::new())]], "{sql}");
    }
}

#[test]
fn what_is_made_again_keeps_its_owner_and_privileges() {
    let roles = Roles::new("kept");
    stays(
        &roles,
        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int, m mood, a smallint, g int GENERATED ALWAYS AS (a + 1) STORED);
         CREATE VIEW v AS SELECT id, a FROM t; CREATE VIEW \"w w\" AS SELECT id AS it FROM v; CREATE VIEW plain AS SELECT id FROM v;
         CREATE MATERIALIZED VIEW mv AS SELECT id FROM v;
         CREATE FUNCTION f(\"the id\" int, x text[]) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
         CREATE FUNCTION \"G g\"(m mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE AGGREGATE many(*) (sfunc = int8inc, stype = bigint, initcond = '0')",
        "CREATE TYPE mood AS ENUM ('b', 'c'); CREATE TABLE t (id bigint, m mood, a int, g int GENERATED ALWAYS AS (a + 1) STORED);
         CREATE VIEW v AS SELECT id, a FROM t; CREATE VIEW \"w w\" AS SELECT id AS it FROM v; CREATE VIEW plain AS SELECT id FROM v;
         CREATE MATERIALIZED VIEW mv AS SELECT id FROM v;
         CREATE FUNCTION f(\"the id\" int, x text[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint';
         CREATE FUNCTION \"G g\"(m mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE AGGREGATE many(*) (sfunc = int8inc, stype = bigint, initcond = '1')",
        "GRANT CREATE ON SCHEMA public TO $owner;
         ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO $reader; ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO $reader;
         ALTER VIEW \"w w\" OWNER TO $owner; GRANT SELECT ON v TO $reader WITH GRANT OPTION; GRANT SELECT (it) ON \"w w\" TO $reader;
         GRANT SELECT ON mv TO PUBLIC; ALTER MATERIALIZED VIEW mv OWNER TO $owner; GRANT UPDATE (g) ON t TO $reader;
         REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC; ALTER FUNCTION f OWNER TO $owner;
         REVOKE ALL ON TYPE mood FROM PUBLIC; ALTER TYPE mood OWNER TO $owner; GRANT USAGE ON TYPE mood TO $reader",
    );
}

#[test]
fn a_sequence_keeps_its_privileges_where_a_column_counts_in_another_way() {
    let roles = Roles::new("counter");
    stays(
        &roles,
        "CREATE TABLE t (id serial)",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)",
        "GRANT USAGE ON SEQUENCE t_id_seq TO $reader",
    );
}
