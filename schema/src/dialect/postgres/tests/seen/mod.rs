//! Nothing that a database can hold is passed over in silence: it is a difference, or it is listed as unread.

use std::collections::BTreeSet;

use super::{Postgres, server_version, url};
use crate::connection::SqlConnection;
use crate::dialect::DialectImpl;
use crate::diff::{Renames, diff};
use crate::plan::plan;
use crate::schema::Schema;

const BASE: &str = include_str!("base.sql");
const EACH: &str = include_str!("each.sql");

/// Catalogs whose rows are no part of a schema, or are said of in other catalogs' words.
const APART: &[&str] = &["pg_largeobject_metadata"];

fn statements() -> impl Iterator<Item = &'static str> {
    let (server, mut from) = (server_version(), 0);
    EACH.lines().filter(move |line| match line.strip_prefix("-- ") {
        Some(comment) => {
            from = comment.strip_prefix("from ").and_then(|it| it.parse().ok()).unwrap_or(from);
            false
        }
        None => from <= server,
    })
}

/// The catalogs, by whether something in them has an oid that is not the server's own.
fn catalogs(connection: &mut dyn SqlConnection, filled: bool) -> BTreeSet<String> {
    const OF: &str = "SELECT string_agg(format('SELECT %L FROM (SELECT 1) one WHERE EXISTS (SELECT FROM %I WHERE oid >= 16384) OR WANTED', \
        c.relname, c.relname), ' UNION ALL ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
        WHERE a.attname = 'oid' AND c.relkind = 'r' AND NOT c.relisshared AND c.relnamespace = 'pg_catalog'::regnamespace";
    let query = one(connection, &OF.replace("WANTED", if filled { "false" } else { "true" }));
    connection.rows(&query).expect("catalogs").into_iter().flatten().flatten().collect()
}

fn one(connection: &mut dyn SqlConnection, sql: &str) -> String {
    connection.rows(sql).expect(sql).into_iter().flatten().flatten().next().expect("a value")
}

fn read(connection: &mut dyn SqlConnection) -> Schema {
    Postgres.read(connection).expect("read")
}

/// Makes `to` of `from`; gives what is different all the same, or `false` where that is refused.
fn leg(connection: &mut dyn SqlConnection, from: &Schema, to: &Schema) -> Result<bool, String> {
    let changes = diff(from, to, &Renames::default()).map_err(|error| error.to_string())?;
    let Ok(plan) = plan(from, to, &changes, &Postgres) else { return Ok(false) };
    let sql: String = plan.steps.iter().map(|step| format!("{};\n", step.sql)).collect();
    connection.batch(&format!("SELECT 1;\n{sql}")).map_err(|error| format!("{error}\n{sql}"))?;
    let left = diff(&read(connection), to, &Renames::default()).map_err(|error| error.to_string())?;
    if left.is_empty() { Ok(true) } else { Err(format!("{left:?}\n{sql}")) }
}

/// What is wrong with some of the statements, and the catalogs that something was in.
fn check(statements: impl Iterator<Item = &'static str>) -> (Vec<String>, BTreeSet<String>) {
    let mut scratch = Postgres.scratch(Some(&url())).expect("scratch");
    let connection = scratch.connection();
    connection.batch(&format!("BEGIN; {BASE} SAVEPOINT base")).expect("base");
    let base = read(connection);
    let privileges = Postgres.privileges(connection).expect("privileges");
    let (mut wrong, mut filled) = (Vec::new(), catalogs(connection, true));
    for statement in statements {
        connection.batch(statement).unwrap_or_else(|error| panic!("{error}\n{statement}"));
        let with = read(connection);
        filled.append(&mut catalogs(connection, true));
        let differs = !diff(&base, &with, &Renames::default()).expect("diff").is_empty();
        let told = with.unread != base.unread;
        if !differs && !told && Postgres.privileges(connection).expect("privileges") == privileges {
            wrong.push(format!("passed over in silence: {statement}"));
        }
        connection.batch("ROLLBACK TO base").expect("back");
        // What needs something that is not read can't be made.
        if differs && !told {
            let there = leg(connection, &base, &with);
            let back = there.and_then(|there| if there { leg(connection, &with, &base) } else { Ok(false) });
            wrong.extend(back.err().map(|error| format!("{statement} {error}")));
            connection.batch("ROLLBACK TO base").expect("back");
        }
    }
    connection.batch("ROLLBACK").expect("rollback");
    (wrong, filled)
}

/// On connections side by side, because most of the time is the server's.
const SIDES: usize = 4;

#[test]
fn nothing_is_passed_over_in_silence() {
    let checked = std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..SIDES).map(|side| scope.spawn(move || check(statements().skip(side).step_by(SIDES)))).collect();
        let ended = running.into_iter().map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        ended.collect::<Vec<_>>()
    });
    let wrong: Vec<String> = checked.iter().flat_map(|(wrong, _)| wrong.clone()).collect();
    assert!(wrong.is_empty(), "{}\n\n{}", wrong.len(), wrong.join("\n\n"));
    let mut scratch = Postgres.scratch(Some(&url())).expect("scratch");
    let filled: BTreeSet<&String> = checked.iter().flat_map(|(_, filled)| filled).collect();
    let empty: Vec<String> = catalogs(scratch.connection(), false)
        .into_iter()
        .filter(|it| !filled.contains(it) && !APART.contains(&it.as_str()))
        .collect();
    assert_eq!(empty, Vec::<String>::new(), "catalogs that no statement fills");
}
