//! What is read, held against what `information_schema` says of the same database.

use std::collections::BTreeSet;

use diesel_schema_core::Dialect;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{Postgres, RICH, each_real_application, url};
use crate::change::Change;
use crate::connection::SqlConnection;
use crate::dialect::DialectImpl;
use crate::dialect::postgres::quote::{self, bare};
use crate::dialect::postgres::types::without_modifiers;
use crate::diff::{Renames, diff};
use crate::schema::*;
use crate::testing::{Limits, schema};

/// A sentence for each thing that is said, the same from both.
type Facts = BTreeSet<String>;

fn yes(is: bool) -> &'static str {
    if is { "YES" } else { "NO" }
}

/// The type without its modifiers, and those that `information_schema` can say: not an array's, nor a precision of six
/// digits for a time, which is what it has without one.
fn ty(sql: &str) -> (String, String) {
    let modifiers = match (sql.find('('), sql.find(')')) {
        (Some(open), Some(close)) if !sql.ends_with(']') && !sql.starts_with('"') => sql[open + 1..close].to_owned(),
        _ => String::new(),
    };
    let modifiers = if sql.starts_with("time") && modifiers == "6" { String::new() } else { modifiers };
    (without_modifiers(sql), modifiers)
}

fn counts(options: &SequenceOptions) -> String {
    let SequenceOptions { start, increment, min, max, cycle, .. } = options;
    format!("from {start} by {increment} in {min}..{max} cycle {}", yes(*cycle))
}

fn rule(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "NO ACTION",
        ForeignKeyAction::Restrict => "RESTRICT",
        ForeignKeyAction::Cascade => "CASCADE",
        ForeignKeyAction::SetNull => "SET NULL",
        ForeignKeyAction::SetDefault => "SET DEFAULT",
    }
}

fn when(deferrable: Deferrable) -> String {
    let deferred = deferrable == Deferrable::InitiallyDeferred;
    format!("deferrable {} deferred {}", yes(deferrable != Deferrable::No), yes(deferred))
}

fn qualified(name: &Name) -> String {
    format!("{}.{}", name.namespace.as_deref().unwrap_or("public"), name.name)
}

fn column(table: &str, at: usize, column: &Column, domains: &BTreeSet<&String>) -> Vec<String> {
    let of = format!("{table}.{}", column.name);
    let (bare_type, modifiers) = ty(&column.ty.sql);
    let mut facts = vec![format!("{of} is number {}, {bare_type}", at + 1)];
    // A domain's own NOT NULL is the column's there.
    if !domains.contains(&column.ty.sql) {
        facts.push(format!("{of} nullable {}", yes(column.nullable)));
        facts.push(format!("{of} has the modifiers ({modifiers})"));
    }
    let mut default = column.default.as_ref().map(|default| default.sql.clone());
    match &column.identity {
        Some(Identity { kind: IdentityKind::Serial, sequence: Some((name, options)) }) => {
            default = Some(format!("nextval({}::regclass)", quote::literal(&quote::name(name))));
            facts.push(format!("sequence {} {}", qualified(name), counts(options)));
        }
        Some(Identity { kind, sequence: Some((_, options)) }) => {
            let how = if *kind == IdentityKind::Always { "ALWAYS" } else { "BY DEFAULT" };
            facts.push(format!("{of} identity {how} {}", counts(options)));
        }
        _ => {}
    }
    facts.extend(default.map(|default| format!("{of} default {default}")));
    facts.extend(column.generated.as_ref().map(|sql| format!("{of} generated {}", bare(sql))));
    facts.extend(column.collation.as_ref().map(|collation| format!("{of} collation {collation}")));
    facts
}

fn read(schema: &Schema) -> Facts {
    let mut facts = Facts::new();
    let domains = schema.domains.keys().collect();
    for (name, it) in &schema.sequences {
        facts.insert(format!("sequence {} {}", qualified(name), counts(&it.options)));
    }
    for (name, it) in &schema.tables {
        let table = qualified(name);
        for (at, it) in it.columns.iter().enumerate() {
            facts.extend(column(&table, at, it, &domains));
        }
        let mut key = |kind: &str, name: &str, columns: &[String], deferrable| {
            facts.insert(format!("{table} {kind} {name} {}", when(deferrable)));
            facts.insert(format!("{table} {name} of {}", columns.join(", ")));
        };
        it.primary_key.iter().for_each(|it| key("PRIMARY KEY", &it.name, &it.columns, it.deferrable));
        it.uniques.iter().for_each(|it| key("UNIQUE", &it.name, &it.columns, it.deferrable));
        it.foreign_keys.iter().for_each(|it| key("FOREIGN KEY", &it.name, &it.columns, it.deferrable));
        for it in &it.foreign_keys {
            let (update, delete) = (rule(it.on_update), rule(it.on_delete));
            let full = if it.match_full { "FULL" } else { "NONE" };
            facts.insert(format!("{table} {} on update {update} on delete {delete} match {full}", it.name));
        }
        for it in &it.checks {
            facts.insert(format!("{table} CHECK {} {}", it.name, when(Deferrable::No)));
            facts.insert(format!("{table} {} holds {}", it.name, bare(&it.expr)));
        }
    }
    facts
}

const COLUMNS: &str = "SELECT format('%s.%s.%s is number %s, ', table_schema, table_name, column_name, \
       row_number() OVER (PARTITION BY table_schema, table_name ORDER BY ordinal_position)), \
     (CASE WHEN domain_name IS NULL THEN format('%I.%I', udt_schema, udt_name) \
       ELSE format('%I.%I', domain_schema, domain_name) END)::regtype::text, \
     domain_name::text, format('%s.%s.%s ', table_schema, table_name, column_name), is_nullable::text, \
     CASE WHEN data_type = 'numeric' THEN numeric_precision || ',' || numeric_scale \
       WHEN data_type ~ '^time' THEN nullif(datetime_precision, 6)::text ELSE character_maximum_length::text END, \
     column_default::text, CASE is_generated WHEN 'ALWAYS' THEN generation_expression::text END, \
     CASE WHEN udt_name <> 'name' AND collation_name IS NOT NULL THEN CASE WHEN collation_schema IN ('pg_catalog', 'public') \
       THEN quote_ident(collation_name) ELSE format('%I.%I', collation_schema, collation_name) END END, \
     CASE is_identity WHEN 'YES' THEN format('identity %s from %s by %s in %s..%s cycle %s', identity_generation, \
       identity_start, identity_increment, identity_minimum, identity_maximum, identity_cycle) END, \
     format('%s.%s', table_schema, table_name) \
     FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')";

const SEQUENCES: &str = "SELECT format('sequence %s.%s from %s by %s in %s..%s cycle %s', sequence_schema, \
     sequence_name, start_value, increment, minimum_value, maximum_value, cycle_option) FROM information_schema.sequences";

/// What a partition has from its parent is read as its parent's alone, but for the primary key.
const OWN: &str = "NOT EXISTS (SELECT FROM pg_constraint i WHERE i.conname = t.constraint_name AND i.contype <> 'p' \
     AND i.conrelid = format('%I.%I', t.table_schema, t.table_name)::regclass AND (i.conparentid <> 0 OR NOT i.conislocal))";

/// NOT NULL is among the checks there, under a name of numbers before 18.
const CONSTRAINTS: &str = "SELECT format('%s.%s', t.table_schema, t.table_name), \
     format('%s %s deferrable %s deferred %s', constraint_type, constraint_name, is_deferrable, initially_deferred) \
     FROM information_schema.table_constraints t WHERE NOT (constraint_type = 'CHECK' AND (constraint_name ~ '^[0-9_]+_not_null$' \
       OR EXISTS (SELECT FROM pg_constraint WHERE contype = 'n' AND conname = t.constraint_name))) AND OWN";

const KEYS: &str = "SELECT format('%s.%s', table_schema, table_name), \
     format('%s of %s', constraint_name, string_agg(column_name, ', ' ORDER BY ordinal_position)) \
     FROM information_schema.key_column_usage t WHERE OWN GROUP BY table_schema, table_name, constraint_name";

/// Neither of both names its table, and a name may be that of several tables' constraints: each is then said of all.
const RULES: &str = "SELECT format('%s.%s', t.table_schema, t.table_name), format('%s on update %s on delete %s match %s', \
       r.constraint_name, update_rule, delete_rule, match_option), r.constraint_name::text \
     FROM information_schema.referential_constraints r JOIN information_schema.table_constraints t \
       USING (constraint_schema, constraint_name)";
const CHECKS: &str = "SELECT format('%s.%s', t.table_schema, t.table_name), c.check_clause::text, c.constraint_name::text \
     FROM information_schema.check_constraints c JOIN information_schema.table_constraints t \
       USING (constraint_schema, constraint_name) WHERE t.constraint_type = 'CHECK'";

/// What `information_schema` says of the tables that were read.
fn said(connection: &mut dyn SqlConnection, schema: &Schema) -> Facts {
    let tables: BTreeSet<String> = schema.tables.keys().map(qualified).collect();
    let mut ask = |sql: &str| -> Vec<Vec<String>> {
        let sql = sql.replace("OWN", OWN);
        let rows = connection.rows(&sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
        rows.into_iter().map(|row| row.into_iter().map(|it| it.unwrap_or_else(|| "\0".to_owned())).collect()).collect()
    };
    let some = |text: &String| (text != "\0").then(|| text.clone());
    let mut facts = Facts::new();
    for row in ask(COLUMNS).into_iter().filter(|row| tables.contains(&row[10])) {
        let of = &row[3];
        facts.insert(format!("{}{}", row[0], without_modifiers(&row[1])));
        if some(&row[2]).is_none() {
            facts.insert(format!("{of}nullable {}", row[4]));
            facts.insert(format!("{of}has the modifiers ({})", some(&row[5]).unwrap_or_default()));
        }
        facts.extend(some(&row[6]).map(|it| format!("{of}default {it}")));
        facts.extend(some(&row[7]).map(|it| format!("{of}generated {}", bare(&it))));
        facts.extend(some(&row[8]).map(|it| format!("{of}collation {it}")));
        facts.extend(some(&row[9]).map(|it| format!("{of}{it}")));
    }
    facts.extend(ask(SEQUENCES).into_iter().map(|row| row[0].clone()).filter(|it| !it.contains(".__diesel_schema_")));
    for row in [CONSTRAINTS, KEYS, RULES].into_iter().flat_map(&mut ask).filter(|row| tables.contains(&row[0])) {
        facts.insert(format!("{} {}", row[0], row[1]));
    }
    for row in ask(CHECKS).into_iter().filter(|row| tables.contains(&row[0])) {
        let clause = row[1].trim_end_matches(" NOT VALID").trim_end_matches(" NO INHERIT");
        facts.insert(format!("{} {} holds {}", row[0], row[2], bare(&bare(clause))));
    }
    facts
}

/// What only one of both says. Sequences of tables that are not read, and what a query says of another constraint of
/// the same name, are too many there.
fn differences(connection: &mut dyn SqlConnection) -> Vec<String> {
    connection.batch("SET search_path = public").unwrap();
    let schema = Postgres.read(connection).unwrap();
    let (ours, theirs) = (read(&schema), said(connection, &schema));
    let count = |facts: &Facts, start: &str| facts.iter().filter(|fact| fact.starts_with(start)).count();
    let doubtful = |fact: &&String| {
        let start = |word| fact.find(word).map(|at| &fact[..at + str::len(word)]);
        let other = |start: &str| count(&ours, start) == 0 || count(&theirs, start) > 1;
        fact.starts_with("sequence ") && !schema.unread.is_empty()
            || [" holds ", " on update "].into_iter().filter_map(start).any(other)
    };
    let lacks = ours.difference(&theirs).map(|it| format!("read alone: {it}"));
    let more = theirs.difference(&ours).filter(|it| !doubtful(it)).map(|it| format!("said alone: {it}"));
    lacks.chain(more).collect()
}

fn create(connection: &mut dyn SqlConnection, schema: &Schema) {
    let empty = Schema::default();
    let changes: Vec<Change> = diff(&empty, schema, &Renames::default()).unwrap();
    let plan = crate::plan::plan(&empty, schema, &changes, &Postgres).unwrap();
    connection.batch(&format!("SELECT 1;\n{}", Postgres.script(&plan).sql)).unwrap();
}

#[test]
fn what_is_read_is_what_information_schema_says() {
    let mut scratch = Postgres.scratch(Some(&url())).unwrap();
    scratch.connection().batch(RICH).unwrap();
    assert_eq!(differences(scratch.connection()), Vec::<String>::new());
    let mut runner = TestRunner::deterministic();
    for _ in 0..24 {
        let declared = schema(Limits::of(Dialect::Postgres)).new_tree(&mut runner).unwrap().current();
        let lowered = Postgres.lower(&declared).unwrap();
        let mut scratch = Postgres.scratch(Some(&url())).unwrap();
        create(scratch.connection(), &lowered);
        assert_eq!(differences(scratch.connection()), Vec::<String>::new());
    }
    let mut wrong = Vec::new();
    each_real_application(|name, connection| {
        wrong.extend(differences(connection).into_iter().map(|it| format!("{name}: {it}")));
    });
    assert_eq!(wrong, Vec::<String>::new());
}
