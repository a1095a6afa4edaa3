//! What the catalog shows of a statement that can't share a transaction: done, half done, or not begun.

use diesel::QueryResult;
use diesel::result::Error;

use super::settings::literal;
use super::statement::{Alone, Build, Kind, Reindexed};
use crate::connection::{SqlConnection, one_line};

/// What is there of a statement's effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// All of it.
    Done,
    /// None of it, or none any longer: the statement is to be sent.
    Nothing,
    /// A part; this statement completes it.
    Finish(String),
    /// Something else, which is in its way.
    Undecided(String),
}

/// Looks how far `kind` came, and takes away what is of no use: the invalid index of a build that died. `known` holds
/// the indexes that were there when a former run began the statement, where one did.
///
/// An index counts as this statement's where the server says the same of both: a copy is made on an empty table of
/// the same columns, and rolled back.
pub(super) fn look(
    connection: &mut dyn SqlConnection,
    kind: &Alone<'_>,
    known: Option<&str>,
    tag: &str,
) -> QueryResult<Found> {
    match (kind, known) {
        (Alone::Build(build), known) => index(connection, build, known, tag),
        (Alone::DropIndex(name), Some(_)) => {
            let there = connection.rows(&format!("SELECT to_regclass({})::text", literal(name)))?;
            Ok(if there.into_iter().flatten().flatten().next().is_none() { Found::Done } else { Found::Nothing })
        }
        (Alone::Reindex(what), Some(_)) => {
            reindexed(connection, *what, tag)?;
            Ok(Found::Nothing)
        }
        (Alone::Detach { parent, partition }, known) => detached(connection, parent, partition, known.is_some()),
        _ => Ok(Found::Nothing),
    }
}

/// Takes away what a statement left by half that is no longer in the file.
pub(super) fn sweep(connection: &mut dyn SqlConnection, begun: &str, tag: &str) -> QueryResult<()> {
    match Kind::of(begun) {
        Kind::Alone(Alone::Build(build)) => {
            for index in indexes(connection, &build)?.iter().filter(|index| !index.valid && index.named) {
                drop_index(connection, index, tag)?;
            }
            Ok(())
        }
        Kind::Alone(Alone::Reindex(what)) => reindexed(connection, what, tag),
        _ => Ok(()),
    }
}

/// An index of a table.
struct Index {
    oid: String,
    /// With its schema, quoted.
    name: String,
    /// Whether it has the name that was asked for.
    named: bool,
    valid: bool,
    /// From `USING` on, after whether it is unique: the same for the same index of another name and table.
    definition: String,
}

/// What [`Index::definition`] holds, of `pg_index i`.
const DEFINITION: &str = "CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || substr(pg_get_indexdef(i.indexrelid), \
     strpos(pg_get_indexdef(i.indexrelid), ' USING '))";

fn indexes(connection: &mut dyn SqlConnection, build: &Build<'_>) -> QueryResult<Vec<Index>> {
    // Names are cut to their length as the server cuts them.
    let named =
        build.name.map_or("false".to_owned(), |name| format!("c.relname = (parse_ident({}))[1]::name", literal(name)));
    let sql = format!(
        "SELECT c.oid::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname), ({named})::text, \
         (i.indisvalid AND i.indisready AND i.indislive)::text, {DEFINITION} \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE i.indrelid = to_regclass({}) ORDER BY c.oid",
        literal(build.table)
    );
    let rows = connection.rows(&sql)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || row.next().unwrap_or_default();
            let (oid, name, named, valid, definition) = (next(), next(), next(), next(), next());
            Index { oid, name, named: named == "true", valid: valid == "true", definition }
        })
        .collect())
}

fn drop_index(connection: &mut dyn SqlConnection, index: &Index, tag: &str) -> QueryResult<()> {
    tracing::warn!(index = index.name, "an invalid index that a former run left is dropped");
    connection.batch(&format!("{tag}DROP INDEX CONCURRENTLY IF EXISTS {}", index.name))
}

/// What the statement would make, or why the server does not say.
fn copy(connection: &mut dyn SqlConnection, build: &Build<'_>) -> Result<String, Error> {
    let unique = if build.unique { "UNIQUE " } else { "" };
    let made = connection.batch(&format!(
        "BEGIN; CREATE TEMPORARY TABLE diesel_schema_copy (LIKE {}); \
         CREATE {unique}INDEX diesel_schema_copied ON pg_temp.diesel_schema_copy {}",
        build.table, build.rest
    ));
    let rows = made.and_then(|()| {
        connection.rows(&format!(
            "SELECT {DEFINITION} FROM pg_index i WHERE i.indexrelid = 'pg_temp.diesel_schema_copied'::regclass"
        ))
    });
    // A connection that broke has rolled it back.
    let _ = connection.batch("ROLLBACK");
    rows.map(|rows| rows.into_iter().flatten().flatten().next().unwrap_or_default())
}

fn index(connection: &mut dyn SqlConnection, build: &Build<'_>, known: Option<&str>, tag: &str) -> QueryResult<Found> {
    let all = indexes(connection, build)?;
    let new = |index: &&Index| known.is_some_and(|known| !known.split(',').any(|oid| oid == index.oid));
    let candidates: Vec<&Index> =
        all.iter().filter(|index| if build.name.is_some() { index.named } else { new(index) }).collect();
    if candidates.is_empty() {
        return Ok(Found::Nothing);
    }
    let copy = copy(connection, build);
    for index in candidates {
        let same = copy.as_ref().is_ok_and(|copy| *copy == index.definition);
        let ours = build.name.is_some() && new(&index);
        match (index.valid, same) {
            (true, true) => return Ok(Found::Done),
            (false, same) if same || ours => drop_index(connection, index, tag)?,
            _ if build.name.is_none() => {}
            (valid, _) => return Ok(Found::Undecided(other(index, valid, &copy))),
        }
    }
    Ok(Found::Nothing)
}

/// Another index stands where the statement's should.
fn other(index: &Index, valid: bool, copy: &Result<String, Error>) -> String {
    let (name, there) = (&index.name, &index.definition);
    let invalid = if valid { "" } else { ", INVALID" };
    match copy {
        Ok(copy) => format!("index {name} is there already with another definition ({there}{invalid}; here {copy})"),
        Err(error) => format!(
            "index {name} is there already ({there}{invalid}), and whether it is this one can't be told: {}",
            one_line(error)
        ),
    }
}

/// Drops what `REINDEX CONCURRENTLY` leaves where it dies: its new index, or the old one.
fn reindexed(connection: &mut dyn SqlConnection, what: Reindexed<'_>, tag: &str) -> QueryResult<()> {
    let of = match what {
        Reindexed::Index(name) => {
            format!("i.indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass({}))", literal(name))
        }
        Reindexed::Table(name) => format!("i.indrelid = to_regclass({})", literal(name)),
        Reindexed::Schema(name) => format!("c.relnamespace = to_regnamespace({})", literal(name)),
        Reindexed::Database => "n.nspname <> 'pg_toast'".to_owned(),
    };
    let sql = format!(
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_index i \
         JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND {of} ORDER BY c.oid"
    );
    for name in connection.rows(&sql)?.into_iter().flatten().flatten() {
        tracing::warn!(index = name, "an index that a former REINDEX CONCURRENTLY left is dropped");
        connection.batch(&format!("{tag}DROP INDEX CONCURRENTLY IF EXISTS {name}"))?;
    }
    Ok(())
}

fn detached(connection: &mut dyn SqlConnection, parent: &str, partition: &str, begun: bool) -> QueryResult<Found> {
    let sql = format!(
        "SELECT coalesce(to_jsonb(h) ->> 'inhdetachpending', 'false') FROM pg_inherits h \
         WHERE inhparent = to_regclass({}) AND inhrelid = to_regclass({})",
        literal(parent),
        literal(partition)
    );
    let pending = connection.rows(&sql)?.into_iter().flatten().flatten().next();
    Ok(match pending.as_deref() {
        None if begun => Found::Done,
        Some("true") => Found::Finish(format!("ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE")),
        _ => Found::Nothing,
    })
}
