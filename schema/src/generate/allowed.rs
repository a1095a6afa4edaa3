//! `-- lint: allow(..) because ..` in what `autogenerate` writes: where `migrate lint` would have something to say, the file
//! says why the statement is there all the same. Where a busy table has a better form, there is nothing to allow.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::{Dialect, sql};

use super::contract::Phase;
use super::prepare::Request;
use super::revisions::OnDisk;
use super::segments::Segment;
use super::transition::Transition;
use crate::change::{Change, HazardKind, Plan, Step};
use crate::lint::{Catalog, Finding, Harm, Rule, Settings, all, allowing, lint};
use crate::schema::Name;

/// The transition's files with the lines, behind the revisions of `before`. What is printed goes without them: there, the
/// hazards are told.
pub(super) fn allow(
    transition: &Transition,
    before: &[OnDisk],
    request: &Request<'_>,
    dialect: Dialect,
) -> Vec<Segment> {
    // What types columns have is the models' to say.
    let mut known = Catalog::default().decided_by(&Catalog::default(), &Catalog::default());
    if dialect == Dialect::Postgres {
        before.iter().for_each(|revision| known.take_script(&revision.up));
    }
    let why = |plan| Why { transition, request, plan };
    let mut segments = transition.segments.clone();
    for segment in &mut segments {
        let in_transaction = segment.run_in_transaction;
        let settings = |going_back| Settings { levels: BTreeMap::new(), in_transaction, dialect, going_back };
        let up = lint(&segment.up, &settings(false), &mut known);
        let down = lint(&segment.down, &settings(true), &mut known.clone());
        segment.up = with_lines(&segment.up, &up, dialect, &why(&transition.up));
        segment.down = with_lines(&segment.down, &down, dialect, &why(&transition.down));
    }
    segments
}

/// Why a statement is there though the linter finds something in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// What holds of that statement alone.
    Own(String),
    /// The size of a table.
    Small(Name, u64),
    /// What holds of any.
    Of(&'static str),
}

/// A line for each reason: above the statement, or at the top where it holds of several.
fn with_lines(text: &str, findings: &[Finding], dialect: Dialect, why: &Why<'_>) -> String {
    let statements = sql::split::split(text, dialect);
    let mut lines: BTreeMap<(usize, String), Vec<&str>> = BTreeMap::new();
    let mut shared: Vec<(usize, &str, Reason)> = Vec::new();
    for finding in findings {
        let own = |it: &sql::split::Statement<'_>| (it.offset..it.offset + it.sql.len()).contains(&finding.offset);
        // A statement that can't be read is no rule's.
        let rule = all().into_iter().find(|rule| rule.name == finding.rule);
        let (Some(at), Some(rule)) = (statements.iter().position(own), rule) else { continue };
        match why.reason(rule, statements[at].sql) {
            Reason::Own(reason) => lines.entry((at, reason)).or_default().push(rule.name),
            reason => shared.push((at, rule.name, reason)),
        }
    }
    let sizes: BTreeSet<(&Name, u64)> = shared
        .iter()
        .filter_map(|(_, _, reason)| if let Reason::Small(table, rows) = reason { Some((table, *rows)) } else { None })
        .collect();
    let mut top: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let same = |a: &Reason, b: &Reason| a == b || matches!((a, b), (Reason::Small(..), Reason::Small(..)));
    for (at, rule, reason) in &shared {
        let text = match reason {
            Reason::Small(..) => small(&sizes),
            Reason::Of(text) => (*text).to_owned(),
            Reason::Own(_) => continue,
        };
        let alone = shared.iter().all(|(other, _, it)| other == at || !same(it, reason));
        let rules = if alone { lines.entry((*at, text)).or_default() } else { top.entry(text).or_default() };
        rules.push(rule);
    }
    let line = |rules: &[&str], of_file: bool, reason: &str| {
        let rules: Vec<&str> = rules.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        allowing(&rules, of_file, reason) + "\n"
    };
    let mut written: String = top.iter().map(|(reason, rules)| line(rules, true, reason)).collect();
    if !written.is_empty() {
        written.push('\n');
    }
    let mut done = 0;
    for ((at, reason), rules) in &lines {
        written.push_str(&text[done..statements[*at].offset]);
        written.push_str(&line(rules, false, reason));
        done = statements[*at].offset;
    }
    written.push_str(&text[done..]);
    written
}

fn small(sizes: &BTreeSet<(&Name, u64)>) -> String {
    let all: Vec<String> = sizes.iter().map(|(table, rows)| format!("{table} (about {rows} rows)")).collect();
    match (sizes.first(), all.len()) {
        (Some((table, rows)), 1) => format!("{table} has about {rows} rows, fewer than plain-below"),
        _ => format!("{} have fewer rows than plain-below", all.join(", ")),
    }
}

/// Where a statement comes from.
struct Why<'a> {
    transition: &'a Transition,
    request: &'a Request<'a>,
    plan: &'a Plan,
}

impl Why<'_> {
    fn reason(&self, rule: &Rule, statement: &str) -> Reason {
        let step = self.plan.steps.iter().find(|step| step.sql == statement);
        let step = step.or_else(|| self.plan.steps.iter().find(|step| step.sql.contains(statement)));
        let hazards = step.map_or(&[][..], |step| &step.hazards);
        let loses = hazards.iter().any(|hazard| hazard.kind == HazardKind::DataLoss);
        let Request { allow_data_loss, keep_data, plain, phase, .. } = *self.request;
        if rule.is_meant() {
            let reason = match (loses, rule.harm) {
                (true, _) if allow_data_loss => "it was asked for with --allow-data-loss",
                (true, _) => "the loss was agreed to when this was written",
                (_, Harm::Loses) if keep_data => "what it held is kept, for down.sql to bring back",
                _ if phase == Phase::Contract => "no release that needs it is running, as --contract says",
                _ => "the models ask for it",
            };
            return Reason::Own(reason.to_owned());
        }
        if rule.harm == Harm::Regretted {
            return Reason::Own("the models declare it so".to_owned());
        }
        if plain {
            return Reason::Of("it was asked for with --plain");
        }
        if let Some((table, rows)) = step.and_then(|step| self.small(step)) {
            return Reason::Small(table, rows);
        }
        match hazards.iter().find(|hazard| hazard.kind != HazardKind::DataLoss) {
            Some(hazard) => Reason::Own(format!("it was told when this was written: {}", hazard.message)),
            None => Reason::Of("no step reads rows, and the runner begins again where a lock does not come in time"),
        }
    }

    /// The table that a step is of, where its size decided.
    fn small(&self, step: &Step) -> Option<(Name, u64)> {
        let table = step.table.as_ref()?;
        let renamed = |change: &Change| match change {
            Change::RenameTable { from, to } if to == table => Some(from.clone()),
            _ => None,
        };
        let before = self.transition.changes.iter().find_map(renamed).unwrap_or_else(|| table.clone());
        let (rows, _) = *self.transition.sizes.get(&before)?;
        (rows < self.request.project.plain_below).then_some((before, rows))
    }
}
