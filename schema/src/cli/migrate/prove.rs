//! `migrate prove [REV..]`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::Dialect;
use serde::Serialize;

use super::context::{Context, plain, say};
use super::error::Error;
use super::exit::Found;
use crate::cli::print;
use crate::config;
use crate::generate::{self, Failing, Gap, Line, ProofRequest, Scratches, Tone, Verdict, Which};

/// Run each revision up, down and up again on a scratch
///
/// Each runs on what its parents leave, and has to give that back on its way down. Where a database is named, its schema
/// is compared with what the revisions that are applied there add up to. One that is irreversible runs up alone.
///
/// Exit code 7 where a revision does not hold, 8 where the live schema differs from its revisions; the first of them
/// that holds.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which: ids or their beginnings, labels, ranges a:b; else all
    #[arg(allow_negative_numbers = true)]
    revisions: Vec<String>,
    /// Those of this dialect only: postgres or sqlite
    #[arg(long)]
    dialect: Option<Dialect>,
}

#[derive(Serialize)]
struct Said {
    dialect: &'static str,
    revisions: Vec<SaidRevision>,
    /// `None` where no database was asked.
    drift: Option<SaidGap>,
}

#[derive(Serialize)]
struct SaidRevision {
    id: String,
    folder: String,
    holds: bool,
    irreversible: bool,
    why: Option<String>,
    difference: Option<SaidGap>,
}

#[derive(Default, Serialize)]
struct SaidGap {
    changes: Vec<String>,
    sql: String,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let which: Vec<Which> = arguments.revisions.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let dialects = context.dialects_to_prove(arguments.dialect)?;
    let url = context.url()?;
    let (mut said, mut fails, mut drifts, mut stopped) = (Vec::new(), false, false, None);
    let (pool, scratch_postgres) = (Scratches::default(), config::scratch_postgres_url()?);
    let request = |dialect: &Dialect| ProofRequest {
        dialect: *dialect,
        project: &context.project,
        which: &which,
        database: url.as_ref().filter(|url| url.dialect == *dialect),
        scratch_postgres: scratch_postgres.as_deref(),
    };
    // What no dialect has was mistyped, and that is all there is to say.
    let there: Vec<_> = dialects.iter().map(|dialect| generate::is_there(&request(dialect))).collect();
    if there.iter().all(Result::is_err) {
        there.into_iter().collect::<Result<(), _>>()?;
    }
    for dialect in &dialects {
        let request = request(dialect);
        if !context.json && dialects.len() > 1 {
            say(Tone::Heading, format!("{dialect}:"));
        }
        let mut tell = |verdict: &Verdict| {
            if !context.json {
                print::lines(&lines(verdict, &context.directory));
            }
        };
        // One dialect without a server keeps no other one from being proven.
        let found = generate::prove_each(&request, &pool, &mut tell);
        let (verdicts, drift) = match found.and_then(|it| Ok((it, generate::drift(&request, &pool)?))) {
            Ok(found) => found,
            Err(error) => {
                if !context.json && dialects.len() > 1 {
                    say(Tone::Warning, "not proven, as the error below says");
                }
                stopped.get_or_insert(error);
                continue;
            }
        };
        fails |= verdicts.iter().any(|verdict| verdict.failing.is_some());
        drifts |= drift.is_some();
        if context.json {
            let revisions = verdicts.iter().map(|verdict| said_of(verdict, &context.directory)).collect();
            let asked = request.database.is_some();
            let drift = drift.map(SaidGap::from).or_else(|| asked.then(SaidGap::default));
            said.push(Said { dialect: dialect.name(), revisions, drift });
        } else {
            summary(&verdicts, request.database.is_some(), drift);
        }
    }
    if context.json {
        print::json(&said);
    }
    if let Some(error) = stopped {
        return Err(error.into());
    }
    Ok(match (fails, drifts) {
        (true, _) => Found::Proof.into(),
        (false, true) => Found::Drift.into(),
        (false, false) => ExitCode::SUCCESS,
    })
}

fn summary(verdicts: &[Verdict], asked: bool, drift: Option<Gap>) {
    let failing = verdicts.iter().filter(|verdict| verdict.failing.is_some()).count();
    let one_way = verdicts.iter().filter(|verdict| verdict.irreversible).count();
    let alone = "up alone, as `irreversible = true` has it";
    let way = match one_way {
        0 => "up, down, and up again".to_owned(),
        all if all == verdicts.len() => alone.to_owned(),
        some => format!("up, down, and up again, but {some} {alone}"),
    };
    match (verdicts.len(), failing) {
        (0, _) => say(Tone::Plain, "there is no revision"),
        (1, 0) => say(Tone::Good, format!("the revision holds: {way}")),
        (all, 0) => say(Tone::Good, format!("all {all} revisions hold: {way}")),
        (all, failing) => say(Tone::Warning, format!("{failing} of {all} do not hold")),
    }
    match drift {
        Some(gap) => {
            say(Tone::Warning, "the live schema is not what its revisions add up to; they want:");
            print::lines(&gap_lines(&gap));
        }
        None if asked => say(Tone::Good, "the live schema is what its revisions add up to"),
        None => {}
    }
}

/// One sentence for why a revision does not hold, and the difference where there is one.
fn why(failing: &Failing) -> (String, Option<&Gap>) {
    match failing {
        Failing::Needs(id) => (format!("not proven: it needs {id}, whose up.sql fails"), None),
        Failing::Up(message) => (format!("up.sql fails: {message}"), None),
        Failing::NoDown => ("it has no down.sql".to_owned(), None),
        Failing::Down(message) => (format!("down.sql fails: {message}"), None),
        Failing::NotRestored(gap) => ("down.sql does not give back what was before".to_owned(), Some(gap)),
        Failing::UpAgain(message) => (format!("up.sql fails the second time: {message}"), None),
        Failing::Otherwise(gap) => ("up.sql does something else the second time".to_owned(), Some(gap)),
    }
}

fn name(folder: &Path, directory: &Path) -> String {
    folder.strip_prefix(directory).unwrap_or(folder).display().to_string()
}

fn lines(verdict: &Verdict, directory: &Path) -> Vec<Line> {
    let name = name(&verdict.folder, directory);
    let Some(failing) = &verdict.failing else {
        let way = if verdict.irreversible { " (irreversible)" } else { "" };
        return vec![Line { tone: Tone::Good, text: format!("holds {name}{way}") }];
    };
    let (why, gap) = why(failing);
    let left = if gap.is_some() { "; left to do:" } else { "" };
    let mut lines = vec![Line { tone: Tone::Warning, text: format!("fails {name}: {why}{left}") }];
    lines.extend(gap.into_iter().flat_map(gap_lines));
    lines
}

fn gap_lines(gap: &Gap) -> Vec<Line> {
    let mut lines = plain(gap.lines.iter().map(|line| format!("  {line}")).collect());
    let sql = gap.sql.trim_end().lines().map(|line| format!("    {line}").trim_end().to_owned());
    lines.extend(sql.map(|text| Line { tone: Tone::Sql, text }));
    lines
}

fn said_of(verdict: &Verdict, directory: &Path) -> SaidRevision {
    let why = verdict.failing.as_ref().map(why);
    SaidRevision {
        id: verdict.id.clone(),
        folder: name(&verdict.folder, directory),
        holds: why.is_none(),
        irreversible: verdict.irreversible,
        difference: why.as_ref().and_then(|(_, gap)| *gap).cloned().map(SaidGap::from),
        why: why.map(|(why, _)| why),
    }
}

impl From<Gap> for SaidGap {
    fn from(gap: Gap) -> Self {
        Self { changes: gap.lines, sql: gap.sql }
    }
}
