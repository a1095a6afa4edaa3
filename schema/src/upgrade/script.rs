//! Upgrades, downgrades and stamps as text, for `psql` or `sqlite3` to run whole.
//!
//! Each revision is as the runner would run it: in a transaction together with its row, and on PostgreSQL inside the
//! runner's lock, so that a script and a replica that starts do not meet. The first line has the client stop at the
//! first error: it would go on behind it otherwise. The rows of both tables are written, that of the history by whoever
//! runs it. A file outside a transaction is there as it is: what the runner does to go on where it was killed needs more
//! than a script can say.

mod record;

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::Graph;
use diesel_schema_core::revision::graph::{Applied, Direction, Plan, PlanError, Range, Selector, Stamp};
use diesel_schema_core::sql::split::Statement;

use super::job::{Control, Job, control};
use super::run::graph_of;
use super::settings::{restore, save, touched};
use super::step::Step;
use super::timeouts::Timeouts;
use super::wait::standing;
use super::{Options, RevisionSet, UpgradeError, postgres, rows, unfinished};

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
    Ok(rows_script(set, &applied.stamp(&[to])?))
}

fn script(set: &RevisionSet<'_>, plan: &Plan<'_>, options: &Options) -> Result<String, UpgradeError> {
    let mut text = begin(set.dialect).to_owned();
    let up = plan.direction == Direction::Up;
    if !plan.steps.is_empty() {
        text += &record::tables(set.dialect);
    }
    if !up && !plan.implied.is_empty() && !plan.steps.is_empty() {
        text += &stamped(set, &[], &plan.implied);
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

fn rows_script(set: &RevisionSet<'_>, stamp: &Stamp<'_>) -> String {
    let mut text = begin(set.dialect).to_owned();
    if !stamp.remove.is_empty() || !stamp.add.is_empty() {
        text += &record::tables(set.dialect);
        text += &stamped(set, &stamp.remove, &stamp.add);
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

/// Rows changed without running a revision, in one transaction.
fn stamped(set: &RevisionSet<'_>, remove: &[&str], add: &[&str]) -> String {
    let mut statements = rows::statements(remove, add);
    if set.dialect == Dialect::Postgres {
        statements.push(unfinished::forget(&[remove, add].concat()));
    }
    let (start, history) = (start(set.dialect), record::stamped(set, remove, add));
    format!("\n{start}{};\n{history}COMMIT;\n", statements.join(";\n"))
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

/// The `SET LOCAL`s, each on a line of its own.
fn local(job: &Job<'_>, timeouts: Timeouts) -> String {
    if job.dialect == Dialect::Postgres { timeouts.set_local().replace(';', ";\n") } else { String::new() }
}

fn of(job: &Job<'_>) -> Result<String, UpgradeError> {
    let statements = job.statements();
    // All of the script is one session: what a file sets would reach the next one, and the row of its own.
    let (save, restore) = if job.dialect == Dialect::Postgres && touched(&statements) {
        (format!("{};\n", save(job.run_in_transaction)), format!("{};\n", restore()))
    } else {
        (String::new(), String::new())
    };
    let (begun, start, row, history) = (record::begun(job), start(job.dialect), row(job), record::of(job));
    if job.run_in_transaction {
        job.no_transaction_of_its_own(&statements)?;
        let local = local(job, job.timeouts);
        return Ok(format!("{begun}{start}{row};\n{save}{local}{}{restore}{history}COMMIT;\n", ended(job.sql)));
    }
    let row = match job.dialect {
        Dialect::Sqlite => format!("{row};\n{history}"),
        // What a killed upgrade left of it would have a later one go on in the middle.
        _ => format!("{row};\n{};\n{history}", unfinished::forget(&[job.id])),
    };
    // A file that ends with its own COMMIT gets its rows into that transaction.
    let is_commit = |sql| control(sql, job.dialect) == Control::Commit;
    let commit = match job.dialect {
        Dialect::Sqlite => statements.iter().rposition(|statement| is_commit(statement.sql)),
        _ => statements.len().checked_sub(1).filter(|last| is_commit(statements[*last].sql)),
    };
    let at = commit.map_or(job.sql.len(), |commit| statements[commit].offset);
    let (before, after) = job.sql.split_at(at);
    let before = with_timeouts(job, &statements, before);
    Ok(match commit {
        Some(_) => format!("{begun}{save}{before}{restore}{row}{}", ended(after)),
        None => format!("{begun}{save}{}{restore}BEGIN;\n{row}COMMIT;\n", ended(&before)),
    })
}

/// The file's text up to some statement, with the timeouts at the beginning of each transaction that it begins itself.
fn with_timeouts(job: &Job<'_>, statements: &[Statement<'_>], text: &str) -> String {
    let local = local(job, job.timeouts.unless_set_in(job.sql));
    let (mut out, mut from) = (String::new(), 0);
    for pair in statements.windows(2) {
        let next = pair[1].offset;
        if control(pair[0].sql, job.dialect) == Control::Begin && next < text.len() {
            out += &text[from..next];
            out += &local;
            from = next;
        }
    }
    out + &text[from..]
}
