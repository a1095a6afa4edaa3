//! `migrate diff --from SOURCE --to SOURCE`.

use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use serde::Serialize;

use super::context::Context;
use super::error::Error;
use crate::change::Step;
use crate::cli::print;
use crate::config;
use crate::generate::{self, Comparison, Scratches, Sides, Source};

/// Print the SQL that makes one schema of another, and run nothing
///
/// A SOURCE is `models`, `lock`, `revisions` (all of them, replayed on a scratch), `revisions@REV` (up to REV), or a
/// database URL. The SQL goes to stdout, also where it loses data; what it costs, and what is not compared, to stderr.
/// What may share a transaction stands between BEGIN and COMMIT, what may not beside it:
/// `migrate diff .. | psql -v ON_ERROR_STOP=1 DATABASE`. Owners and privileges are compared between two databases: what
/// belongs to the role that reads it, or to the owner of the database, counts as belonging to the same role in both.
///
/// Exit code 0; with --exit-code, as with diff(1), 0 where nothing differs, 1 where something does, 2 where it went
/// wrong. Without it 1 where it went wrong, 2 where it was typed wrongly.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The schema that is
    #[arg(long, value_name = "SOURCE")]
    from: String,
    /// The schema that is wanted
    #[arg(long, value_name = "SOURCE")]
    to: String,
    /// Exit with 1 where something differs
    #[arg(long)]
    pub(super) exit_code: bool,
    /// Whose SQL, where neither SOURCE is a database: postgres or sqlite
    #[arg(long)]
    dialect: Option<Dialect>,
    /// What keeps its data under a new name: users.text=body for a column, posts=articles for a table
    #[arg(long, value_name = "OLD=NEW")]
    rename: Vec<String>,
    /// Write forms that PostgreSQL tables in use survive: short locks, rows checked and indexes built beside the writes
    #[arg(long)]
    online: bool,
    /// Leave out owners and privileges, which are compared between two databases
    #[arg(long)]
    no_privileges: bool,
}

#[derive(Serialize)]
struct Said {
    from: String,
    to: String,
    dialect: &'static str,
    changes: Vec<String>,
    privileges: Vec<String>,
    steps: Vec<SaidStep>,
    not_compared: Vec<String>,
}

#[derive(Serialize)]
struct SaidStep {
    sql: String,
    in_transaction: bool,
    lock: Option<String>,
    hazards: Vec<SaidHazard>,
}

#[derive(Serialize)]
struct SaidHazard {
    kind: &'static str,
    message: String,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let (from, to): (Source, Source) = (arguments.from.parse()?, arguments.to.parse()?);
    let named = generate::common_dialect(&from, &to)?.or(arguments.dialect);
    let database = context.url().ok().flatten();
    let found = generate::compare(
        &Sides {
            from: &from,
            to: &to,
            dialect: named.map_or_else(|| context.dialect(), Ok)?,
            declared: context.schema.map(DeclaredSchema::from).as_ref(),
            project: &context.project,
            database: database.as_ref(),
            scratch_postgres: config::scratch_postgres_url()?.as_deref(),
            renames: &arguments.rename,
            online: arguments.online,
            privileges: !arguments.no_privileges,
        },
        &Scratches::default(),
    )?;
    let sql = found.sql()?;
    let differs = !found.changes.is_empty() || !found.privileges.is_empty();
    if context.json {
        print::json(&said(&from, &to, found));
    } else {
        asides(&found);
        print::text(&sql);
    }
    Ok(if differs && arguments.exit_code { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What is worth knowing besides the SQL.
fn asides(found: &Comparison) {
    for hazard in found.plan.steps.iter().flat_map(|step| &step.hazards) {
        print::aside(&format!("{}: {}", hazard.kind.name(), hazard.message));
    }
    if let Some(why) = &found.unspelled {
        print::aside(&format!("note: texts that mean the same may count as different: {why}"));
    }
    if !found.unread.is_empty() {
        let unread = found.unread.join(", ");
        print::aside(&format!("note: not compared, because diesel-schema can't read them yet: {unread}"));
    }
}

fn said(from: &Source, to: &Source, found: Comparison) -> Said {
    let step = |step: Step| SaidStep {
        sql: step.sql,
        in_transaction: step.in_transaction,
        lock: step.lock.map(|lock| lock.to_string()),
        hazards: step
            .hazards
            .into_iter()
            .map(|hazard| SaidHazard { kind: hazard.kind.name(), message: hazard.message })
            .collect(),
    };
    Said {
        from: from.to_string(),
        to: to.to_string(),
        dialect: found.dialect.name(),
        changes: found.changes.iter().map(|change| change.describe()).collect(),
        privileges: found.privileges,
        steps: found.plan.steps.into_iter().map(step).collect(),
        not_compared: found.unread,
    }
}
