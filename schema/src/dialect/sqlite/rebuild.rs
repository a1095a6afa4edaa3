//! The documented table rebuild (<https://www.sqlite.org/lang_altertable.html#otheralter>).
//!
//! `PRAGMA foreign_keys = OFF` does nothing inside a transaction, and `DROP TABLE` then deletes the children of
//! every row. So the statements here suppose that it was said before `BEGIN`; [`envelope`] says it.

use std::collections::BTreeSet;

use super::alter::{loss, may_fail};
use super::token::{literal, quote};
use super::violations::{self, same};
use super::{ddl, objects};
use crate::change::{Change, Constraint, Hazard, HazardKind, Plan, Step, TableLock};
use crate::dialect::{Refusal, Script};
use crate::schema::{Column, ForeignKeyAction, IdentityKind, Name, ObjectId, ObjectKind, Schema, Table};

/// What the name of the table that takes the old one's place begins with.
const NEW: &str = "__diesel_schema_new_";

/// What stands behind a `DROP TABLE` whose rows others point at: with foreign keys on, SQLite deletes every row first,
/// and their actions run (<https://www.sqlite.org/foreignkeys.html#fk_schemacommands>).
pub(super) const FOREIGN_KEYS_OFF: &str = " /* foreign keys are off: no row that points here is touched */";

/// Whether a step only works inside [`envelope`]: one of a rebuild, or the drop of a table that others point at.
#[must_use]
pub fn needs_envelope(step: &Step) -> bool {
    step.sql.contains(NEW) || step.sql.ends_with(FOREIGN_KEYS_OFF)
}

/// Whether a table goes while another still points at it: one that stays, or one of a circle that goes as a whole. Also
/// one whose rows point at each other: only `NO ACTION` waits for the last of them, and only `CASCADE` is no hindrance.
pub(super) fn needs_foreign_keys_off(table: &Table, old: &Schema, new: &Schema) -> bool {
    let hinders = |action| !matches!(action, ForeignKeyAction::NoAction | ForeignKeyAction::Cascade);
    if table.foreign_keys.iter().any(|key| same(&key.references.name, &table.name.name) && hinders(key.on_delete)) {
        return true;
    }
    let points = |from: &Table, to: &Name| from.foreign_keys.iter().any(|key| same(&key.references.name, &to.name));
    let mut reached: BTreeSet<&Name> = BTreeSet::from([&table.name]);
    while let Some(next) = old.tables.values().find(|to| {
        !reached.contains(&to.name)
            && reached.iter().any(|from| old.tables.get(*from).is_some_and(|from| points(from, &to.name)))
    }) {
        reached.insert(&next.name);
    }
    old.tables
        .values()
        .filter(|other| other.name != table.name && points(other, &table.name))
        .any(|other| new.tables.contains_key(&other.name) || reached.contains(&other.name))
}

/// Statements, each with its `;`, in a transaction of their own with foreign keys off: they stay off until it is over.
#[must_use]
pub fn envelope(statements: &str) -> String {
    format!(
        "PRAGMA foreign_keys = OFF;\n\nBEGIN IMMEDIATE;\n\n{}\n\nCOMMIT;\n\nPRAGMA foreign_keys = ON;\n",
        statements.trim_end()
    )
}

pub(super) fn script(plan: &Plan) -> Script {
    let sql = violations::gather(&plan.steps).iter().map(|sql| format!("{sql};\n")).collect::<Vec<_>>().join("\n");
    if plan.steps.iter().any(needs_envelope) {
        Script { sql: envelope(&sql), run_in_transaction: false }
    } else {
        Script { sql, run_in_transaction: true }
    }
}

/// The table that a change is of, by the name that it ends with.
fn table_of(change: &Change) -> Option<&Name> {
    match change {
        Change::RenameTable { to, .. } => Some(to),
        other => other.table(),
    }
}

pub(super) fn rebuild(changes: &[Change], old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
    let Some(name) = changes.iter().find_map(table_of) else { return Ok(Vec::new()) };
    let Some(table) = new.tables.get(name) else {
        return Err(Refusal(format!("table {name} can't be made anew: the schema to reach does not hold it")));
    };
    let kept = format!(" in table {name}");
    let lost: Vec<&str> = old.unread.iter().filter_map(|said| said.strip_suffix(&kept)).collect();
    if !lost.is_empty() {
        return Err(Refusal(format!(
            "table {name} can't be made anew: its definition says {}, which would be lost; rebuild it in a revision \
             written by hand, with or without that, and run `autogenerate` again",
            lost.join(" and ")
        )));
    }
    let mut steps = Vec::new();
    if let Some(rename) = changes.iter().find(|change| matches!(change, Change::RenameTable { .. })) {
        steps.extend(super::alter::render(rename, old, new)?);
    }
    let old_name = changes.iter().find_map(|change| match change {
        Change::RenameTable { from, .. } => Some(from),
        _ => None,
    });
    let before = old.tables.get(old_name.unwrap_or(name));
    let temporary = format!("{NEW}{}", name.name);
    let (target, source) = (quote(&temporary), quote(&name.name));

    let (count_before, count_after) = violations::around(name, old, new);
    steps.extend(count_before);
    steps.push(Step::harmless(ddl::create_table(table, &temporary)));
    let mut copy = Step::harmless(copy(table, before, changes, &target, &source)?);
    copy.lock = Some(TableLock::Database);
    copy.hazards = hazards(changes, name);
    steps.push(copy);
    if autoincrements(table) && before.is_none_or(autoincrements) {
        let (to, from) = (literal(&temporary), literal(&name.name));
        steps.push(Step::harmless(format!(
            "DELETE FROM sqlite_sequence WHERE name = {to} \
             AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {from})"
        )));
        steps.push(Step::harmless(format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT {to}, seq FROM sqlite_sequence WHERE name = {from}"
        )));
    }
    steps.push(Step::harmless(format!("DROP TABLE {source}")));
    // Without it RENAME reads every view and trigger, and fails where one mentions the table that is not there.
    steps.push(Step::harmless("PRAGMA legacy_alter_table = ON"));
    steps.push(Step::harmless(format!("ALTER TABLE {target} RENAME TO {source}")));
    steps.push(Step::harmless("PRAGMA legacy_alter_table = OFF"));
    steps.extend(table.indexes.iter().map(|index| Step::harmless(ddl::create_index(index, &name.name))));
    for (id, object) in &new.objects {
        let is_of_it = matches!(id, ObjectId::Object(ObjectKind::Trigger, _))
            && objects::trigger_parts(&object.definition).is_some_and(|(on, _)| same(&on, &name.name));
        if is_of_it && old.objects.get(id).is_some_and(|o| o.definition == object.definition) {
            steps.push(Step::harmless(object.definition.replacen("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1)));
        }
    }
    steps.extend(count_after);
    for step in &mut steps {
        step.lock = Some(TableLock::Database);
    }
    Ok(steps)
}

fn autoincrements(table: &Table) -> bool {
    table.columns.iter().any(|c| c.identity.as_ref().is_some_and(|i| i.kind == IdentityKind::Autoincrement))
}

/// `INSERT .. SELECT` of what both tables have.
fn copy(
    table: &Table,
    before: Option<&Table>,
    changes: &[Change],
    target: &str,
    source: &str,
) -> Result<String, Refusal> {
    let (mut into, mut from) = (Vec::new(), Vec::new());
    let without_rowid = |table: &Table| table.options.iter().any(|option| option == "WITHOUT ROWID");
    let shadowed = |table: &Table| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case("rowid"));
    let keeps_rowid = table.columns.iter().all(|column| column.identity.is_none())
        && ![Some(table), before].into_iter().flatten().any(|table| without_rowid(table) || shadowed(table));
    if keeps_rowid {
        into.push("rowid".to_owned());
        from.push("rowid".to_owned());
    }
    for column in table.columns.iter().filter(|column| column.generated.is_none()) {
        let name = &column.name;
        let added = changes.iter().any(|c| matches!(c, Change::AddColumn { column, .. } if column.name == *name));
        if added {
            continue;
        }
        let renamed = changes.iter().find_map(|change| match change {
            Change::RenameColumn { from, to, .. } if to == name => Some(from),
            _ => None,
        });
        into.push(quote(name));
        let value = quote(renamed.unwrap_or(name));
        from.push(match &column.default {
            Some(default) if became_not_null(column, changes) => format!("COALESCE({value}, {})", default.sql),
            // A NULL would be numbered, whatever the constraint says; a text is a datatype mismatch there.
            None if column.identity.is_some() && became_not_null(column, changes) => {
                format!("COALESCE({value}, 'the key holds NULL')")
            }
            _ => value,
        });
    }
    if into.is_empty() {
        return Err(Refusal(format!("table {} keeps none of its columns; drop it and create another", table.name)));
    }
    Ok(format!("INSERT INTO {target} ({})\nSELECT {}\nFROM {source}", into.join(", "), from.join(", ")))
}

fn became_not_null(column: &Column, changes: &[Change]) -> bool {
    changes.iter().any(|change| {
        matches!(change, Change::AlterColumn { old, new, .. } if new.name == column.name && old.nullable && !new.nullable)
    })
}

fn hazards(changes: &[Change], table: &Name) -> Vec<Hazard> {
    let mut hazards = vec![Hazard {
        kind: HazardKind::TableRewrite,
        message: format!("table {table} is written anew: every row is copied, and writers wait"),
    }];
    for change in changes {
        match change {
            Change::DropColumn { column, .. } => {
                hazards.push(loss(format!("the values of column {table}.{} are gone", column.name)));
            }
            Change::AddColumn { column, .. }
                if !column.nullable
                    && column.default.is_none()
                    && column.generated.is_none()
                    && column.identity.is_none() =>
            {
                hazards.push(may_fail(format!(
                    "column {table}.{} is NOT NULL without a default: it fails if the table has rows; \
                     give it a `#[default(..)]` or make it an `Option`",
                    column.name
                )));
            }
            Change::AlterColumn { old, new, .. } if old.nullable && !new.nullable && new.default.is_none() => {
                hazards.push(may_fail(format!(
                    "column {table}.{} becomes NOT NULL: it fails if a row has NULL there; fill those rows by an \
                     UPDATE in a revision before, or give it a `#[default(..)]`, which then fills them",
                    new.name
                )));
            }
            Change::AddConstraint { constraint, .. } => {
                let what = match constraint {
                    Constraint::PrimaryKey(_) | Constraint::Unique(_) => "two rows are equal",
                    Constraint::ForeignKey(_) => "a row points at nothing",
                    Constraint::Check(_) => "a row does not hold it",
                };
                hazards.push(may_fail(format!("constraint {} of {table}: it fails if {what}", constraint.name())));
            }
            Change::CreateIndex { index, .. } if index.unique => {
                hazards.push(may_fail(format!("index {}: it fails if two rows are equal", index.name)));
            }
            _ => {}
        }
    }
    hazards
}
