//! How one server says things: a folder a dialect, behind one trait.

mod all_rows;
#[cfg(any(feature = "cli", feature = "postgres"))]
pub(crate) mod in_step;
mod keep;
#[cfg(feature = "postgres")]
pub mod postgres;
pub(crate) mod renamed;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;

use crate::change::{Change, Constraint, Plan, Step};
use crate::connection::SqlConnection;
use crate::schema::{Index, Name, ObjectId, Privileges, Schema};

pub use keep::{Keeping, Kept, TRASH, Way};

/// Whether a table that is there already is large, or in use, so that nothing may lock it for long.
pub type Busy<'a> = dyn Fn(&Name) -> bool + Sync + 'a;

/// What the floors above need to know of a server.
pub trait DialectImpl: Sync {
    /// Which one it is.
    fn dialect(&self) -> Dialect;

    /// Says the declared schema in this dialect's words: final names, types, the spelling of expressions as far
    /// as it is known without a server.
    ///
    /// # Errors
    /// Everything in it that this dialect can't express, each with its place in the source.
    fn lower(&self, declared: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>>;

    /// What a statement of a `sql:` file is about; `None` where that is nothing which is handled as text.
    fn subject(&self, _sql: &str) -> Option<Subject> {
        None
    }

    /// Reads what the database holds, in a constant number of queries. Leaves out diesel's and this crate's own
    /// tables (`__diesel_schema_*`), those in which Alembic, sqlx and refinery keep what they have applied, what extensions own, and the server's own objects.
    fn read(&self, connection: &mut dyn SqlConnection) -> QueryResult<Schema>;

    /// Says in the same grain on both sides what one of them has as a part and the other by itself.
    fn even(&self, _old: &mut Schema, _new: &mut Schema) {}

    /// Whether the server takes two names of tables or columns for one.
    fn is_same_name(&self, a: &str, b: &str) -> bool {
        a == b
    }

    /// Owners and privileges, in another query: [`DialectImpl::read`] says nothing of them. Empty where the server keeps
    /// none.
    fn privileges(&self, _connection: &mut dyn SqlConnection) -> QueryResult<Privileges> {
        Ok(Privileges::default())
    }

    /// The statements from the owners and privileges of one database to those of another, to be run after everything
    /// else. `old` has what is renamed under its new names; `made` is what the statements before made anew.
    fn privilege_steps(&self, _old: &Privileges, _new: &Privileges, _made: &BTreeSet<ObjectId>) -> Vec<Step> {
        Vec::new()
    }

    /// Whether a statement of this dialect can carry out the change on a table that stays. Where it can't, the plan
    /// gathers all changes of that table into one rebuild ([`DialectImpl::rebuild`]).
    fn can_alter(&self, change: &Change, old: &Schema, new: &Schema) -> bool;

    /// The changes with those taken apart that need other statements between their own, and with what has to go
    /// before one of them and come again after it, although it stays as it is. `old` has the new names of what is
    /// renamed.
    fn expand(&self, changes: Vec<Change>, _old: &Schema, _new: &Schema) -> Vec<Change> {
        let split = |change| match change {
            Change::ReplaceObject { old, new } => vec![Change::DropObject(old), Change::CreateObject(new)],
            other => vec![other],
        };
        changes.into_iter().flat_map(split).collect()
    }

    /// What of the schema the connection's server is too old for, in a sentence.
    ///
    /// # Errors
    /// The server refuses.
    fn too_old(&self, _schema: &Schema, _connection: &mut dyn SqlConnection) -> QueryResult<Option<String>> {
        Ok(None)
    }

    /// The statements of one change, in order. `old` and `new` are the schemas on both ends of the plan.
    ///
    /// # Errors
    /// A sentence that says why it can't be done, where it can't.
    fn render(&self, change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal>;

    /// The statements that make a key of an index that stands, where that is what the key would build. `None` where the
    /// one has to go and the other to be built.
    fn key_of_index(
        &self,
        _table: &Name,
        _index: &Index,
        _key: &Constraint,
        _old: &Schema,
        _new: &Schema,
    ) -> Option<Vec<Step>> {
        None
    }

    /// This dialect in forms that a table in use survives: short locks, rows checked and indexes built while it is read
    /// and written. `busy` says of which tables; the rest have the plain forms. `None` where there are no other forms.
    fn online<'a>(&'a self, _busy: &'a Busy<'a>) -> Option<Box<dyn DialectImpl + 'a>> {
        None
    }

    /// About how many rows each table holds, as the server has counted for itself. Empty where it has not.
    fn row_estimates(&self, _connection: &mut dyn SqlConnection) -> QueryResult<BTreeMap<Name, u64>> {
        Ok(BTreeMap::new())
    }

    /// How many bytes each table takes, without its indexes, as far as the server says.
    fn table_bytes(&self, _connection: &mut dyn SqlConnection) -> QueryResult<BTreeMap<Name, u64>> {
        Ok(BTreeMap::new())
    }

    /// How columns change beside the use of their tables, where a statement would keep others waiting. `changes` are of
    /// one plan, as [`DialectImpl::expand`] gave them.
    ///
    /// # Errors
    /// As [`DialectImpl::render`].
    fn beside(&self, _changes: &[Change], _old: &End<'_>, _new: &End<'_>) -> Result<Beside, Refusal> {
        Ok(Beside::default())
    }

    /// Makes a table anew with the shape that it has in `new`, keeping its rows, and carries out all of `changes`,
    /// every one of which is of this table.
    ///
    /// # Errors
    /// A sentence that says why it can't be done, where it can't.
    fn rebuild(&self, changes: &[Change], old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal>;

    /// What lets whoever may use a table use a view of it as well.
    fn granted_alike(&self, _table: &Name, _view: &Name) -> Vec<Step> {
        Vec::new()
    }

    /// The step that remembers who may use what is dropped and made again, and the one that gives it back. `None` where
    /// the server keeps no privileges, or of none of it.
    fn privileges_kept(&self, _remade: &BTreeSet<ObjectId>) -> Option<(Option<Step>, Step)> {
        None
    }

    /// Whether `CreateTable` writes the table's foreign keys inside the statement, because no later statement could
    /// add them. Where false, the plan adds each as a constraint of its own, so that cycles need no order.
    fn foreign_keys_inline(&self) -> bool {
        false
    }

    /// The file that carries out the plan, and whether it may run inside a transaction that the runner opens. Where
    /// it may not, the text opens and closes its own.
    fn script(&self, plan: &Plan) -> Script {
        Script {
            sql: plan.steps.iter().map(|step| format!("{};\n", step.sql)).collect::<Vec<_>>().join("\n"),
            run_in_transaction: plan.steps.iter().all(|step| step.in_transaction),
        }
    }

    /// An identifier, quoted where it has to be.
    fn quote(&self, identifier: &str) -> String;

    /// A throw-away database on the same server (or in memory), empty; it goes when it is dropped.
    ///
    /// # Errors
    /// A sentence that says what the server refused and what to do.
    fn scratch(&self, url: Option<&str>) -> Result<Box<dyn Scratch>, String>;
}

/// What a statement of a `sql:` file is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Always [`ObjectId::Object`].
    pub id: ObjectId,
    /// Whether the statement makes it, and does not only say something of it.
    pub makes: bool,
}

/// One end of a plan.
#[derive(Debug, Clone, Copy)]
pub struct End<'a> {
    /// What there is.
    pub schema: &'a Schema,
    /// What needs what of it: (what needs, what it needs).
    pub needs: &'a [(ObjectId, ObjectId)],
}

/// Columns that are made a second time while the first is used, and then take its place, all at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// The changes of the plan that this carries out.
    pub changes: Vec<Change>,
    /// What comes before everything else but renames, by stages of its own.
    pub before: Vec<Step>,
    /// What is done in the place of the changes.
    pub swap: Vec<Step>,
    /// What is done in the place of others that the plan may have to make: what stands on the columns is there already.
    pub instead: Vec<(Change, Vec<Step>)>,
}

impl Beside {
    /// What is done in the place of a change that it does not carry out itself.
    #[must_use]
    pub fn is_there(&self, change: &Change) -> Option<&[Step]> {
        self.instead.iter().find(|(it, _)| it == change).map(|(_, steps)| steps.as_slice())
    }
}

/// A plan as the text of a revision's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The statements, each with its `;`, a blank line between two.
    pub sql: String,
    /// What goes into `metadata.toml`.
    pub run_in_transaction: bool,
}

/// A throw-away database. Dropping it removes it.
pub trait Scratch {
    /// A connection to it.
    fn connection(&mut self) -> &mut dyn SqlConnection;

    /// Where another connection to it can be had; `None` where it has but one.
    fn url(&self) -> Option<&str> {
        None
    }

    /// Makes it as it was when it was made, the connection's settings included, where that is known to succeed and
    /// cheaper than another one. False where it has to be thrown away.
    fn empty(&mut self) -> bool {
        false
    }
}

/// Something declared that a dialect has no words for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what} can't be expressed on {dialect}: {instead}")]
pub struct Unsupported {
    /// The place in the source, `file:line:column`.
    pub at: String,
    /// What it is: "`User.tags` (an array)".
    pub what: String,
    /// The dialect without words for it.
    pub dialect: Dialect,
    /// What to write instead.
    pub instead: String,
}

/// A change that is understood and that no sequence of statements can carry out safely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);
