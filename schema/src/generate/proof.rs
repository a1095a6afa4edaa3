//! The proof: on a scratch, the old schema, up → the declared schema, down → the old one, up again.

use diesel_schema_core::revision::{Graph, Revision};

use super::error::Error;
use super::placement::PlacementError;
use super::revisions::{NewRevision, OnDisk};
use super::run;
use super::segments::Segment;
use super::spelling::Server;
use crate::dialect::Scratch;
use crate::diff::Renames;
use crate::schema::Schema;

/// Runs the revisions of before on an empty scratch.
pub type Replay<'a> = dyn Fn(&mut dyn Scratch) -> Result<(), Error> + 'a;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Up and down were run.
    Proven,
    /// No server could run them.
    NotProven(String),
}

/// Runs the files. `replay` builds the old schema on an empty scratch from the revisions before; where that gives
/// another schema than `old`, and without it, `old` is built from its own DDL.
///
/// # Errors
/// A file that fails, or a schema that differs from the expected one, with every difference.
pub(super) fn prove(
    server: Server<'_>,
    old: &Schema,
    new: &Schema,
    segments: &[Segment],
    replay: Option<&Replay<'_>>,
) -> Result<(), Error> {
    let dialect = server.dialect.dialect();
    let failed = |what: String| Error::Proof { dialect, what };
    let mut scratch = server.scratch()?;
    let mut start = None;
    if let Some(replay) = replay {
        replay(&mut scratch)?;
        let replayed = server.read(&mut scratch)?;
        if server.changes(&replayed, old.clone(), &Renames::default())?.0.is_empty() {
            start = Some(replayed);
        } else {
            // The first one goes back before another is asked for, so that it is the one that comes.
            drop(scratch);
            scratch = server.scratch()?;
        }
    }
    let start = match start {
        Some(start) => start,
        None => {
            server.build(&mut scratch, old)?;
            let built = server.read(&mut scratch)?;
            equal(server, &built, old)
                .map_err(|what| failed(format!("the schema as it is can't be built anew: {what}")))?;
            built
        }
    };
    let scratch: &mut dyn Scratch = &mut scratch;
    for (round, after) in
        [("up", "up gives another schema than the models"), ("up again", "up after down gives another schema")]
    {
        for (at, segment) in segments.iter().enumerate() {
            run::script(scratch.connection(), &segment.up, segment.run_in_transaction).map_err(|message| {
                failed(format!("{round} (file {}) fails: {message}\n{}", at + 1, segment.up.trim_end()))
            })?;
        }
        equal(server, &server.read(scratch)?, new).map_err(|what| failed(format!("{after}: {what}")))?;
        if round == "up again" {
            break;
        }
        for (at, segment) in segments.iter().enumerate().rev() {
            run::script(scratch.connection(), &segment.down, segment.run_in_transaction).map_err(|message| {
                failed(format!("down (file {}) fails: {message}\n{}", at + 1, segment.down.trim_end()))
            })?;
        }
        equal(server, &server.read(scratch)?, &start)
            .map_err(|what| failed(format!("down does not give the old schema back: {what}")))?;
    }
    Ok(())
}

/// Runs all revisions on an empty scratch in the order that a fresh database does, where the new ones are not the last.
///
/// # Errors
/// A file fails, or something else than `expected` comes of it.
pub(super) fn in_order(
    server: Server<'_>,
    revisions: &[OnDisk],
    new: &[NewRevision<'_>],
    expected: &Schema,
) -> Result<(), Error> {
    let nodes = revisions.iter().map(OnDisk::node).chain(new.iter().map(NewRevision::node));
    let graph = Graph::new(nodes).map_err(PlacementError::Graph)?;
    let is_new = |id: &&&str| new.iter().any(|it| it.id == **id);
    let later = graph.order().iter().skip_while(|id| !is_new(id)).filter(|id| !is_new(id));
    let later: Vec<String> = later.map(|id| (*id).to_owned()).collect();
    if later.is_empty() {
        return Ok(());
    }
    let dialect = server.dialect.dialect();
    let failed = |what: String| Error::Order { dialect, later: later.clone(), what };
    let mut scratch = server.scratch()?;
    for id in graph.order() {
        let old = revisions.iter().find(|it| it.id == *id).map(|it| (&it.up, it.run_in_transaction));
        let new = || new.iter().find(|it| it.id == *id).map(|it| (&it.segment.up, it.segment.run_in_transaction));
        if let Some((up, in_transaction)) = old.or_else(new) {
            run::script(scratch.connection(), up, in_transaction)
                .map_err(|message| failed(format!("{id} fails there: {message}")))?;
        }
    }
    equal(server, &server.read(&mut scratch)?, expected)
        .map_err(|what| failed(format!("that gives another schema than the models: {what}")))
}

/// `Err` lists what `found` still needs to be `expected`.
fn equal(server: Server<'_>, found: &Schema, expected: &Schema) -> Result<(), String> {
    match server.changes(found, expected.clone(), &Renames::default()) {
        Ok((changes, _)) if changes.is_empty() => Ok(()),
        Ok((changes, _)) => Err(changes.iter().map(|change| format!("\n  still to {}", change.describe())).collect()),
        Err(error) => Err(error.to_string()),
    }
}

/// Runs a squashed revision and what went into it, each on what is `before`: both have to come to the same schema, up and
/// down.
///
/// # Errors
/// A file that fails, or every difference.
pub(super) fn squashed(
    server: Server<'_>,
    before: &[&Revision],
    members: &[&Revision],
    up: &str,
    down: Option<&str>,
    in_transaction: bool,
) -> Result<(), Error> {
    let failed = |what: String| Error::Proof { dialect: server.dialect.dialect(), what };
    let start = || -> Result<_, Error> {
        let mut scratch = server.scratch()?;
        before.iter().try_for_each(|it| replayed(&mut scratch, it, "up.sql", &it.up))?;
        Ok(scratch)
    };
    let mut one_by_one = start()?;
    members.iter().try_for_each(|it| replayed(&mut one_by_one, it, "up.sql", &it.up))?;
    let above = server.read(&mut one_by_one)?;
    let mut at_once = start()?;
    run::script(at_once.connection(), up, in_transaction)
        .map_err(|message| failed(format!("the squashed up.sql fails: {message}")))?;
    equal(server, &server.read(&mut at_once)?, &above)
        .map_err(|what| failed(format!("the squashed up.sql gives another schema: {what}")))?;
    let Some(down) = down else { return Ok(()) };
    for revision in members.iter().rev() {
        replayed(&mut one_by_one, revision, "down.sql", revision.down.as_deref().unwrap_or_default())?;
    }
    let below = server.read(&mut one_by_one)?;
    run::script(at_once.connection(), down, in_transaction)
        .map_err(|message| failed(format!("the squashed down.sql fails: {message}")))?;
    equal(server, &server.read(&mut at_once)?, &below)
        .map_err(|what| failed(format!("the squashed down.sql gives another schema: {what}")))
}

fn replayed(scratch: &mut dyn Scratch, revision: &Revision, file: &str, sql: &str) -> Result<(), Error> {
    run::script(scratch.connection(), sql, revision.run_in_transaction)
        .map_err(|message| Error::Replay { file: revision.folder.join(file), message })
}
