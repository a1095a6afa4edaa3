//! A throw-away database on the same server.
//!
//! It is made from `template0`, so nothing of the original's settings is copied: encoding and collation are the
//! server's defaults, which `ORDER BY` inside a definition may see but its spelling does not.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::PgConnection;
use diesel::connection::SimpleConnection;

use super::planned::{self, Planned};
use super::{Scratch, connect};
use crate::connection::{SqlConnection, no_connection};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// What `DISCARD ALL` is (<https://www.postgresql.org/docs/current/sql-discard.html>), but for the plans that [`Planned`]
/// keeps.
fn forget() -> String {
    format!(
        "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; \
         SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES; \
         DO $$ DECLARE n name; BEGIN FOR n IN SELECT name FROM pg_prepared_statements WHERE from_sql \
         AND NOT starts_with(name, '{}') LOOP EXECUTE format('DEALLOCATE %I', n); END LOOP; END $$",
        planned::NAME
    )
}

/// Every schema but the server's own, and all that is in `public`, which itself stays: to make it anew would end every
/// plan. What is a part of something else, or of an extension, goes with that. A schema of many tables is left to `DROP DATABASE`: each
/// table dropped here takes its locks.
const EMPTY: &str = "DO $$ DECLARE n name; it record; BEGIN \
     IF (SELECT count(*) FROM pg_class WHERE oid >= 16384) > 2000 THEN RETURN; END IF; \
     SET LOCAL client_min_messages = error; \
     FOR n IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND oid >= 16384 AND nspname <> 'public' LOOP \
     EXECUTE format('DROP SCHEMA %I CASCADE', n); END LOOP; \
     LOOP SELECT i.* INTO it FROM (SELECT classid, objid FROM pg_depend d WHERE refclassid = 'pg_namespace'::regclass \
     AND refobjid = to_regnamespace('public') AND deptype = 'n' AND NOT EXISTS (SELECT FROM pg_depend o \
     WHERE o.classid = d.classid AND o.objid = d.objid AND o.objsubid = 0 AND o.deptype IN ('i', 'e')) LIMIT 1) d, \
     pg_identify_object(d.classid, d.objid, 0) i; \
     EXIT WHEN NOT FOUND; \
     EXECUTE format('DROP %s %s CASCADE', replace(it.type, ' object', ''), it.identity); END LOOP; \
     CREATE SCHEMA IF NOT EXISTS public; \
     IF EXISTS (SELECT FROM pg_description WHERE classoid = 'pg_namespace'::regclass AND objoid = to_regnamespace('public') \
     AND description <> 'standard public schema') THEN COMMENT ON SCHEMA public IS NULL; END IF; END $$";

/// A row for anything that a script made and that lives in no schema, or in one of the server's own.
const LEFT: &str = "SELECT 'x' FROM (\
     SELECT oid FROM pg_class UNION ALL SELECT oid FROM pg_proc UNION ALL SELECT oid FROM pg_type \
     UNION ALL SELECT oid FROM pg_operator UNION ALL SELECT oid FROM pg_cast UNION ALL SELECT oid FROM pg_language \
     UNION ALL SELECT oid FROM pg_extension UNION ALL SELECT oid FROM pg_event_trigger \
     UNION ALL SELECT oid FROM pg_publication UNION ALL SELECT oid FROM pg_foreign_data_wrapper \
     UNION ALL SELECT oid FROM pg_foreign_server UNION ALL SELECT oid FROM pg_default_acl \
     UNION ALL SELECT oid FROM pg_collation UNION ALL SELECT oid FROM pg_am UNION ALL SELECT oid FROM pg_transform \
     UNION ALL SELECT oid FROM pg_largeobject_metadata \
     UNION ALL SELECT oid FROM pg_namespace WHERE nspname <> 'public' AND nspname !~ '^pg_' \
     UNION ALL SELECT setrole FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase \
     WHERE datname = current_database()) AS made (oid) WHERE oid >= 16384 OR oid = 0 LIMIT 1";

struct Database {
    /// `None` only while it is dropped: the connection has to be closed first.
    connection: Option<Planned>,
    own: PgConnection,
    name: String,
    url: String,
}

pub(super) fn create(url: Option<&str>) -> Result<Box<dyn Scratch>, String> {
    let url = url.ok_or(
        "a PostgreSQL scratch database needs a server: set DATABASE_URL to one where the role may CREATE DATABASE",
    )?;
    let refused = |what: &str, error: &dyn std::fmt::Display| {
        format!(
            "{what} failed: {}; the scratch database needs a reachable server and a role that may create \
             databases (ALTER ROLE .. CREATEDB)",
            no_connection(error)
        )
    };
    let mut own = connect(url).map_err(|error| refused("connecting to the PostgreSQL server", &error))?;
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!("diesel_schema_scratch_{}_{number}_{:08x}", std::process::id(), rand::random::<u32>());
    own.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
        .map_err(|error| refused("CREATE DATABASE", &error))?;
    let mut database = Database { connection: None, own, url: at(url, &name), name };
    let connection = connect(&database.url).map_err(|error| refused("connecting to the scratch database", &error))?;
    database.connection = Some(Planned::new(connection));
    Ok(Box::new(database))
}

/// The URL (or the `key=value` string) with another database.
fn at(url: &str, database: &str) -> String {
    let Some(host) = url.find("://").map(|end| end + 3) else { return format!("{url} dbname={database}") };
    let (address, query) = match url[host..].find('?') {
        Some(query) => (&url[..host + query], &url[host + query..]),
        None => (url, ""),
    };
    let address = address[host..].find('/').map_or(address, |slash| &address[..host + slash]);
    format!("{address}/{database}{query}")
}

impl Scratch for Database {
    fn connection(&mut self) -> &mut dyn SqlConnection {
        // The administrator's connection is never handed out: `connection` is there until the drop.
        match &mut self.connection {
            Some(connection) => connection,
            None => &mut self.own,
        }
    }

    fn url(&self) -> Option<&str> {
        Some(&self.url)
    }

    fn empty(&mut self) -> bool {
        let Some(connection) = &mut self.connection else { return false };
        // What an open transaction left goes first.
        let emptied = ["ROLLBACK", &forget(), EMPTY].into_iter().try_for_each(|sql| connection.batch(sql));
        let left = emptied.and_then(|()| connection.rows(LEFT));
        left.is_ok_and(|rows| rows.is_empty())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.connection = None;
        if let Err(error) = self.own.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)) {
            tracing::warn!(database = self.name, %error, "the scratch database could not be dropped");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn only_the_database_changes() {
        assert_eq!(at("postgres://u:p@h:1/db?sslmode=require", "x"), "postgres://u:p@h:1/x?sslmode=require");
        assert_eq!(at("postgres://h", "x"), "postgres://h/x");
        assert_eq!(at("host=h dbname=a", "x"), "host=h dbname=a dbname=x");
    }
}
