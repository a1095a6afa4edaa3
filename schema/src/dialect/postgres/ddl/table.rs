//! Tables, constraints and indexes.

use super::{column, exclusive, locking, not_null, other, partition, risk};
use crate::change::{Constraint, HazardKind, Step, TableLock, Work};
use crate::dialect::Refusal;
use crate::dialect::postgres::quote;
use crate::schema::*;

pub(super) fn create(table: &Table, new: &Schema) -> Vec<Step> {
    let name = quote::name(&table.name);
    let ties = &table.inheritance;
    let parents: Vec<&Table> = ties.parents.iter().filter_map(|name| new.tables.get(name)).collect();
    let above = |column: &Column| {
        let theirs = parents.iter().find_map(|parent| parent.column(&column.name))?;
        Some(inherited(theirs, column))
    };
    let mut lines = Vec::new();
    let mut further = Vec::new();
    for column in &table.columns {
        match above(column) {
            None => {
                lines.push(column::definition(&table.name, column));
                lines.extend(not_null::inline(column));
            }
            // The server makes the column like its parent's; what differs is said of it afterwards.
            Some(came) => further.extend(column::differs(&table.name, &came, column, new)),
        }
    }
    // The part of a parent's index becomes this key, where it is one.
    let of_part = |key: &&Key| ties.attached.iter().any(|it| it.own_key.is_some() && it.name == key.name);
    let inline = table.primary_key.iter().filter(|_| !ties.has_parents_key);
    let inline = inline.filter(|key| !of_part(key)).cloned().map(Constraint::PrimaryKey);
    // Of two keys over the same columns, CREATE TABLE makes one.
    let twice = |key: &&Key| {
        table.primary_key.iter().chain(&table.uniques).any(|it| it.name != key.name && it.columns == key.columns)
    };
    let (later, uniques): (Vec<&Key>, Vec<&Key>) = table.uniques.iter().filter(|key| !of_part(key)).partition(twice);
    let inline = inline.chain(uniques.iter().map(|it| Constraint::Unique((*it).clone())));
    // A NOT VALID check can't be said inline: the table is empty, but the flag would be lost.
    let (valid, invalid): (Vec<_>, Vec<_>) =
        table.checks.iter().cloned().partition(|check| check.validated || !check.enforced);
    lines.extend(inline.chain(valid.into_iter().map(Constraint::Check)).map(|one| constraint(&one)));
    let body = if lines.is_empty() { String::new() } else { format!("\n    {}\n", lines.join(",\n    ")) };
    let named: Vec<String> = ties.parents.iter().map(quote::name).collect();
    let mut sql = match &ties.bound {
        Some(bound) if lines.is_empty() => format!("CREATE TABLE {name} PARTITION OF {} {bound}", named.join(", ")),
        Some(bound) => format!("CREATE TABLE {name} PARTITION OF {} ({body}) {bound}", named.join(", ")),
        None if named.is_empty() => format!("CREATE TABLE {name} ({body})"),
        None => format!("CREATE TABLE {name} ({body}) INHERITS ({})", named.join(", ")),
    };
    sql.extend(ties.partition_by.iter().map(|by| format!(" PARTITION BY {by}")));
    let mut steps = vec![Step::harmless(sql)];
    let own = table.columns.iter().filter(|column| above(column).is_none());
    steps.extend(own.filter_map(|column| not_null::later(&table.name, column)));
    steps.extend(further.into_iter().map(|step| Step::harmless(step.sql)));
    for key in &later {
        steps.extend(add_constraint(&table.name, &Constraint::Unique((*key).clone()), false));
    }
    for check in invalid {
        steps.extend(add_constraint(&table.name, &Constraint::Check(check), false));
    }
    let sequences = table.columns.iter().flat_map(|column| column::own_sequence(&table.name, column));
    steps.splice(0..0, table.columns.iter().filter_map(column::sequence_before));
    steps.extend(sequences);
    for index in &table.indexes {
        steps.extend(create_index(&table.name, index, false));
    }
    let id = ObjectId::Table(table.name.clone());
    steps.extend(table.comment.iter().map(|text| other::comment(&id, Some(text))));
    for column in &table.columns {
        let id = ObjectId::Column(table.name.clone(), column.name.clone());
        steps.extend(column.comment.iter().map(|text| other::comment(&id, Some(text))));
    }
    let own = table.primary_key.iter().filter(|_| !ties.has_parents_key);
    for key in own.chain(uniques) {
        steps.extend(constraint_comment(&table.name, &key.name, key.comment.as_ref()));
    }
    for check in table.checks.iter().filter(|check| check.validated || !check.enforced) {
        steps.extend(constraint_comment(&table.name, &check.name, check.comment.as_ref()));
    }
    steps
}

/// Makes a table a part or a child of others, or gives a partition other rows.
pub(super) fn inherit(
    table: &Name,
    (old, old_schema): (&Inheritance, &Schema),
    (new, new_schema): (&Inheritance, &Schema),
) -> Result<Vec<Step>, Refusal> {
    let own = quote::name(table);
    if old.parents == new.parents && old.bound == new.bound {
        return partition::attach(table, old, new, new_schema);
    }
    let mut steps = Vec::new();
    for parent in old.parents.iter().filter(|parent| old.bound.is_some() || !new.parents.contains(parent)) {
        steps.push(match old.bound {
            Some(_) => {
                let referred_to = old_schema.tables.get(table).is_some_and(|was| stays_in(old_schema, was, new_schema));
                detach(table, parent, referred_to)
            }
            None => exclusive(format!("ALTER TABLE {own} NO INHERIT {}", quote::name(parent))),
        });
    }
    for parent in new.parents.iter().filter(|parent| new.bound.is_some() || !old.parents.contains(parent)) {
        let on = quote::name(parent);
        let sql = match &new.bound {
            Some(bound) => format!("ALTER TABLE {on} ATTACH PARTITION {own} {bound}"),
            None => format!("ALTER TABLE {own} INHERIT {on}"),
        };
        let message =
            format!("fails if {table} lacks a column or a check of {parent}, or holds rows of other partitions");
        steps.push(Step { work: Work::Reads, ..risk(exclusive(sql), HazardKind::MayFail, message) });
    }
    Ok(steps)
}

/// Whether a foreign key to a table above this one is there before and after.
fn stays_in(old: &Schema, part: &Table, new: &Schema) -> bool {
    let above = old.ancestors(part);
    let after: Vec<&ForeignKey> = foreign_keys(new).collect();
    foreign_keys(old).any(|key| above.contains(&&key.references) && after.contains(&key))
}

fn foreign_keys(schema: &Schema) -> impl Iterator<Item = &ForeignKey> {
    schema.tables.values().flat_map(|table| &table.foreign_keys)
}

/// The table leaves the parent, to whose rows a foreign key may refer all the while.
fn detach(part: &Name, parent: &Name, referred_to: bool) -> Step {
    let step = exclusive(format!("ALTER TABLE {} DETACH PARTITION {}", quote::name(parent), quote::name(part)));
    if !referred_to {
        return step;
    }
    risk(step, HazardKind::MayFail, format!("fails if rows of {part} are referred to as rows of {parent}"))
}

pub(super) fn constraint_comment(table: &Name, name: &str, text: Option<&String>) -> Option<Step> {
    let id = ObjectId::Constraint(table.clone(), name.to_owned());
    text.map(|text| other::comment(&id, Some(text)))
}

pub(super) fn drop(table: &Table, old: &Schema, new: &Schema) -> Vec<Step> {
    let own = quote::name(&table.name);
    let step = exclusive(format!("DROP TABLE {own}"));
    let drop = risk(step, HazardKind::DataLoss, format!("all rows of {} are gone", table.name));
    // The server drops no partition on which a foreign key stands, and it stands on all of them.
    let leaves = table.inheritance.bound.is_some() && stays_in(old, table, new);
    let parents = table.inheritance.parents.iter().filter(|_| leaves);
    parents.map(|parent| detach(&table.name, parent, true)).chain([drop]).collect()
}

/// # Errors
///
/// Refuses a move to where an index or a sequence that goes along would meet another one.
pub(super) fn rename(from: &Name, to: &Name, old: &Schema) -> Result<Vec<Step>, Refusal> {
    let name = |namespace: &Option<String>, own: &str| Name::qualified(namespace.clone(), own);
    let called = |from: &Name, own: &str| {
        exclusive(format!("ALTER TABLE {} RENAME TO {}", quote::name(from), quote::ident(own)))
    };
    if from.namespace == to.namespace {
        return Ok(vec![called(from, &to.name)]);
    }
    let moved = |from: &Name| {
        let namespace = to.namespace.as_deref().unwrap_or("public");
        exclusive(format!("ALTER TABLE {} SET SCHEMA {}", quote::name(from), quote::ident(namespace)))
    };
    if let Some(met) = goes_along(from, old).find(|it| other::is_taken(old, to.namespace.as_ref(), it)) {
        let there = Name::qualified(to.namespace.clone(), &met);
        return Err(Refusal(format!(
            "table {from} can't become {to}: its {met} would go along to where {there} is; rename the table in a revision of its \
             own, with what is named after it, and move it in the next one"
        )));
    }
    if from.name == to.name {
        return Ok(vec![moved(from)]);
    }
    let taken = |namespace: &Option<String>, own: &str| other::is_taken(old, namespace.as_ref(), own);
    // On the way it has one half of its new name.
    if !taken(&to.namespace, &from.name) {
        return Ok(vec![moved(from), called(&name(&to.namespace, &from.name), &to.name)]);
    }
    if !taken(&from.namespace, &to.name) {
        return Ok(vec![called(from, &to.name), moved(&name(&from.namespace, &to.name))]);
    }
    let between = spare_name(&to.name, |it| taken(&from.namespace, it) || taken(&to.namespace, it));
    Ok(vec![
        called(from, &between),
        moved(&name(&from.namespace, &between)),
        called(&name(&to.namespace, &between), &to.name),
    ])
}

/// What the server moves with a table, and finds by its name there.
fn goes_along<'a>(table: &Name, schema: &'a Schema) -> impl Iterator<Item = String> + 'a {
    let table = schema.tables.get(table);
    let keys = table.into_iter().flat_map(|it| it.primary_key.iter().chain(&it.uniques).map(|key| key.name.clone()));
    let indexes = table.into_iter().flat_map(|it| it.indexes.iter().map(|index| index.name.clone()));
    let attached = table.into_iter().flat_map(|it| it.inheritance.attached.iter().map(|it| it.name.clone()));
    let numbers = |column: &Column| Some(column.identity.as_ref()?.sequence.as_ref()?.0.name.clone());
    keys.chain(indexes)
        .chain(attached)
        .chain(table.into_iter().flat_map(move |it| it.columns.iter().filter_map(numbers)))
}

pub(in crate::dialect::postgres) fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

fn action(action: ForeignKeyAction) -> Option<&'static str> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("RESTRICT"),
        ForeignKeyAction::Cascade => Some("CASCADE"),
        ForeignKeyAction::SetNull => Some("SET NULL"),
        ForeignKeyAction::SetDefault => Some("SET DEFAULT"),
    }
}

fn constraint(constraint: &Constraint) -> String {
    let name = quote::ident(constraint.name());
    match constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => {
            let kind = match constraint {
                Constraint::PrimaryKey(_) => "PRIMARY KEY",
                _ if key.nulls_not_distinct => "UNIQUE NULLS NOT DISTINCT",
                _ => "UNIQUE",
            };
            let include = if key.include.is_empty() {
                String::new()
            } else {
                format!(" INCLUDE ({})", quote::idents(&key.include))
            };
            let columns = quote::idents(&key.columns);
            let overlaps = if key.without_overlaps { " WITHOUT OVERLAPS" } else { "" };
            format!("CONSTRAINT {name} {kind} ({columns}{overlaps}){include}{}", deferrable(key.deferrable))
        }
        Constraint::ForeignKey(key) => {
            let mut sql = format!(
                "CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {} ({})",
                with_period(&key.columns, key.period),
                quote::name(&key.references),
                with_period(&key.references_columns, key.period)
            );
            if key.match_full {
                sql.push_str(" MATCH FULL");
            }
            sql.extend(action(key.on_update).map(|action| format!(" ON UPDATE {action}")));
            sql.extend(action(key.on_delete).map(|action| format!(" ON DELETE {action}")));
            if !key.on_delete_columns.is_empty() {
                sql.push_str(&format!(" ({})", quote::idents(&key.on_delete_columns)));
            }
            format!("{sql}{}{}", deferrable(key.deferrable), held(key.validated, key.enforced))
        }
        Constraint::Check(check) => {
            let inherit = if check.no_inherit { " NO INHERIT" } else { "" };
            format!("CONSTRAINT {name} CHECK ({}){inherit}{}", check.expr, held(check.validated, check.enforced))
        }
    }
}

const fn held(validated: bool, enforced: bool) -> &'static str {
    match (validated, enforced) {
        (_, false) => " NOT ENFORCED",
        (false, true) => " NOT VALID",
        (true, true) => "",
    }
}

fn with_period(columns: &[String], period: bool) -> String {
    match columns.split_last() {
        Some((last, others)) if period => {
            let others = others.iter().map(|column| quote::ident(column) + ", ").collect::<String>();
            format!("{others}PERIOD {}", quote::ident(last))
        }
        _ => quote::idents(columns),
    }
}

pub(super) fn add_constraint(table: &Name, added: &Constraint, stood: bool) -> Vec<Step> {
    let sql = format!("ALTER TABLE {}\n    ADD {}", quote::name(table), constraint(added));
    let mut step = Step::harmless(sql);
    if stood {
        step.lock = Some(match added {
            Constraint::ForeignKey(_) => TableLock::ShareRowExclusive,
            _ => TableLock::AccessExclusive,
        });
        let validated = match added {
            Constraint::ForeignKey(key) => key.validated,
            Constraint::Check(check) => check.validated,
            _ => true,
        };
        if validated {
            let name = added.name();
            step.work = Work::Reads;
            step = risk(step, HazardKind::MayFail, format!("fails if rows of {table} break {name}"));
            step =
                risk(step, HazardKind::BlockingLock, format!("writes to {table} wait while all its rows are checked"));
        }
    }
    let comment = match added {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.comment.as_ref(),
        Constraint::ForeignKey(key) => key.comment.as_ref(),
        Constraint::Check(check) => check.comment.as_ref(),
    };
    std::iter::once(step).chain(constraint_comment(table, added.name(), comment)).collect()
}

pub(super) fn drop_constraint(table: &Name, name: &str) -> Vec<Step> {
    vec![exclusive(format!("ALTER TABLE {} DROP CONSTRAINT {}", quote::name(table), quote::ident(name)))]
}

pub(in crate::dialect::postgres) fn rename_constraint(table: &Name, from: &str, to: &str) -> Vec<Step> {
    let (table, from, to) = (quote::name(table), quote::ident(from), quote::ident(to));
    vec![exclusive(format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to}"))]
}

pub(super) fn index_name(table: &Name, index: &str) -> String {
    quote::name(&Name::qualified(table.namespace.clone(), index))
}

pub(in crate::dialect::postgres) fn create_index(table: &Name, index: &Index, stood: bool) -> Vec<Step> {
    let keys: Vec<String> = index.keys.iter().map(index_key).collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let method =
        if index.method == "btree" { String::new() } else { format!(" USING {}", quote::ident(&index.method)) };
    let mut sql = format!(
        "CREATE {unique}INDEX {} ON {}{method} ({})",
        quote::ident(&index.name),
        quote::name(table),
        keys.join(", ")
    );
    if !index.include.is_empty() {
        sql.push_str(&format!(" INCLUDE ({})", quote::idents(&index.include)));
    }
    if index.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if !index.with.is_empty() {
        sql.push_str(&format!(" WITH ({})", index.with.join(", ")));
    }
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE ({predicate})"));
    }
    let mut step = Step::harmless(sql);
    if stood {
        step = risk(
            locking(step.sql, TableLock::Share),
            HazardKind::BlockingLock,
            format!("writes to {table} wait while {} is built", index.name),
        );
        (step.work, step.table) = (Work::Reads, Some(table.clone()));
        if index.unique {
            step = risk(step, HazardKind::MayFail, format!("fails if {table} holds duplicates"));
        }
    }
    let id = ObjectId::Index(table.clone(), index.name.clone());
    let comment = index.comment.as_ref().map(|text| other::comment(&id, Some(text)));
    std::iter::once(step).chain(comment).collect()
}

fn index_key(key: &IndexKey) -> String {
    let mut sql = match &key.what {
        IndexKeyWhat::Column(column) => quote::ident(column),
        IndexKeyWhat::Expr(expr) => format!("({expr})"),
    };
    sql.extend(key.collation.iter().map(|collation| format!(" COLLATE {collation}")));
    sql.extend(key.opclass.iter().map(|opclass| format!(" {opclass}")));
    if key.descending {
        sql.push_str(" DESC");
    }
    sql.push_str(match key.nulls {
        NullsOrder::Default => "",
        NullsOrder::First => " NULLS FIRST",
        NullsOrder::Last => " NULLS LAST",
    });
    sql
}

pub(super) fn drop_index(table: &Name, index: &Index) -> Vec<Step> {
    vec![exclusive(format!("DROP INDEX {}", index_name(table, &index.name)))]
}

pub(in crate::dialect::postgres) fn rename_index(table: &Name, from: &str, to: &str) -> Vec<Step> {
    let sql = format!("ALTER INDEX {} RENAME TO {}", index_name(table, from), quote::ident(to));
    vec![locking(sql, TableLock::ShareUpdateExclusive)]
}
