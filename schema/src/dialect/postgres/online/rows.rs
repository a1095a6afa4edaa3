//! How many rows a table holds, without counting them.

use std::collections::BTreeMap;

use diesel::QueryResult;

use crate::connection::SqlConnection;
use crate::schema::Name;

/// `reltuples` is what `ANALYZE` saw last; before the first one it says nothing (-1, or 0 before PostgreSQL 14), and the
/// size of the file has to do: a hundred bytes a row is less than most have, so the guess is high.
const QUERY: &str = "
    SELECT n.nspname::text, c.relname::text,
        (CASE WHEN c.reltuples > 0 THEN c.reltuples::int8 ELSE pg_relation_size(c.oid) / 100 END)::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// The ordinary tables of the database, each with about how many rows it holds.
pub(in crate::dialect::postgres) fn row_estimates(
    connection: &mut dyn SqlConnection,
) -> QueryResult<BTreeMap<Name, u64>> {
    let rows = connection.rows(QUERY)?;
    let estimate = |row: Vec<Option<String>>| {
        let [namespace, table, rows] = <[Option<String>; 3]>::try_from(row).ok()?;
        Some((Name::qualified(namespace.filter(|it| it != "public"), table?), rows?.parse().ok()?))
    };
    Ok(rows.into_iter().filter_map(estimate).collect())
}
