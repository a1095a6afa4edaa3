//! From the text to a lock.

mod cursor;
mod fact;
mod model;

use std::collections::{BTreeMap, BTreeSet};

use super::conflict::first_mark;
use super::waiting::WAITING;
use super::{Lock, LockError, LockedRevision, VERSION};
use crate::declared::*;
use crate::dialect::Dialect;
use cursor::Cursor;
pub(crate) use model::model;

type Table = (Option<String>, String);

/// What one line says.
enum Fact {
    Version(String),
    Comments(bool),
    Dialects(Vec<Dialect>),
    Revision(Dialect, LockedRevision),
    Enum(Enum),
    Sequence(Sequence),
    Sql(SqlFile),
    Table(Box<Model>),
    Column(Table, Box<Column>),
    PrimaryKey(Table, Key),
    Unique(Table, Key),
    ForeignKey(Table, ForeignKey),
    Check(Table, Check),
    Index(Table, Index),
}

#[derive(std::default::Default)]
struct Reader {
    version: bool,
    comments: bool,
    dialects: Vec<Dialect>,
    revisions: BTreeMap<Dialect, Vec<LockedRevision>>,
    enums: Vec<Enum>,
    sequences: Vec<Sequence>,
    sql: Vec<SqlFile>,
    tables: BTreeMap<Table, (Model, bool)>,
    /// What only one line may say.
    said: BTreeSet<String>,
    waiting: Vec<String>,
}

impl Lock {
    /// Reads the text of a `schema.lock`.
    ///
    /// # Errors
    /// Where git's conflict marks stand in it, where a line can't be understood or says again what another
    /// one says, and where the version is missing or newer.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        // A mark anywhere makes every other complaint beside the point.
        if let Some(line) = first_mark(text) {
            return Err(LockError::MergeConflict { line });
        }
        let mut reader = Reader::default();
        for (index, line) in text.lines().enumerate() {
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let waits = content.strip_prefix(WAITING);
            let bad = |why| LockError::Line { line: index + 1, text: line.to_owned(), why };
            let fact = Cursor::new(waits.unwrap_or(content)).and_then(fact::fact).map_err(bad)?;
            if let Some(fact) = waits {
                reader.waiting.push(fact.to_owned());
                continue;
            }
            if let Fact::Version(found) = &fact
                && *found != VERSION.to_string()
            {
                return Err(LockError::UnknownVersion { found: found.clone() });
            }
            reader.take(fact).map_err(bad)?;
        }
        reader.finish()
    }
}

impl Reader {
    fn once(&mut self, what: String) -> Result<(), String> {
        if self.said.contains(&what) {
            return Err(format!("{what} stands here a second time"));
        }
        self.said.insert(what);
        Ok(())
    }

    fn model(&mut self, table: Table) -> Result<&mut (Model, bool), String> {
        let name = shown(&table);
        self.tables.get_mut(&table).ok_or_else(|| format!("no line `table {name}` stands before it"))
    }

    fn take(&mut self, fact: Fact) -> Result<(), String> {
        match fact {
            Fact::Version(_) => {
                self.once("the version".to_owned())?;
                self.version = true;
            }
            Fact::Comments(value) => {
                self.once("`comments`".to_owned())?;
                self.comments = value;
            }
            Fact::Dialects(value) => {
                self.once("`dialects`".to_owned())?;
                self.dialects = value;
            }
            Fact::Revision(dialect, revision) => {
                self.once(format!("{dialect}'s revision {:?}", revision.id))?;
                self.revisions.entry(dialect).or_default().push(revision);
            }
            Fact::Enum(item) => {
                self.once(format!("enum {:?}", (&item.namespace, &item.name)))?;
                self.enums.push(item);
            }
            Fact::Sequence(item) => {
                self.once(format!("sequence {:?}", (&item.namespace, &item.name)))?;
                self.sequences.push(item);
            }
            Fact::Sql(item) => {
                self.once(format!("sql {:?}", item.path))?;
                self.sql.push(item);
            }
            Fact::Table(model) => {
                let table = (model.namespace.clone(), model.table.clone());
                self.once(format!("table {table:?}"))?;
                self.tables.insert(table, (*model, false));
            }
            Fact::Column(table, column) => {
                self.once(format!("column {:?}.{:?}", shown(&table), column.name))?;
                self.model(table)?.0.columns.push(*column);
            }
            Fact::PrimaryKey(table, key) => {
                self.once(format!("the primary key of {table:?}"))?;
                let model = self.model(table)?;
                model.0.primary_key = key;
                model.1 = true;
            }
            Fact::Unique(table, item) => self.model(table)?.0.uniques.push(item),
            Fact::ForeignKey(table, item) => self.model(table)?.0.foreign_keys.push(item),
            Fact::Check(table, item) => self.model(table)?.0.checks.push(item),
            Fact::Index(table, item) => self.model(table)?.0.indexes.push(item),
        }
        Ok(())
    }

    fn finish(self) -> Result<Lock, LockError> {
        if !self.version {
            return Err(LockError::NoVersion);
        }
        let mut models = Vec::with_capacity(self.tables.len());
        for (table, (model, has_key)) in self.tables {
            if !has_key {
                return Err(LockError::NoPrimaryKey { table: shown(&table) });
            }
            models.push(model);
        }
        let declared = DeclaredSchema {
            models,
            enums: self.enums,
            sequences: self.sequences,
            sql: self.sql,
            dialects: self.dialects,
            comments: self.comments,
            at: String::new(),
        };
        Ok(Lock { waiting: self.waiting, ..Lock::new(self.revisions, &declared) })
    }
}

fn shown((namespace, name): &Table) -> String {
    namespace.as_ref().map_or_else(|| name.clone(), |namespace| format!("{namespace}.{name}"))
}
