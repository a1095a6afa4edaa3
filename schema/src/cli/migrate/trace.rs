//! `migrate trace REV..`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use diesel_schema_core::Dialect;
use serde::Serialize;

use super::context::{Context, say};
use super::error::Error;
use crate::cli::print;
use crate::config;
use crate::generate::{self, ProofRequest, Scratches, Tone, Traced, TracedStatement, Which};

/// Run revisions and list the locks that each statement takes, and what it reads and writes anew
///
/// Each runs on a scratch PostgreSQL database on which what it needs is applied. A lock that one statement takes is held
/// up to the end of the transaction. Of a statement that runs outside a transaction, another connection watches the locks.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which: ids or their beginnings, labels, ranges a:b
    #[arg(required = true, allow_negative_numbers = true)]
    revisions: Vec<String>,
    /// Run them in the database that is named instead, each in a transaction that is rolled back: with its rows, its sizes,
    /// and others who wait meanwhile
    #[arg(long)]
    roll_back: bool,
}

#[derive(Serialize)]
struct Said {
    id: String,
    folder: String,
    in_transaction: bool,
    statements: Vec<SaidStatement>,
}

#[derive(Serialize)]
struct SaidStatement {
    line: usize,
    sql: String,
    took_ms: f64,
    locks: Vec<SaidLock>,
    rewritten: Vec<String>,
    scanned: Option<Vec<String>>,
}

#[derive(Serialize)]
struct SaidLock {
    relation: String,
    mode: String,
    held_ms: f64,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let which: Vec<Which> = arguments.revisions.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let url = if arguments.roll_back { Some(context.database()?) } else { context.url()? };
    let scratch_postgres = config::scratch_postgres_url()?;
    let request = ProofRequest {
        dialect: url.as_ref().map_or(Dialect::Postgres, |url| url.dialect),
        project: &context.project,
        which: &which,
        database: url.as_ref(),
        scratch_postgres: scratch_postgres.as_deref(),
    };
    let there = url.as_ref().filter(|_| arguments.roll_back);
    let traced = generate::trace(&request, there, &Scratches::default())?;
    if context.json {
        print::json(&traced.into_iter().map(|it| said(it, &context.directory)).collect::<Vec<_>>());
        return Ok(ExitCode::SUCCESS);
    }
    for revision in &traced {
        let how = if revision.in_transaction { "in a transaction" } else { "outside a transaction" };
        say(Tone::Heading, format!("{}, {how}:", name(&revision.folder, &context.directory)));
        table(revision).into_iter().for_each(|line| say(Tone::Plain, line));
    }
    Ok(ExitCode::SUCCESS)
}

fn name(folder: &Path, directory: &Path) -> String {
    folder.strip_prefix(directory).unwrap_or(folder).display().to_string()
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

fn said(traced: Traced, directory: &Path) -> Said {
    let statement = |it: TracedStatement| SaidStatement {
        line: it.line,
        sql: it.sql,
        took_ms: milliseconds(it.took),
        locks: it
            .locks
            .into_iter()
            .map(|lock| SaidLock { relation: lock.relation, mode: lock.mode, held_ms: milliseconds(lock.held) })
            .collect(),
        rewritten: it.rewritten,
        scanned: it.scanned,
    };
    let folder = name(&traced.folder, directory);
    let statements = traced.statements.into_iter().map(statement).collect();
    Said { id: traced.id, folder, in_transaction: traced.in_transaction, statements }
}

/// The lines of a revision: a statement, and below it each lock; then what it did under locks of statements before.
fn table(traced: &Traced) -> Vec<String> {
    let mut lines = Vec::new();
    let all = traced.statements.iter().flat_map(|it| &it.locks);
    let mode = all.clone().map(|lock| lock.mode.len()).max().unwrap_or_default();
    let relation = all.map(|lock| lock.relation.chars().count()).max().unwrap_or_default();
    for statement in &traced.statements {
        let sql = statement.sql.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown: String = sql.chars().take(80).collect();
        let more = if shown.len() < sql.len() { ".." } else { "" };
        lines.push(format!("  {}: {shown}{more}  ({} ms)", statement.line, milliseconds(statement.took)));
        if !traced.in_transaction && statement.locks.is_empty() {
            lines.push("      (over before another connection saw a lock)".to_owned());
        }
        for lock in &statement.locks {
            let read = statement.scanned.as_ref().is_some_and(|names| names.contains(&lock.relation));
            let work = match (statement.rewritten.contains(&lock.relation), read) {
                (true, _) => "  written anew",
                (false, true) => "  all rows read",
                (false, false) => "",
            };
            lines.push(format!(
                "      {:mode$}  {:relation$}  {:>8.2} ms{work}",
                lock.mode,
                lock.relation,
                milliseconds(lock.held)
            ));
        }
        let read = statement.scanned.iter().flatten().filter(|name| !statement.rewritten.contains(name));
        let work = statement
            .rewritten
            .iter()
            .map(|name| (name, "written anew"))
            .chain(read.map(|name| (name, "all rows read")));
        for (name, what) in work.filter(|(name, _)| !statement.locks.iter().any(|lock| lock.relation == **name)) {
            lines.push(format!("      {:mode$}  {name:relation$}  {:>11}  {what}", "(held already)", ""));
        }
    }
    lines
}
