//! What a plan is made of.

use std::fmt;

use super::Fit;
use crate::schema::Name;

/// The ordered steps that carry out a list of changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The steps, in the order in which they run.
    pub steps: Vec<Step>,
}

/// One SQL statement and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The statement, without `;`.
    pub sql: String,
    /// How many bytes of it name the table that it alters, where what follows is an action that others on the same table
    /// may stand beside in one statement; 0 where none may.
    pub head: usize,
    /// The strongest lock that it takes on a table which existed before the plan; `None` is no such lock.
    pub lock: Option<TableLock>,
    /// What it can cost.
    pub hazards: Vec<Hazard>,
    /// Whether it may run in a transaction. A step that may not goes to a revision of its own.
    pub in_transaction: bool,
    /// Which of the plan's commits it waits for.
    pub stage: Stage,
    /// The table that it is of; the plan says it where the dialect did not.
    pub table: Option<Name>,
    /// What it does to that table's rows.
    pub work: Work,
    /// Who can go on with it.
    pub fit: Fit,
}

/// What a step does to the rows that are there, and so how its time grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Work {
    /// It does not look at them: only the catalog changes.
    #[default]
    Catalog,
    /// It reads all of them.
    Reads,
    /// It writes all of them, a batch a transaction.
    Fills,
    /// It writes the table anew.
    Rewrites,
}

/// When a step runs. A later stage comes behind all of the earlier one, which is committed then, in a revision of its
/// own: what reads every row must not do so while a stronger lock of the same transaction is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Stage {
    /// Where the order of the changes has it.
    #[default]
    Main,
    /// What was made beside a table that is used takes its place, and the rest of the plan comes where the order of the
    /// changes has it.
    Swap,
    /// Rows of before get their values, a batch a transaction.
    Fill,
    /// What a row breaks that has none of those values yet is added, for the rows that are written from then on.
    Constrain,
    /// Indexes are built and dropped beside the writes.
    Build,
    /// The rows of before are checked; reads and writes go on.
    Validate,
    /// What has been built and checked is made use of.
    Settle,
}

impl Step {
    /// A statement that may run in a transaction, locks no table of before and risks nothing.
    #[must_use]
    pub fn harmless(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            head: 0,
            lock: None,
            hazards: Vec::new(),
            in_transaction: true,
            stage: Stage::Main,
            table: None,
            work: Work::Catalog,
            fit: Fit::default(),
        }
    }
}

/// A table lock, from weak to strong, by PostgreSQL's names
/// (<https://www.postgresql.org/docs/current/explicit-locking.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableLock {
    /// `ROW EXCLUSIVE`, as every `UPDATE` takes it: reads and writes go on.
    RowExclusive,
    /// `SHARE UPDATE EXCLUSIVE`: reads and writes go on.
    ShareUpdateExclusive,
    /// `SHARE`: reads go on, writes wait.
    Share,
    /// `SHARE ROW EXCLUSIVE`: reads go on, writes wait.
    ShareRowExclusive,
    /// `ACCESS EXCLUSIVE`: everything waits.
    AccessExclusive,
    /// SQLite's only one: the whole database, for writers.
    Database,
}

impl fmt::Display for TableLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
            Self::Database => "database",
        })
    }
}

/// What a step can cost, in words for the developer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hazard {
    /// The class of it.
    pub kind: HazardKind,
    /// One sentence: what happens, to what, and where there is one, the way around it.
    pub message: String,
}

/// The classes of hazards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HazardKind {
    /// Rows or values are gone afterwards.
    DataLoss,
    /// The table is written anew, under a lock.
    TableRewrite,
    /// Reads or writes of the table wait while it runs.
    BlockingLock,
    /// It fails if existing rows do not fit.
    MayFail,
    /// Triggers run for every row, as they do where an application writes it.
    FiresTriggers,
}

impl HazardKind {
    /// `data loss`, `table rewrite`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DataLoss => "data loss",
            Self::TableRewrite => "table rewrite",
            Self::BlockingLock => "blocking lock",
            Self::MayFail => "may fail",
            Self::FiresTriggers => "fires triggers",
        }
    }
}
