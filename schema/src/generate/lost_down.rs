//! A `down.sql` that is missing, made from what its `up.sql` does to a scratch.

use std::path::PathBuf;

use diesel_schema_core::lock::LockedRevision;
use diesel_schema_core::revision::checksum;
use diesel_schema_core::sql::split::split as statements;

use super::Ask;
use super::error::Error;
use super::proof::prove;
use super::revisions::{OnDisk, replay};
use super::run;
use super::segments::{NOTHING, Segment, scripts, with_transactions};
use super::spelling::Server;
use super::transition::ask_about;
use crate::change::Plan;
use crate::dialect::{DialectImpl, Scratch};
use crate::diff::{Renames, candidates};
use crate::plan::plan;
use crate::schema::Schema;

/// What was made, and what could not be.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// The files.
    pub(super) files: Vec<(PathBuf, String)>,
    /// A sentence for each file that was missing.
    pub(super) notes: Vec<String>,
}

/// Makes each `down.sql` that is missing, unless `irreversible` stands in the metadata: the way from the schema that a
/// scratch has after the revision to the one that it had before, proven there. The revisions have them afterwards; the
/// files are not written yet. `locked` is what schema.lock knows of them.
///
/// # Errors
/// An `up.sql` fails, or the server does.
pub(super) fn make(
    server: Result<Server<'_>, &str>,
    revisions: &mut [OnDisk],
    locked: &[LockedRevision],
    ask: &mut dyn Ask,
) -> Result<Made, Error> {
    let mut made = Made::default();
    let lacks = |it: &OnDisk| it.down.is_none() && !it.irreversible;
    let Some(last) = revisions.iter().rposition(lacks) else { return Ok(made) };
    let unmade = |file: PathBuf, why: &str| {
        let or = "write it, or write `irreversible = true` into the metadata.toml beside it";
        format!("{} is missing and can't be made, {why}: {or}", file.display())
    };
    let server = match server {
        Ok(server) => server,
        Err(why) => {
            let missing = revisions.iter().filter(|it| lacks(it)).map(|it| it.folder.join("down.sql"));
            made.notes.extend(missing.map(|file| unmade(file, why)));
            return Ok(made);
        }
    };
    let mut scratch = server.scratch()?;
    run::begin(scratch.connection())?;
    for at in 0..=last {
        let before = lacks(&revisions[at]).then(|| server.read(&mut scratch)).transpose()?;
        let (parents, rest) = revisions.split_at_mut(at);
        let Some(revision) = rest.first_mut() else { break };
        revision.replay(scratch.connection())?;
        let Some(before) = before else { continue };
        let after = server.read(&mut scratch)?;
        let file = revision.folder.join("down.sql");
        match down(server, parents, revision, (&before, &after), ask)? {
            Ok((down, unsure)) => {
                revision.checksum = checksum(&revision.up, Some(&down), revision.run_in_transaction);
                let is_known = locked.iter().any(|it| it.id == revision.id && it.checksum == revision.checksum);
                let mut note = format!("{} was missing and is made from what up.sql does", file.display());
                note.push_str(if unsure { "; what up.sql may have renamed, it drops: read it" } else { "" });
                if !is_known {
                    let once =
                        format!("; a database that has applied it asks for `migrate repair {}` once", revision.id);
                    note.push_str(&once);
                }
                made.notes.push(note);
                made.files.push((file, down.clone()));
                revision.down = Some(down);
            }
            Err(why) => made.notes.push(unmade(file, &why)),
        }
    }
    Ok(made)
}

/// The text, and whether it may undo a rename by a drop; `Err` says why there is none.
fn down(
    server: Server<'_>,
    parents: &[OnDisk],
    revision: &OnDisk,
    (before, after): (&Schema, &Schema),
    ask: &mut dyn Ask,
) -> Result<Result<(String, bool), String>, Error> {
    let dialect = server.dialect;
    let (changes, _) = server.changes(before, after.clone(), &Renames::default())?;
    if changes.is_empty() {
        let statements = statements(&revision.up, dialect.dialect());
        let reads = |sql: &str| sql.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"));
        return Ok(match statements.iter().all(|statement| reads(statement.sql)) {
            true => Ok((NOTHING.to_owned(), false)),
            false => Err("because what its up.sql does leaves no trace in the schema".to_owned()),
        });
    }
    let mut renames = Renames::default();
    ask_about(&changes, &mut renames, ask);
    let unsure = candidates(&changes).len() > renames.tables.len() + renames.columns.len();
    let (back, before_said) = server.changes(after, before.clone(), &renames.reversed())?;
    let online = if revision.run_in_transaction { None } else { dialect.online(&|_| true) };
    let planned = match plan(after, &before_said, &back, online.as_deref().unwrap_or(dialect)) {
        Ok(planned) => planned,
        Err(refusal) => return Ok(Err(format!("because {refusal}"))),
    };
    let Some(text) = file(dialect, &planned, revision.run_in_transaction) else {
        return Ok(Err("because it needs statements that can't stand in the transaction of up.sql".to_owned()));
    };
    let segment = Segment {
        up: revision.up.clone(),
        down: text.clone(),
        run_in_transaction: revision.run_in_transaction,
        purpose: None,
    };
    let start = |scratch: &mut dyn Scratch| replay(parents, scratch.connection());
    match prove(server, before, after, &[segment], Some(&start)) {
        Ok(()) => Ok(Ok((text, unsure))),
        Err(error) => Ok(Err(format!("because what it should hold was tried and {error}"))),
    }
}

/// A plan as one file that runs as `up.sql` does; `None` where it can't.
fn file(dialect: &dyn DialectImpl, plan: &Plan, run_in_transaction: bool) -> Option<String> {
    let scripts = scripts(dialect, plan);
    match scripts.as_slice() {
        _ if !run_in_transaction => Some(with_transactions(&scripts)),
        [script] if script.run_in_transaction => Some(script.sql.clone()),
        _ => None,
    }
}
