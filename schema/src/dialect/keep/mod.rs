//! A dialect whose plans move aside what they drop, and whose plans back bring it in again.
//!
//! Before a table or a column goes, its rows or values are copied into a table `__diesel_schema_trash_…` that nothing
//! reads but the way back, which drops it when it has made use of it; `migrate purge` drops what will not be needed.
//! On PostgreSQL the copy is text, which every type can be written as and read from, so that it holds on to no type that
//! the same plan drops.

mod sql;

use std::collections::BTreeSet;

use diesel::QueryResult;
use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use sha2::{Digest, Sha256};

use super::{Beside, DialectImpl, End, Refusal, Scratch, Script, Unsupported, all_rows};
use crate::change::{Change, Constraint, Hazard, HazardKind, Step};
use crate::connection::SqlConnection;
use crate::schema::{Column, Index, Key, Name, ObjectId, Schema, Table};

/// What the names of tables begin with that hold what was dropped.
pub const TRASH: &str = "__diesel_schema_trash_";

/// PostgreSQL cuts longer names.
const LONGEST: usize = 63;

/// What a plan drops and keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The table's name before the plan.
    pub before: Name,
    /// Its name when the plan drops it, or its column: behind the plan's renames.
    pub table: Name,
    /// The column; `None` is the whole table.
    pub column: Option<String>,
    /// The table that the copy is in.
    pub trash: String,
}

impl Kept {
    /// What of `changes` is kept; `id` is part of the copies' names, and nothing else may have used it.
    ///
    /// # Errors
    /// A column whose rows the way back could not tell apart.
    pub fn of(
        changes: &[Change],
        old: &Schema,
        before: &dyn Fn(&Name) -> Name,
        (dialect, id): (Dialect, &str),
    ) -> Result<Vec<Self>, Refusal> {
        let mut kept = Vec::new();
        for change in changes {
            match change {
                Change::DropTable(table) if has_rows(table) => kept.push(Self::new(&table.name, &table.name, None, id)),
                Change::DropColumn { table, column } if column.generated.is_none() => {
                    let was = before(table);
                    let key = old.tables.get(&was).and_then(|table| table.primary_key.as_ref());
                    if key.is_some() || dialect != Dialect::Sqlite {
                        can_come_back(table, column, key, changes)?;
                    }
                    kept.push(Self::new(&was, table, Some(&column.name), id));
                }
                _ => {}
            }
        }
        Ok(kept)
    }

    fn new(before: &Name, table: &Name, column: Option<&str>, id: &str) -> Self {
        let what = column.map_or_else(|| before.to_string(), |column| format!("{before}.{column}"));
        let mut trash = format!("{TRASH}{id}_{what}");
        if trash.len() > LONGEST {
            let digest: String = Sha256::digest(&what).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let longest = LONGEST - digest.len() - 1;
            let cut = (0..=longest).rev().find(|at| trash.is_char_boundary(*at)).unwrap_or_default();
            trash = format!("{}_{digest}", &trash[..cut]);
        }
        Self { before: before.clone(), table: table.clone(), column: column.map(str::to_owned), trash }
    }
}

fn has_rows(table: &Table) -> bool {
    table.inheritance.partition_by.is_none() && table.columns.iter().any(|column| column.generated.is_none())
}

/// A value goes back to the row with the same primary key. Where SQLite's table has none, every row has its rowid.
fn can_come_back(table: &Name, column: &Column, key: Option<&Key>, changes: &[Change]) -> Result<(), Refusal> {
    let touched = |name: &String| {
        changes.iter().any(|change| match change {
            Change::DropColumn { table: it, column } => it == table && column.name == *name,
            Change::AlterColumn { table: it, old, new } => it == table && new.name == *name && old.ty != new.ty,
            _ => false,
        })
    };
    let why = match key {
        None => format!("{table} has no primary key to find their rows by"),
        Some(key) => match key.columns.iter().find(|name| touched(name)) {
            Some(name) => format!("{name}, of the primary key, changes in the same revision"),
            None => return Ok(()),
        },
    };
    Err(Refusal(format!(
        "the values of {table}.{} can't be kept: {why}; drop it in a revision of its own, or without --keep-data",
        column.name
    )))
}

/// Which of a revision's two halves a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// What is dropped is moved aside first.
    Up,
    /// What was moved aside comes back.
    Down,
}

/// A dialect that drops nothing without a copy.
pub struct Keeping<'a> {
    /// What renders all the rest.
    pub dialect: &'a dyn DialectImpl,
    /// What is kept.
    pub kept: &'a [Kept],
    /// Which half is planned.
    pub way: Way,
}

impl Keeping<'_> {
    /// What is kept of a table, or of a column of it, that goes or comes.
    fn find(&self, table: &Name, column: Option<&str>) -> Option<&Kept> {
        self.kept.iter().find(|kept| {
            let name = if self.way == Way::Up { &kept.table } else { &kept.before };
            name == table && kept.column.as_deref() == column
        })
    }

    /// In front of what copies rows, or values back into them.
    fn or_refuse(&self, kept: &Kept, old: &Schema, new: &Schema) -> Option<Step> {
        all_rows::or_refuse(&[&kept.before, &kept.table], &[old, new])
    }

    /// Adds a column that is moved back into each row before it has to be there.
    fn bring_back(
        &self,
        (table, column, kept): (&Name, &Column, &Kept),
        both: (&Schema, &Schema),
        add: &dyn Fn(&Column) -> Result<Vec<Step>, Refusal>,
    ) -> Result<Vec<Step>, Refusal> {
        let (old, new) = both;
        let restored = sql::restore_column(self.dialect, (table, column), &keys(new, table), &kept.trash);
        let mut steps = add(&if has_value(column) { column.clone() } else { nullable(column) })?;
        steps.extend(self.or_refuse(kept, old, new));
        steps.extend(restored);
        if has_value(column) {
            return Ok(steps);
        }
        let tighten = Change::AlterColumn { table: table.clone(), old: nullable(column), new: column.clone() };
        steps.extend(self.dialect.render(&tighten, &loosened(new, table, &[column]), new)?);
        Ok(steps)
    }

    /// A table made anew with columns that come back: where they have to be there, it is made anew once more.
    fn rebuilt_with(
        &self,
        kept: &[(Name, Column, &Kept)],
        changes: &[Change],
        old: &Schema,
        new: &Schema,
    ) -> Result<Vec<Step>, Refusal> {
        let late: Vec<&Column> = kept.iter().map(|(_, column, _)| column).filter(|column| !has_value(column)).collect();
        let [(table, ..), ..] = kept else { return self.dialect.rebuild(changes, old, new) };
        let is_late = |it: &Column| late.iter().any(|column| column.name == it.name);
        let first = changes.iter().map(|change| match change {
            Change::AddColumn { table, column } if is_late(column) => {
                Change::AddColumn { table: table.clone(), column: nullable(column) }
            }
            other => other.clone(),
        });
        let mut between = loosened(new, table, &late);
        let mut steps = self.dialect.rebuild(&first.collect::<Vec<_>>(), old, &between)?;
        let key = keys(new, table);
        for (table, column, kept) in kept {
            steps.extend(sql::restore_column(self.dialect, (table, column), &key, &kept.trash));
        }
        if late.is_empty() {
            return Ok(steps);
        }
        let tighten = late.iter().map(|column| Change::AlterColumn {
            table: table.clone(),
            old: nullable(column),
            new: (*column).clone(),
        });
        // Of everything else this knows what was there before.
        let mut now = old.clone();
        now.tables.extend(between.tables.remove_entry(table));
        steps.extend(self.dialect.rebuild(&tighten.collect::<Vec<_>>(), &now, new)?);
        Ok(steps)
    }
}

/// The schema with columns of one of its tables that need not be there yet.
fn loosened(schema: &Schema, table: &Name, late: &[&Column]) -> Schema {
    let mut between = schema.clone();
    let columns = between.tables.get_mut(table).into_iter().flat_map(|table| &mut table.columns);
    for column in columns.filter(|it| late.iter().any(|column| column.name == it.name)) {
        column.nullable = true;
    }
    between
}

/// Whether rows that are there get a value by themselves, or need none.
fn has_value(column: &Column) -> bool {
    column.nullable || column.default.is_some() || column.identity.is_some()
}

fn nullable(column: &Column) -> Column {
    Column { nullable: true, ..column.clone() }
}

/// The columns that tell a table's rows apart.
fn keys(schema: &Schema, table: &Name) -> Vec<String> {
    let key = schema.tables.get(table).and_then(|table| table.primary_key.as_ref());
    key.map_or_else(|| vec![sql::ROWID.to_owned()], |key| key.columns.clone())
}

fn without_loss(mut steps: Vec<Step>, of: &str) -> Vec<Step> {
    let is_kept = |hazard: &Hazard| hazard.kind == HazardKind::DataLoss && hazard.message.contains(of);
    steps.iter_mut().for_each(|step| step.hazards.retain(|hazard| !is_kept(hazard)));
    steps
}

impl DialectImpl for Keeping<'_> {
    fn dialect(&self) -> Dialect {
        self.dialect.dialect()
    }

    fn lower(&self, declared: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>> {
        self.dialect.lower(declared)
    }

    fn read(&self, connection: &mut dyn SqlConnection) -> QueryResult<Schema> {
        self.dialect.read(connection)
    }

    fn can_alter(&self, change: &Change, old: &Schema, new: &Schema) -> bool {
        self.dialect.can_alter(change, old, new)
    }

    fn expand(&self, changes: Vec<Change>, old: &Schema, new: &Schema) -> Vec<Change> {
        self.dialect.expand(changes, old, new)
    }

    fn render(&self, change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
        let plain = || self.dialect.render(change, old, new);
        match (self.way, change) {
            (Way::Up, Change::DropTable(table)) => {
                let Some(kept) = self.find(&table.name, None) else { return plain() };
                let mut steps: Vec<Step> = self.or_refuse(kept, old, new).into_iter().collect();
                steps.extend(sql::keep_rows(self.dialect, table, &kept.trash));
                steps.extend(without_loss(plain()?, &table.name.to_string()));
                Ok(steps)
            }
            (Way::Up, Change::DropColumn { table, column }) => {
                let Some(kept) = self.find(table, Some(&column.name)) else { return plain() };
                let mut steps: Vec<Step> = self.or_refuse(kept, old, new).into_iter().collect();
                steps.extend(sql::keep_column(self.dialect, (table, column), &keys(old, table), &kept.trash));
                steps.extend(without_loss(plain()?, &format!("{table}.{}", column.name)));
                Ok(steps)
            }
            (Way::Down, Change::CreateTable(table)) => {
                let Some(kept) = self.find(&table.name, None) else { return plain() };
                let mut steps = plain()?;
                steps.extend(sql::restore_rows(self.dialect, table, &kept.trash));
                Ok(steps)
            }
            (Way::Down, Change::AddColumn { table, column }) => {
                let Some(kept) = self.find(table, Some(&column.name)) else { return plain() };
                self.bring_back((table, column, kept), (old, new), &|column| {
                    self.dialect.render(&Change::AddColumn { table: table.clone(), column: column.clone() }, old, new)
                })
            }
            _ => plain(),
        }
    }

    fn privileges_kept(&self, remade: &BTreeSet<ObjectId>) -> Option<(Option<Step>, Step)> {
        self.dialect.privileges_kept(remade)
    }

    fn granted_alike(&self, table: &Name, view: &Name) -> Vec<Step> {
        self.dialect.granted_alike(table, view)
    }

    fn rebuild(&self, changes: &[Change], old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
        let of = |change: &Change| match (self.way, change) {
            (Way::Up, Change::DropColumn { table, column }) | (Way::Down, Change::AddColumn { table, column }) => {
                self.find(table, Some(&column.name)).map(|kept| (table.clone(), column.clone(), kept))
            }
            _ => None,
        };
        let kept: Vec<_> = changes.iter().filter_map(of).collect();
        if self.way == Way::Up {
            let keep = |(table, column, kept): &(Name, Column, &Kept)| {
                sql::keep_column(self.dialect, (table, column), &keys(old, table), &kept.trash)
            };
            let mut steps: Vec<Step> = kept.iter().flat_map(keep).collect();
            let mut rest = self.dialect.rebuild(changes, old, new)?;
            for (table, column, _) in &kept {
                rest = without_loss(rest, &format!("{table}.{}", column.name));
            }
            steps.extend(rest);
            return Ok(steps);
        }
        self.rebuilt_with(&kept, changes, old, new)
    }

    fn key_of_index(
        &self,
        table: &Name,
        index: &Index,
        key: &Constraint,
        old: &Schema,
        new: &Schema,
    ) -> Option<Vec<Step>> {
        self.dialect.key_of_index(table, index, key, old, new)
    }

    fn beside(&self, changes: &[Change], old: &End<'_>, new: &End<'_>) -> Result<Beside, Refusal> {
        self.dialect.beside(changes, old, new)
    }

    fn foreign_keys_inline(&self) -> bool {
        self.dialect.foreign_keys_inline()
    }

    fn script(&self, plan: &crate::change::Plan) -> Script {
        self.dialect.script(plan)
    }

    fn quote(&self, identifier: &str) -> String {
        self.dialect.quote(identifier)
    }

    fn scratch(&self, url: Option<&str>) -> Result<Box<dyn Scratch>, String> {
        self.dialect.scratch(url)
    }
}
