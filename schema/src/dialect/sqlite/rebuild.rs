//! The documented table rebuild (<https://www.sqlite.org/lang_altertable.html#otheralter>).
//!
//! `PRAGMA foreign_keys = OFF` does nothing inside a transaction, and `DROP TABLE` then deletes the children of
//! every row. So the statements here suppose that it was said before `BEGIN`; [`envelope`] says it.

use super::alter::{loss, may_fail};
use super::ddl;
use super::token::{literal, quote};
use crate::change::{Change, Constraint, Hazard, HazardKind, Plan, Step, TableLock};
use crate::dialect::{Refusal, Script};
use crate::schema::{Column, IdentityKind, Name, ObjectId, ObjectKind, Schema, Table};

/// What the name of the table that takes the old one's place begins with.
const NEW: &str = "__diesel_schema_new_";

/// Counts the rows that point at nothing, before anything is done.
const COUNT_BEFORE: [&str; 2] = [
    "CREATE TEMP TABLE __diesel_schema_violations (before INTEGER, after INTEGER, \
     CONSTRAINT a_row_violates_a_foreign_key CHECK (after <= before))",
    "INSERT INTO __diesel_schema_violations (before) SELECT count(*) FROM pragma_foreign_key_check",
];

/// Fails where there are more of them now.
const COMPARE_AFTER: [&str; 2] = [
    "UPDATE __diesel_schema_violations SET after = (SELECT count(*) FROM pragma_foreign_key_check)",
    "DROP TABLE __diesel_schema_violations",
];

/// Whether the step is one of a rebuild that only works inside [`envelope`].
#[must_use]
pub fn is_rebuild(step: &Step) -> bool {
    step.sql.contains(NEW)
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
    let rebuilds = plan.steps.iter().any(is_rebuild);
    let text = |step: &str| format!("{step};\n");
    let mut parts: Vec<String> = plan.steps.iter().map(|step| step.sql.as_str()).map(text).collect();
    if rebuilds {
        // Between two rebuilds a foreign key may point at a key that is not there, which the count would fail on: it
        // is taken on both ends of the whole.
        let counts = |part: &String| COUNT_BEFORE.iter().chain(&COMPARE_AFTER).any(|it| text(it) == *part);
        parts.retain(|part| !counts(part));
        parts.splice(0..0, COUNT_BEFORE.map(text));
        parts.extend(COMPARE_AFTER.map(text));
    }
    let sql = parts.join("\n");
    if rebuilds {
        Script { sql: envelope(&sql), run_in_transaction: false }
    } else {
        Script { sql, run_in_transaction: true }
    }
}

/// The table that a change is of.
pub(super) fn table_of(change: &Change) -> Option<&Name> {
    Some(match change {
        Change::AddColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::RenameColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::DropConstraint { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::CreateIndex { table, .. }
        | Change::DropIndex { table, .. }
        | Change::RenameIndex { table, .. } => table,
        Change::RenameTable { to, .. } => to,
        _ => return None,
    })
}

pub(super) fn rebuild(changes: &[Change], old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
    let Some(name) = changes.iter().find_map(table_of) else { return Ok(Vec::new()) };
    let Some(table) = new.tables.get(name) else {
        return Err(Refusal(format!("table {name} can't be made anew: the schema to reach does not hold it")));
    };
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

    steps.extend(COUNT_BEFORE.map(Step::harmless));
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
        let ObjectId::Object(ObjectKind::Trigger, trigger) = id else { continue };
        let prefix = format!("{}.", name.name);
        if trigger.name.starts_with(&prefix) && old.objects.get(id).is_some_and(|o| o.definition == object.definition) {
            steps.push(Step::harmless(object.definition.replacen("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1)));
        }
    }
    steps.extend(COMPARE_AFTER.map(Step::harmless));
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
                hazards.push(may_fail(format!("it fails if a row of {table} has NULL in {}", new.name)));
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
