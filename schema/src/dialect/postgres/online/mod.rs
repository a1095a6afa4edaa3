//! PostgreSQL for tables that are read and written meanwhile: the forms that hold no strong lock while they read rows.
//!
//! What a lock keeps waiting, and which statement takes which, is in the PostgreSQL manual, 13.3 "Explicit Locking", and
//! at `ALTER TABLE`, "Notes": a constraint is added `NOT VALID` under a short lock, and validated in a transaction of its
//! own under one that lets reads and writes through; an index is built `CONCURRENTLY`. What this does not know a better
//! form of is left as it is, with the hazards that it has.

mod attach;
mod constraint;
mod fill;
mod index;
mod not_null;
mod partitions;
mod retype;
mod rows;
mod triggers;

use std::collections::BTreeSet;

use diesel::QueryResult;
use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;

use super::{Postgres, ddl};
use crate::change::{Change, Constraint, HazardKind, Stage, Step, Work};
use crate::connection::SqlConnection;
use crate::dialect::{Beside, Busy, DialectImpl, End, Refusal, Scratch, Unsupported, in_step};
use crate::schema::{Column, Index, Name, ObjectId, Schema};

pub(super) use rows::{row_estimates, table_bytes};

/// [`Postgres`], with other statements for tables that are busy.
pub(super) struct Online<'a> {
    /// What the statements are without that.
    pub(super) plain: Postgres,
    /// Which tables are.
    pub(super) busy: &'a Busy<'a>,
}

impl Online<'_> {
    fn is_busy(&self, table: &Name, old: &Schema) -> bool {
        old.tables.contains_key(table) && (self.busy)(table)
    }

    /// The safe form, where the change is one that has a dangerous one and its table is busy.
    fn safe(&self, change: &Change, old: &Schema, new: &Schema) -> Result<Option<Vec<Step>>, Refusal> {
        let plain = |change: &Change| self.plain.render(change, old, new);
        let busy = |table: &Name| self.is_busy(table, old);
        let both = (old, new);
        Ok(match change {
            Change::CreateIndex { table, index } if !stood(old, table, &index.name) && busy(table) => {
                let needed = index::columns(index).is_some_and(|columns| index::is_referenced(table, &columns, new));
                Some(match is_split(table, old) {
                    true => partitions::index(table, index, needed, both, plain(change)?),
                    false => index::create(plain(change)?, needed),
                })
            }
            Change::CreateIndex { table, index }
                if index.unique && index.nulls_not_distinct && fill::is_copied(table, old, new) =>
            {
                Some(behind(true, plain(change)?))
            }
            Change::DropIndex { table, index }
                if !stood(new, table, &index.name) && !is_split(table, old) && busy(table) =>
            {
                Some(index::drop(table, index, both, plain(change)?))
            }
            Change::AddConstraint { table, constraint } => self.constraint(change, table, constraint, both, &plain)?,
            // It goes in the statement that adds the new one.
            Change::DropConstraint { table, constraint: Constraint::PrimaryKey(_) }
                if constraint::replaced(table, old, new).is_some() && !is_split(table, old) && busy(table) =>
            {
                Some(Vec::new())
            }
            // Whatever the size of the table, its rows have values for it.
            Change::AddColumn { table, column } if fill::copied(table, column, old, new).is_some() => {
                Some(fill::add(table, column, both, &plain)?)
            }
            // The other one has its values.
            Change::DropColumn { table, column } if stays_equal(table, column, old, new) => {
                let plain = plain(change)?.into_iter();
                Some(plain.map(|step| without(step, HazardKind::DataLoss)).collect())
            }
            Change::AddColumn { table, column } if fill::can_wait(table, column, new) && busy(table) => {
                Some(fill::add(table, column, both, &plain)?)
            }
            Change::AlterColumn { table, old: was, new: is }
                if not_null::is_late_enough(table, was, is, old, new) && busy(table) =>
            {
                Some(not_null::proven_first(table, was, is, old, &plain)?)
            }
            Change::SetInheritance { table, old: was, new: is } => {
                let proven = match attach::joins(was, is) {
                    Some(place) if busy(table) || busy(place.0) => {
                        attach::proven_first(table, place, both, &plain, plain(change)?)?
                    }
                    _ => None,
                };
                match proven {
                    None if was.parents.is_empty() && busy(table) && attach::waits_for_checks(table, both) => {
                        Some(attach::behind_checks(plain(change)?))
                    }
                    proven => proven,
                }
            }
            _ => None,
        })
    }

    fn constraint(
        &self,
        change: &Change,
        table: &Name,
        added: &Constraint,
        (old, new): (&Schema, &Schema),
        plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
    ) -> Result<Option<Vec<Step>>, Refusal> {
        let busy = || self.is_busy(table, old);
        if let Some(steps) = ddl::validated(table, added.name(), old, new) {
            let later = |step| Step { stage: Stage::Validate, ..step };
            return Ok(busy().then(|| steps.into_iter().map(later).collect()));
        }
        Ok(match added {
            Constraint::ForeignKey(key) if key.validated && is_split(table, old) && busy() => {
                Some(behind(fill::is_due(table, old, new), partitions::foreign_key(table, key, (old, new), plain)?))
            }
            Constraint::Check(_) | Constraint::ForeignKey(_) if constraint::is_checked(added) && busy() => {
                Some(behind(fill::is_due(table, old, new), constraint::validated_later(table, added, plain)?))
            }
            Constraint::Unique(key) if !is_remade(old, table, &key.name) && busy() => {
                Some(match is_split(table, old) {
                    true => partitions::unique(table, key, (old, new), plain(change)?),
                    false => constraint::on_an_index(table, key, index::is_waited_for(table, key, new), plain(change)?),
                })
            }
            Constraint::PrimaryKey(_) if !is_split(table, old) => match constraint::replaced(table, old, new) {
                Some((before, after)) if busy() => {
                    Some(constraint::in_its_place(table, before, after, old, plain(change)?))
                }
                _ => None,
            },
            Constraint::Check(_) | Constraint::ForeignKey(_) if fill::is_copied(table, old, new) => {
                Some(behind(true, plain(change)?))
            }
            // All its rows are NULL at first. A foreign key that needs it can't wait.
            Constraint::Unique(key)
                if key.nulls_not_distinct
                    && fill::is_copied(table, old, new)
                    && !index::is_waited_for(table, key, new) =>
            {
                Some(behind(true, plain(change)?))
            }
            _ => None,
        })
    }
}

/// Whether a trigger has kept it equal to a column that stays.
fn stays_equal(table: &Name, column: &Column, old: &Schema, new: &Schema) -> bool {
    let other = in_step::partner(table, &column.name, old);
    other.is_some_and(|other| new.tables.get(table).is_some_and(|table| table.column(other).is_some()))
}

/// The steps of a constraint, where rows are without values that it is of: behind those.
fn behind(due: bool, steps: Vec<Step>) -> Vec<Step> {
    let stage = |step: &Step| if due { step.stage.max(Stage::Constrain) } else { step.stage };
    steps.into_iter().map(|step| Step { stage: stage(&step), ..step }).collect()
}

/// Whether the table's rows are in partitions: such a one takes neither `CONCURRENTLY` nor `USING INDEX`.
fn is_split(table: &Name, old: &Schema) -> bool {
    old.tables.get(table).is_some_and(|it| it.inheritance.partition_by.is_some())
}

/// Whether the table has an index of that name on this side, so that it goes and comes within one plan: between two
/// revisions it would be missing, and a unique one would let duplicates in.
fn stood(schema: &Schema, table: &Name, index: &str) -> bool {
    schema.tables.get(table).is_some_and(|table| table.indexes.iter().any(|it| it.name == index))
}

/// Whether a constraint of that name goes to make room for this one.
fn is_remade(old: &Schema, table: &Name, constraint: &str) -> bool {
    old.tables.get(table).is_some_and(|table| table.uniques.iter().any(|it| it.name == constraint))
}

/// The step as it is where what it would read is proven, or there, already.
fn quick(step: Step) -> Step {
    Step { work: Work::Catalog, ..without(without(step, HazardKind::BlockingLock), HazardKind::MayFail) }
}

/// The step without what it no longer risks.
fn without(mut step: Step, kind: HazardKind) -> Step {
    step.hazards.retain(|hazard| hazard.kind != kind);
    step
}

impl DialectImpl for Online<'_> {
    fn dialect(&self) -> Dialect {
        self.plain.dialect()
    }

    fn lower(&self, declared: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>> {
        self.plain.lower(declared)
    }

    fn read(&self, connection: &mut dyn SqlConnection) -> QueryResult<Schema> {
        self.plain.read(connection)
    }

    fn can_alter(&self, change: &Change, old: &Schema, new: &Schema) -> bool {
        self.plain.can_alter(change, old, new)
    }

    fn expand(&self, changes: Vec<Change>, old: &Schema, new: &Schema) -> Vec<Change> {
        self.plain.expand(changes, old, new)
    }

    fn render(&self, change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
        match self.safe(change, old, new)? {
            Some(steps) => Ok(steps),
            None => self.plain.render(change, old, new),
        }
    }

    fn key_of_index(
        &self,
        table: &Name,
        index: &Index,
        key: &Constraint,
        old: &Schema,
        new: &Schema,
    ) -> Option<Vec<Step>> {
        self.plain.key_of_index(table, index, key, old, new)
    }

    fn beside(&self, changes: &[Change], old: &End<'_>, new: &End<'_>) -> Result<Beside, Refusal> {
        let busy = |table: &Name| self.is_busy(table, old.schema);
        let plain = |change: &Change| self.plain.render(change, old.schema, new.schema);
        retype::beside(changes, (*old, *new), &busy, &plain)
    }

    fn privileges_kept(&self, remade: &BTreeSet<ObjectId>) -> Option<(Option<Step>, Step)> {
        self.plain.privileges_kept(remade)
    }

    fn granted_alike(&self, table: &Name, view: &Name) -> Vec<Step> {
        self.plain.granted_alike(table, view)
    }

    fn rebuild(&self, changes: &[Change], old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
        self.plain.rebuild(changes, old, new)
    }

    fn quote(&self, identifier: &str) -> String {
        self.plain.quote(identifier)
    }

    fn scratch(&self, url: Option<&str>) -> Result<Box<dyn Scratch>, String> {
        self.plain.scratch(url)
    }
}
