//! Foreign keys around rebuilds: nothing enforces them there, so violations are counted before and after.
//!
//! Only tables that a rebuild touches are counted, a rebuilt one and those that point at it: the pragma fails for a
//! table whose foreign key is malformed, and such a table elsewhere is none of the plan's business.

use std::collections::BTreeSet;

use super::token::literal;
use crate::change::Step;
use crate::schema::{ForeignKey, IndexKeyWhat, Name, ObjectId, ObjectKind, Schema, Table};

/// The temporary table that holds the counts.
const TABLE: &str = "temp.__diesel_schema_violations";

/// The steps before and after the rebuild of a table. `old` and `new` are the schemas on both ends of the plan.
pub(super) fn around(rebuilt: &Name, old: &Schema, new: &Schema) -> (Vec<Step>, Vec<Step>) {
    let mut before = vec![Step::harmless(format!(
        "CREATE TABLE {TABLE} (child TEXT PRIMARY KEY, before INTEGER NOT NULL, after INTEGER NOT NULL DEFAULT 0, \
         CONSTRAINT a_row_violates_a_foreign_key CHECK (after <= before))"
    ))];
    let mut after = Vec::new();
    let points = |table: &&Table| {
        table.foreign_keys.iter().any(|key| table.name == *rebuilt || same(&key.references.name, &rebuilt.name))
    };
    for child in new.tables.values().filter(points) {
        let was = old.tables.get(&child.name);
        let was_malformed = was.is_some_and(|was| is_malformed(was, old));
        if was_malformed && is_malformed(child, new) {
            continue;
        }
        let name = literal(&child.name.name);
        let count = if was.is_some() && !was_malformed {
            format!("SELECT {name}, count(*) FROM pragma_foreign_key_check({name})")
        } else {
            format!("VALUES ({name}, 0)")
        };
        before.push(Step::harmless(format!("INSERT INTO {TABLE} (child, before) {count}")));
        after.push(Step::harmless(format!(
            "UPDATE {TABLE} SET after = (SELECT count(*) FROM pragma_foreign_key_check({name})) WHERE child = {name}"
        )));
    }
    if after.is_empty() {
        return (Vec::new(), Vec::new());
    }
    after.push(Step::harmless(format!("DROP TABLE {TABLE}")));
    (before, after)
}

/// The statements of a plan with every count before the first rebuild and after the last: rebuilds that are only
/// consistent together have to be counted together.
pub(super) fn gather(steps: &[Step]) -> Vec<&str> {
    let is_count = |sql: &&str| sql.contains(TABLE);
    let all: Vec<&str> = steps.iter().map(|step| step.sql.as_str()).collect();
    if !all.iter().any(is_count) {
        return all;
    }
    // Renames come first and the counts know the new names; an index that goes next may be what a foreign key needs.
    let is_rename = |sql: &&str| sql.starts_with("ALTER TABLE") && sql.contains(" RENAME ");
    let first = all.iter().take_while(|sql| is_rename(sql)).count();
    let mut seen = BTreeSet::new();
    // Of a child that several rebuilds touch, the first one knows how it stands before all of them.
    let counts: Vec<&str> = all.iter().copied().filter(is_count).filter(|sql| seen.insert(counted(sql))).collect();
    let of = |words: &'static [&'static str]| {
        counts.iter().copied().filter(|sql| words.iter().any(|word| sql.starts_with(word)))
    };
    all[..first]
        .iter()
        .copied()
        .chain(of(&["CREATE", "INSERT"]))
        .chain(all[first..].iter().copied().filter(|sql| !is_count(sql)))
        .chain(of(&["UPDATE"]))
        .chain(of(&["DROP"]))
        .collect()
}

/// What a step counts: the child, where it counts before a rebuild, else the step itself.
fn counted(sql: &str) -> &str {
    let inserted = sql.split_once("(child, before) ").map(|(_, values)| values);
    let child = inserted.and_then(|values| match values.strip_prefix("SELECT ") {
        Some(rest) => rest.split_once(", count(*)").map(|(child, _)| child),
        None => values.strip_prefix("VALUES (").and_then(|rest| rest.strip_suffix(", 0)")),
    });
    child.unwrap_or(sql)
}

/// Whether SQLite would answer with "foreign key mismatch" instead of looking at rows.
fn is_malformed(child: &Table, schema: &Schema) -> bool {
    child.foreign_keys.iter().any(|key| {
        let parent = schema.tables.values().find(|table| same(&table.name.name, &key.references.name));
        match parent {
            Some(parent) => key.columns.len() != key.references_columns.len() || !is_key(key, parent),
            // To a table that is not there no row can point, which is counted; a view is a mismatch.
            None => schema.objects.keys().any(
                |id| matches!(id, ObjectId::Object(ObjectKind::View, name) if same(&name.name, &key.references.name)),
            ),
        }
    })
}

/// Whether the parent holds what the foreign key points at at most once.
fn is_key(key: &ForeignKey, parent: &Table) -> bool {
    let equal = |columns: &[&str]| {
        columns.len() == key.references_columns.len()
            && key.references_columns.iter().all(|name| columns.iter().any(|column| same(column, name)))
    };
    let constraint = |columns: &[String]| equal(&columns.iter().map(String::as_str).collect::<Vec<_>>());
    parent.primary_key.iter().chain(&parent.uniques).any(|unique| constraint(&unique.columns))
        || parent.indexes.iter().filter(|index| index.unique && index.predicate.is_none()).any(|index| {
            let columns: Option<Vec<&str>> = index
                .keys
                .iter()
                .map(|key| match &key.what {
                    IndexKeyWhat::Column(name) => {
                        let own = parent.column(name).and_then(|column| column.collation.as_deref());
                        let same_order = key.collation.as_deref().is_none_or(|it| it == own.unwrap_or("BINARY"));
                        same_order.then_some(name.as_str())
                    }
                    IndexKeyWhat::Expr(_) => None,
                })
                .collect();
            columns.is_some_and(|columns| equal(&columns))
        })
}

/// SQLite compares names without case.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_counted_once_however_many_rebuilds_touch_it() {
        let count = |values: &str| Step::harmless(format!("INSERT INTO {TABLE} (child, before) {values}"));
        let steps = [
            count("SELECT 'it''s', count(*) FROM pragma_foreign_key_check('it''s')"),
            Step::harmless("DROP TABLE a".to_owned()),
            count("VALUES ('it''s', 0)"),
            count("VALUES ('b', 0)"),
            count("SELECT 'b', count(*) FROM pragma_foreign_key_check('b')"),
        ];
        let kept = [steps[0].sql.as_str(), &steps[3].sql, "DROP TABLE a"];
        assert_eq!(gather(&steps), kept);
    }
}
