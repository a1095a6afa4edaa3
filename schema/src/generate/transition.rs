//! One dialect's way from the schema that is to the schema that is declared.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::declared::DeclaredSchema;

use super::Ask;
use super::error::Error;
use super::proof::{Proof, Replay, prove};
use super::scratches::Scratches;
use super::segments::{Segment, segments};
use super::sizes::Sizes;
use super::spelling::Server;
use crate::change::{Change, HazardKind, Plan};
use crate::dialect::{DialectImpl, Keeping, Kept, Way};
use crate::diff::{
    Candidate, Renames, candidates, diff, keep_numbers, keep_parts, keep_undeclared, same_names, textual,
};
use crate::plan::{Outcome, plan, plan_and_outcome};
use crate::schema::{Name, ObjectId, Schema};

/// What a dialect's revision does.
#[derive(Debug, Clone)]
pub struct Transition {
    /// The differences.
    pub changes: Vec<Change>,
    /// The steps there.
    pub up: Plan,
    /// The steps back.
    pub down: Plan,
    /// The files; a revision each. None where nothing differs.
    pub segments: Vec<Segment>,
    /// Whether a server ran them.
    pub proof: Proof,
    /// The schema that is declared, in the server's words where one was asked.
    pub new: Schema,
    /// The same as a database that was upgraded holds it: columns stand in the order in which they came, and what is
    /// not compared is as it was.
    pub upgraded: Schema,
    /// How large the tables of before are, where a database was there to ask: rows and bytes.
    pub sizes: BTreeMap<Name, (u64, u64)>,
}

impl Transition {
    /// What the way up loses, a sentence each.
    #[must_use]
    pub fn losses(&self) -> Vec<String> {
        let hazards = self.up.steps.iter().flat_map(|step| &step.hazards);
        let mut losses: Vec<String> =
            hazards.filter(|hazard| hazard.kind == HazardKind::DataLoss).map(|hazard| hazard.message.clone()).collect();
        losses.dedup();
        losses
    }
}

/// What a transition is made from.
pub struct Start<'a> {
    /// The dialect.
    pub dialect: &'a dyn DialectImpl,
    /// The scratches of before.
    pub pool: &'a Scratches,
    /// Where scratches are made; `Err` says why there is no such place.
    pub scratches: Result<Option<&'a str>, String>,
    /// The schema that is.
    pub old: Schema,
    /// What the models declare, in the dialect's words.
    pub lowered: Schema,
    /// The objects that were declared before, and the tables of which it was declared what they are parts of.
    pub ours: BTreeSet<ObjectId>,
    /// How large its tables are; `None` where all of them have the plain forms.
    pub sizes: Option<&'a Sizes>,
    /// What the copies of dropped rows and values are called; `None` where they are not kept.
    pub keep: Option<&'a str>,
    /// Builds it on an empty scratch from the revisions before.
    pub replay: Option<&'a Replay<'a>>,
}

/// The way from `start` to what the models declare, proven where there is a server.
///
/// # Errors
/// What the dialect can't carry out, a rename that names nothing, a proof that fails.
pub fn transition(
    start: Start<'_>,
    declared: &DeclaredSchema,
    renames: &[String],
    ask: &mut dyn Ask,
) -> Result<Transition, Error> {
    let Start { dialect, pool, scratches, old, mut lowered, ours, sizes, keep, replay } = start;
    let refused = |refusal| Error::Refused { dialect: dialect.dialect(), refusal };
    let server = scratches.as_ref().ok().map(|url| Server { scratches: pool, dialect, url: *url });
    keep_parts(&old, &mut lowered, &ours);
    keep_undeclared(&old, &mut lowered, &ours);
    let same = |a: &str, b: &str| dialect.is_same_name(a, b);
    let mut said = Renames::declared_where(declared, &old, &same);
    for rename in renames {
        said.add(rename, &old, &lowered)?;
    }
    same_names::follow(&same, &old, &mut lowered, &mut said);
    let mut changes = diff(&old, &lowered, &said)?;
    let mut new = lowered;
    if !changes.is_empty() {
        let asked = ask_about(&changes, &mut said, ask);
        if let (Some(server), true) = (server, asked || !textual(&changes).is_empty() || dialect_spells(dialect)) {
            new = server.spell(&new)?;
            keep_numbers(&old, &mut new);
            (changes, new) = server.changes(&old, new, &said)?;
        } else if asked {
            changes = diff(&old, &new, &said)?;
        }
    }
    if changes.is_empty() {
        let (up, down) = (Plan::default(), Plan::default());
        let (segments, proof) = (Vec::new(), Proof::Proven);
        return Ok(Transition { changes, up, down, segments, proof, new, upgraded: old, sizes: BTreeMap::new() });
    }
    let busy = |table: &Name| sizes.is_some_and(|sizes| sizes.is_busy(table, &said));
    let online = dialect.online(&busy);
    let planner = online.as_deref().unwrap_or(dialect);
    let before = |table: &Name| said.tables.iter().find(|(_, to)| to == table).map_or(table, |(from, _)| from).clone();
    let kept = keep.map(|id| Kept::of(&changes, &old, &before, (dialect.dialect(), id)));
    let kept = kept.transpose().map_err(refused)?.unwrap_or_default();
    let (mut there, mut back) = (planner, planner);
    let keeping = [Way::Up, Way::Down].map(|way| Keeping { dialect: planner, kept: &kept, way });
    if !kept.is_empty() {
        (there, back) = (&keeping[0], &keeping[1]);
    }
    let Outcome { plan: up, schema: upgraded, .. } = plan_and_outcome(&old, &new, &changes, there).map_err(refused)?;
    let changes_back = diff(&new, &old, &said.reversed())?;
    let down = plan(&new, &old, &changes_back, back).map_err(refused)?;
    let segments = segments(dialect, &up, &down);
    let proof = match scratches {
        Ok(url) => {
            prove(Server { scratches: pool, dialect, url }, &old, &new, &segments, replay)?;
            Proof::Proven
        }
        Err(why) => Proof::NotProven(why),
    };
    Ok(Transition { changes, up, down, segments, proof, new, upgraded, sizes: BTreeMap::new() })
}

/// Whether the server keeps a spelling of its own, so that even what is new should be compared in it.
pub(super) fn dialect_spells(dialect: &dyn DialectImpl) -> bool {
    dialect.dialect() != diesel_schema_core::Dialect::Sqlite
}

/// Asks about every pair that may be a rename; each name is in one rename at most. Says whether there is a new one.
pub(super) fn ask_about(changes: &[Change], said: &mut Renames, ask: &mut dyn Ask) -> bool {
    let mut found = false;
    let mut taken: Vec<(String, String)> = Vec::new();
    for candidate in candidates(changes) {
        let (table, from, to) = match &candidate {
            Candidate::Table(from, to) => (String::new(), from.to_string(), to.to_string()),
            Candidate::Column(table, from, to) => (table.to_string(), from.clone(), to.clone()),
        };
        let used = |name: &String| taken.contains(&(table.clone(), name.clone()));
        if used(&from) || used(&to) || !ask.is_rename(&candidate) {
            continue;
        }
        taken.extend([(table.clone(), from), (table, to)]);
        match candidate {
            Candidate::Table(from, to) => said.tables.push((from, to)),
            Candidate::Column(table, from, to) => said.columns.push((table, from, to)),
        }
        found = true;
    }
    found
}
