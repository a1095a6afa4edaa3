//! What a server expects the query to cost.

use super::{privileges, queries, seldom};
use crate::connection::SqlConnection;
use crate::dialect::DialectImpl;
use crate::dialect::postgres::{Postgres, tests::server_version};
use crate::schema::Name;

/// From `jit_above_cost` on, PostgreSQL compiles a query before it runs it
/// (<https://www.postgresql.org/docs/current/jit-decision.html>), and from five times that on it optimizes what it
/// compiled. For a thousand expressions the one takes seconds and the other a minute.
const JIT_ABOVE_COST: f64 = 100_000.0;

fn cost(sql: &str, connection: &mut dyn SqlConnection) -> f64 {
    let plan = connection.rows(&format!("EXPLAIN {sql}")).expect("a plan");
    let first = plan.into_iter().flatten().flatten().next().expect("a line");
    let (_, behind) = first.split_once("..").expect("two costs");
    behind.split_whitespace().next().and_then(|cost| cost.parse().ok()).expect("a number")
}

fn kinds_in(connection: &mut dyn SqlConnection) -> Vec<seldom::Seldom> {
    let mut there = Vec::new();
    connection.each_text(&seldom::question(), &mut |row| there.extend(seldom::answer(row))).expect("what there is");
    there
}

#[test]
fn a_server_does_not_take_the_query_for_one_to_be_compiled() {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let mut scratch = Postgres.scratch(Some(&url)).expect("scratch");
    let connection = scratch.connection();
    connection.batch(include_str!("many.sql")).expect("create");
    // Without statistics a server expects anything, and 13 takes an empty pg_publication for hundreds of rows in any
    // case; there, `connect` helps.
    connection.batch("ANALYZE").expect("analyze");
    if server_version() > 13 {
        let there = kinds_in(connection);
        for sql in [queries::query(&there), privileges::query()] {
            let cost = cost(&sql, connection);
            assert!(cost < JIT_ABOVE_COST, "{cost}");
        }
    }
    let read = Postgres.read(connection).expect("read");
    assert_eq!((read.tables.len(), read.unread), (300, Vec::new()));
}

#[test]
fn a_domain_of_the_servers_own_is_known_by_what_it_is_made_of() {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let mut scratch = Postgres.scratch(Some(&url)).expect("scratch");
    let connection = scratch.connection();
    connection.batch("CREATE TABLE t (a information_schema.cardinal_number)").expect("create");
    let read = Postgres.read(connection).expect("read");
    let column = &read.tables[&Name::new("t")].columns[0];
    assert_eq!(read.domains[&column.ty.sql].base, "integer");
}

/// The most rows that a node of a plan went over, those that it put aside among them, with its line of
/// `EXPLAIN (ANALYZE)`.
fn longest(plan: &[String]) -> (f64, &str) {
    let number = |text: &str| {
        let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        digits.parse::<f64>().unwrap_or_default()
    };
    let (mut most, mut node, mut rows, mut loops) = ((0.0, ""), "", 0.0, 0.0);
    for line in plan {
        if let Some((_, actual)) = line.split_once("(actual rows=") {
            loops = actual.split_once("loops=").map_or(0.0, |(_, text)| number(text));
            (node, rows) = (line, number(actual) * loops);
        } else if let Some((_, removed)) = line.split_once("Rows Removed by ") {
            rows += removed.split_once(": ").map_or(0.0, |(_, text)| number(text)) * loops;
        }
        if rows > most.0 {
            most = (rows, node);
        }
    }
    most
}

#[test]
fn no_part_goes_over_all_objects_for_each_object() {
    const OF_EACH: u16 = 400;
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let mut scratch = Postgres.scratch(Some(&url)).expect("scratch");
    let connection = scratch.connection();
    let script = include_str!("of_each.sql").replace("{count}", &OF_EACH.to_string());
    connection.batch(&script).expect("create");
    let there = kinds_in(connection);
    // With what a server knows of tables that it has just been given, and with all that it can know.
    for analyze in ["SELECT 1", "ANALYZE"] {
        connection.batch(analyze).expect("analyze");
        let explain = format!("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {}", queries::query(&there));
        let plan: Vec<String> = connection.rows(&explain).expect("a plan").into_iter().flatten().flatten().collect();
        let (rows, node) = longest(&plan);
        // There are a hundred rows in pg_depend for each, and three tables.
        assert!(rows < 300.0 * f64::from(OF_EACH), "{rows}: {node}");
    }
}

#[test]
fn in_which_order_options_were_given_is_no_difference() {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let read = |options: &str| {
        let mut scratch = Postgres.scratch(Some(&url)).expect("scratch");
        let connection = scratch.connection();
        connection.batch(&format!("CREATE FOREIGN DATA WRAPPER w OPTIONS ({options})")).expect("create");
        Postgres.read(connection).expect("read")
    };
    // pg_dump sorts them.
    assert_eq!(read("b '1', a ',\"\\'"), read("a ',\"\\', b '1'"));
}

#[test]
fn the_comment_of_a_subscription_that_is_gone_is_none() {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let mut scratch = Postgres.scratch(Some(&url)).expect("scratch");
    let connection = scratch.connection();
    // The server forgets the subscription and keeps what was said of it.
    let name = format!("diesel_schema_gone_{}", std::process::id());
    for sql in [
        format!(
            "CREATE SUBSCRIPTION {name} CONNECTION '' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false)"
        ),
        format!("COMMENT ON SUBSCRIPTION {name} IS 'x'"),
        format!("DROP SUBSCRIPTION {name}"),
    ] {
        connection.batch(&sql).expect(&sql);
    }
    let read = Postgres.read(connection).expect("read");
    assert_eq!((read.objects.len(), read.unread), (0, Vec::new()));
}

#[test]
fn an_enum_without_values_is_read() {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let mut scratch = Postgres.scratch(Some(&url)).expect("scratch");
    let connection = scratch.connection();
    connection.batch("CREATE TYPE e AS ENUM (); CREATE TABLE t (e e)").expect("create");
    let read = Postgres.read(connection).expect("read");
    let name = Name::new("e");
    assert_eq!(read.enums[&name].values, Vec::<String>::new());
    assert_eq!(read.tables[&Name::new("t")].columns[0].ty.depends_on, Some(name));
}
