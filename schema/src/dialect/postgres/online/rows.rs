//! How many rows a table holds, without counting them.

use std::collections::BTreeMap;

use diesel::QueryResult;

use crate::connection::SqlConnection;
use crate::schema::Name;

/// `reltuples` is what `ANALYZE` saw last; before the first one it says nothing (-1, or 0 before PostgreSQL 14), and the
/// size of the file has to do: a hundred bytes a row is less than most have, so the guess is high.
const ROWS: &str = "CASE WHEN l.reltuples > 0 THEN l.reltuples::int8 ELSE pg_relation_size(l.oid) / 100 END";

/// The rows' own file, and that of long values.
const BYTES: &str = "pg_table_size(l.oid)";

/// The tables of the database, each with about how many rows it holds.
pub(in crate::dialect::postgres) fn row_estimates(
    connection: &mut dyn SqlConnection,
) -> QueryResult<BTreeMap<Name, u64>> {
    sums(connection, ROWS)
}

/// The tables of the database, each with its size.
pub(in crate::dialect::postgres) fn table_bytes(
    connection: &mut dyn SqlConnection,
) -> QueryResult<BTreeMap<Name, u64>> {
    sums(connection, BYTES)
}

/// What `each` says of a table `l`, summed up over it and all below it.
fn sums(connection: &mut dyn SqlConnection, each: &str) -> QueryResult<BTreeMap<Name, u64>> {
    let query = format!(
        "WITH RECURSIVE below AS (
            SELECT oid AS top, oid FROM pg_class WHERE relkind IN ('r', 'p')
            UNION SELECT b.top, h.inhrelid FROM below b JOIN pg_inherits h ON h.inhparent = b.oid)
        SELECT n.nspname::text, c.relname::text, (SELECT sum({each})
            FROM below b JOIN pg_class l ON l.oid = b.oid AND l.relkind = 'r' WHERE b.top = c.oid)::int8::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    );
    let estimate = |row: Vec<Option<String>>| {
        let [namespace, table, sum] = <[Option<String>; 3]>::try_from(row).ok()?;
        let sum = sum.map_or(Some(0), |sum| sum.parse().ok())?;
        Some((Name::qualified(namespace.filter(|it| it != "public"), table?), sum))
    };
    Ok(connection.rows(&query)?.into_iter().filter_map(estimate).collect())
}
