//! The statements that copy rows and values aside, and back.

use diesel_schema_core::Dialect;

use crate::change::{Hazard, HazardKind, Step, TableLock};
use crate::connection::literal;
use crate::dialect::DialectImpl;
use crate::schema::{Column, Identity, IdentityKind, Name, Table};

/// One server's words for it.
struct Words<'a> {
    dialect: &'a dyn DialectImpl,
    postgres: bool,
}

impl<'a> Words<'a> {
    fn of(dialect: &'a dyn DialectImpl) -> Self {
        Self { dialect, postgres: dialect.dialect() == Dialect::Postgres }
    }

    fn table(&self, name: &Name) -> String {
        let namespace = name.namespace.as_deref().map(|it| format!("{}.", self.dialect.quote(it)));
        format!("{}{}", namespace.unwrap_or_default(), self.dialect.quote(&name.name))
    }

    fn column(&self, name: &str) -> String {
        if !self.postgres && name == ROWID { name.to_owned() } else { self.dialect.quote(name) }
    }

    /// A value as it lies in the copy.
    fn written(&self, name: &str) -> String {
        let column = self.column(name);
        if self.postgres { format!("{column}::text") } else { column }
    }

    /// The same, which holds on to no collation that the plan may drop.
    fn written_freely(&self, column: &Column) -> String {
        let collation = if self.postgres && column.collation.is_some() { " COLLATE \"default\"" } else { "" };
        format!("{}{collation}", self.written(&column.name))
    }

    /// What the copy holds, as the column's type.
    fn read(&self, value: &str, column: &Column) -> String {
        if self.postgres { format!("{value}::{}", column.ty.sql) } else { value.to_owned() }
    }

    /// Copies a table's values, under a lock that keeps others from writing more between the copy and the end of it.
    fn keep(&self, from: &str, table: &Name, values: &[(String, String)], trash: &str, what: &str) -> Vec<Step> {
        let named = |(value, name): &(String, String)| {
            if value == name { value.clone() } else { format!("{value} AS {name}") }
        };
        let values: Vec<String> = values.iter().map(named).collect();
        let sql =
            format!("CREATE TABLE {} AS\n    SELECT {}\n    FROM {from}", self.dialect.quote(trash), values.join(", "));
        let lock = if self.postgres { TableLock::ShareRowExclusive } else { TableLock::Database };
        let waits = Hazard {
            kind: HazardKind::BlockingLock,
            message: format!("who writes to {table} waits while {what} are copied aside"),
        };
        let copy = Step { lock: Some(lock), hazards: vec![waits], ..Step::harmless(sql) };
        let stop = format!("LOCK TABLE {from} IN SHARE ROW EXCLUSIVE MODE");
        let stop = self.postgres.then(|| Step { lock: Some(lock), ..Step::harmless(stop) });
        stop.into_iter().chain([copy]).collect()
    }

    /// Where somebody purged the copy, an empty one: the shape comes back all the same.
    fn at_least_empty(&self, trash: &str, columns: &[String]) -> Step {
        let ty = if self.postgres { " text" } else { "" };
        let columns: Vec<String> = columns.iter().map(|column| format!("{column}{ty}")).collect();
        let trash = self.dialect.quote(trash);
        Step::harmless(format!("CREATE TABLE IF NOT EXISTS {trash} ({})", columns.join(", ")))
    }

    fn drop(&self, trash: &str) -> Step {
        Step::harmless(format!("DROP TABLE {}", self.dialect.quote(trash)))
    }

    /// Lets a numbered column go on behind its greatest value.
    fn count_on(&self, table: &Name, column: &Column) -> Option<Step> {
        let Some(Identity { sequence: Some((sequence, options)), .. }) = &column.identity else { return None };
        let (best, past) = if options.increment < 0 { ("min", "<=") } else { ("max", ">=") };
        let (table, name) = (self.table(table), self.column(&column.name));
        let sequence = literal(&self.table(sequence));
        Some(Step::harmless(format!(
            "SELECT setval({sequence}, {best}({name})) FROM {table}\n    HAVING {best}({name}) {past} {}",
            options.start
        )))
    }
}

/// SQLite's name for what tells rows apart that have no primary key.
pub(super) const ROWID: &str = "rowid";

fn key_names(key: &[String]) -> Vec<String> {
    (1..=key.len()).map(|at| format!("key_{at}")).collect()
}

fn stored(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| column.generated.is_none())
}

/// Copies a table that is about to be dropped.
pub(super) fn keep_rows(dialect: &dyn DialectImpl, table: &Table, trash: &str) -> Vec<Step> {
    let words = Words::of(dialect);
    let values: Vec<(String, String)> =
        stored(table).map(|column| (words.written_freely(column), words.column(&column.name))).collect();
    // What its children hold is theirs.
    let only = if words.postgres { "ONLY " } else { "" };
    words.keep(&format!("{only}{}", words.table(&table.name)), &table.name, &values, trash, "its rows")
}

/// Copies a column that is about to be dropped, with the key of each row.
pub(super) fn keep_column(
    dialect: &dyn DialectImpl,
    (table, column): (&Name, &Column),
    key: &[String],
    trash: &str,
) -> Vec<Step> {
    let words = Words::of(dialect);
    let mut values: Vec<(String, String)> = key.iter().map(|name| words.written(name)).zip(key_names(key)).collect();
    values.push((words.written_freely(column), "value".to_owned()));
    words.keep(&words.table(table), table, &values, trash, &format!("the values of {}", column.name))
}

/// Fills a table that has just been created.
pub(super) fn restore_rows(dialect: &dyn DialectImpl, table: &Table, trash: &str) -> Vec<Step> {
    let words = Words::of(dialect);
    let columns: Vec<String> = stored(table).map(|column| words.column(&column.name)).collect();
    let values: Vec<String> = stored(table).map(|column| words.read(&words.column(&column.name), column)).collect();
    let is_always = |column: &Column| column.identity.as_ref().is_some_and(|it| it.kind == IdentityKind::Always);
    let overriding = if stored(table).any(is_always) { " OVERRIDING SYSTEM VALUE" } else { "" };
    let mut steps = vec![words.at_least_empty(trash, &columns)];
    if !words.postgres {
        // Rows of two tables may point at each other.
        steps.push(Step::harmless("PRAGMA defer_foreign_keys = ON"));
    }
    steps.push(Step::harmless(format!(
        "INSERT INTO {} ({}){overriding}\n    SELECT {} FROM {}",
        words.table(&table.name),
        columns.join(", "),
        values.join(", "),
        words.dialect.quote(trash)
    )));
    steps.push(words.drop(trash));
    steps.extend(stored(table).filter_map(|column| words.count_on(&table.name, column)));
    steps
}

/// Fills a column that has just been added.
pub(super) fn restore_column(
    dialect: &dyn DialectImpl,
    (table, column): (&Name, &Column),
    key: &[String],
    trash: &str,
) -> Vec<Step> {
    let words = Words::of(dialect);
    let names = key_names(key);
    let (on, name, kept) = (words.table(table), words.column(&column.name), dialect.quote(trash));
    let same = if words.postgres { "=" } else { "IS" };
    let keys: Vec<String> =
        key.iter().zip(&names).map(|(key, name)| format!("it.{} {same} kept.{name}", words.written(key))).collect();
    let update = format!(
        "UPDATE {on} AS it SET {name} = {}\n    FROM {kept} AS kept WHERE {}",
        words.read("kept.value", column),
        keys.join(" AND ")
    );
    let lock = if words.postgres { None } else { Some(TableLock::Database) };
    let update = Step { lock, ..Step::harmless(update) };
    let columns: Vec<String> = names.into_iter().chain(["value".to_owned()]).collect();
    let mut steps = vec![words.at_least_empty(trash, &columns)];
    let always = column.identity.as_ref().is_some_and(|it| it.kind == IdentityKind::Always);
    let numbered = |how: &str| {
        let sql = format!("ALTER TABLE {on}\n    ALTER COLUMN {name} SET GENERATED {how}");
        Step { lock: Some(TableLock::AccessExclusive), ..Step::harmless(sql) }
    };
    // What is always generated can't be updated.
    steps.extend(always.then(|| numbered("BY DEFAULT")));
    steps.extend([update, words.drop(trash)]);
    steps.extend(always.then(|| numbered("ALWAYS")));
    steps.extend(words.count_on(table, column));
    steps
}
