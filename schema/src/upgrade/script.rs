//! Upgrades, downgrades and stamps as text, for `psql` or `sqlite3` to run whole.
//!
//! Each revision is as the runner would run it: in a transaction together with its row, and on PostgreSQL inside the
//! runner's lock, so that a script and a replica that starts do not meet. The first line has the client stop at the
//! first error: it would go on behind it otherwise.

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::Graph;
use diesel_schema_core::revision::graph::{Applied, Direction, Plan, PlanError, Range, Selector, Stamp};

use super::applied::CREATE;
use super::job::{Control, Job, control};
use super::run::graph_of;
use super::settings::{restore, save, touched};
use super::step::Step;
use super::wait::standing;
use super::{Options, RevisionSet, UpgradeError, postgres, rows};

/// Where a script leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// `a:b`, from one revision to another, whatever is applied anywhere.
    Range(Range),
    /// From what is applied.
    From {
        /// The rows of Diesel's table.
        rows: Vec<String>,
        /// The target.
        to: Selector,
    },
}

impl Way {
    /// What is applied at its beginning, and its end; `from` and `to` stand for the open ends of a range.
    fn ends<'g, 'a>(
        &self,
        graph: &'g Graph<'a>,
        from: Option<Selector>,
        to: Selector,
    ) -> Result<(Applied<'g, 'a>, Selector), UpgradeError> {
        match self {
            Self::Range(range) => {
                let from: Vec<Selector> = range.from.clone().or(from).into_iter().collect();
                let applied = graph.applied_at(&from).map_err(PlanError::from)?;
                Ok((applied, range.to.clone().unwrap_or(to)))
            }
            Self::From { rows, to } => Ok((standing(graph, Some(rows))?, to.clone())),
        }
    }
}

/// The script of an upgrade, with the timeouts of `options` in its transactions.
///
/// # Errors
/// A selector names no revision, a range leads down, or a revision ends a transaction that it has to be in.
pub fn upgrade_script(set: &RevisionSet<'_>, way: &Way, options: &Options) -> Result<String, UpgradeError> {
    let graph = graph_of(set)?;
    if let Way::Range(range) = way {
        graph.range(range, None)?;
    }
    let (applied, to) = way.ends(&graph, None, Selector::heads())?;
    script(set, &applied.upgrade(&[to])?, options)
}

/// The script of a downgrade.
///
/// # Errors
/// As [`upgrade_script`]; a revision has no `down.sql`, or the target is not applied.
pub fn downgrade_script(set: &RevisionSet<'_>, way: &Way, options: &Options) -> Result<String, UpgradeError> {
    let graph = graph_of(set)?;
    let (applied, to) = way.ends(&graph, Some(Selector::heads()), Selector::base())?;
    script(set, &applied.downgrade(&to)?, options)
}

/// The script of a stamp.
///
/// # Errors
/// A selector names no revision.
pub fn stamp_script(set: &RevisionSet<'_>, way: &Way) -> Result<String, UpgradeError> {
    let graph = graph_of(set)?;
    let (applied, to) = way.ends(&graph, None, Selector::heads())?;
    Ok(rows_script(set.dialect, &applied.stamp(&[to])?))
}

fn script(set: &RevisionSet<'_>, plan: &Plan<'_>, options: &Options) -> Result<String, UpgradeError> {
    let mut text = begin(set.dialect).to_owned();
    let up = plan.direction == Direction::Up;
    if up && !plan.steps.is_empty() {
        text += &format!("\n{CREATE};\n");
    }
    if !up && !plan.implied.is_empty() && !plan.steps.is_empty() {
        text += &transaction(set.dialect, &rows::statements(&[], &plan.implied));
    }
    for revision in plan.ids().iter().filter_map(|id| set.get(id)) {
        if revision.step != Step::None {
            return Err(UpgradeError::StepInScript { revision: revision.id.to_owned() });
        }
        let mut job = if up { Job::up(revision, set, false) } else { Job::down(revision, set)? };
        job.timeouts = options.into();
        // From the folder on: where it lies on this machine is nothing to whoever runs the script.
        let mut parts: Vec<&str> = job.file.rsplit(['/', '\\']).take(2).collect();
        parts.reverse();
        text += &format!("\n-- {}\n", parts.join("/"));
        text += &of(&job)?;
    }
    Ok(text)
}

fn rows_script(dialect: Dialect, stamp: &Stamp<'_>) -> String {
    let statements = rows::statements(&stamp.remove, &stamp.add);
    let mut text = begin(dialect).to_owned();
    if !statements.is_empty() {
        text += &format!("\n{CREATE};\n");
        text += &transaction(dialect, &statements);
    }
    text
}

const fn begin(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => ".bail on\n",
        _ => "\\set ON_ERROR_STOP on\n",
    }
}

fn start(dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => "BEGIN IMMEDIATE;\n".to_owned(),
        _ => format!("BEGIN;\n{};\n", postgres::try_lock()),
    }
}

fn transaction(dialect: Dialect, statements: &[String]) -> String {
    format!("\n{}{};\nCOMMIT;\n", start(dialect), statements.join(";\n"))
}

fn row(job: &Job<'_>) -> String {
    if job.dialect == Dialect::Sqlite { job.row() } else { postgres::row(job) }
}

/// The file's own text, ended so that what follows is a statement of its own.
fn ended(sql: &str) -> String {
    let sql = sql.trim_end();
    // A comment in the last line would swallow a semicolon behind it.
    if sql.ends_with(';') { format!("{sql}\n") } else { format!("{sql}\n;\n") }
}

fn of(job: &Job<'_>) -> Result<String, UpgradeError> {
    let statements = job.statements();
    // All of the script is one session: what a file sets would reach the next one, and the row of its own.
    let (save, restore) = if job.dialect == Dialect::Postgres && touched(&statements) {
        (format!("{};\n", save(job.run_in_transaction)), format!("{};\n", restore()))
    } else {
        (String::new(), String::new())
    };
    if job.run_in_transaction {
        job.no_transaction_of_its_own()?;
        let local =
            if job.dialect == Dialect::Postgres { job.timeouts.set_local().replace(';', ";\n") } else { String::new() };
        let (start, row) = (start(job.dialect), row(job));
        return Ok(format!("{start}{row};\n{save}{local}{}{restore}COMMIT;\n", ended(job.sql)));
    }
    // A file that ends with its own COMMIT gets its row into that transaction.
    let ends = |sql| control(sql, job.dialect) == Control::Commit;
    let commit = match job.dialect {
        Dialect::Sqlite => statements.iter().rfind(|statement| ends(statement.sql)),
        _ => statements.last().filter(|statement| ends(statement.sql)),
    };
    Ok(match commit {
        Some(commit) => {
            let (before, after) = job.sql.split_at(commit.offset);
            format!("{save}{before}{restore}{};\n{}", row(job), ended(after))
        }
        None => format!("{save}{}{restore}{};\n", ended(job.sql), row(job)),
    })
}
