//! What was prepared, as lines for a developer; colours are for whoever prints them.

use std::path::Path;

use super::costs::costs;
use super::prepare::{Prepared, PreparedDialect};
use super::proof::Proof;
use super::segments::NOTHING;

/// How a line should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// A heading.
    Heading,
    /// SQL.
    Sql,
    /// What is good news.
    Good,
    /// What to think about before going on.
    Warning,
}

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How it should look.
    pub tone: Tone,
    /// Its text.
    pub text: String,
}

/// The report, with paths relative to `directory` where they are below it.
#[must_use]
pub fn report(prepared: &Prepared, directory: &Path, written: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut say = |tone, text: String| lines.push(Line { tone, text });
    let shown = |path: &Path| path.strip_prefix(directory).unwrap_or(path).display().to_string();
    if prepared.no_changes() {
        say(Tone::Good, "no changes".to_owned());
    }
    let verb = if written { "wrote" } else { "would write" };
    for part in prepared.dialects.iter().filter(|_| !prepared.no_changes()) {
        dialect(part, &mut say);
        for (folder, segment) in &part.folders {
            say(Tone::Plain, String::new());
            say(Tone::Plain, format!("{verb} {}", shown(folder)));
            for (file, sql) in [("up.sql", &segment.up), ("down.sql", &segment.down)] {
                if sql == NOTHING {
                    continue;
                }
                say(Tone::Heading, format!("  {file}"));
                sql.trim_end().lines().for_each(|line| say(Tone::Sql, format!("    {line}").trim_end().to_owned()));
            }
        }
        say(Tone::Plain, String::new());
    }
    for (path, _) in &prepared.files.files {
        say(Tone::Plain, format!("{verb} {}", shown(path)));
    }
    for note in &prepared.notes {
        say(Tone::Warning, format!("note: {note}"));
    }
    lines
}

fn dialect(part: &PreparedDialect, say: &mut impl FnMut(Tone, String)) {
    let transition = &part.transition;
    if transition.changes.is_empty() {
        return say(Tone::Heading, format!("{}: nothing to do, the revision says SELECT 1", part.dialect));
    }
    say(Tone::Heading, format!("{}:", part.dialect));
    for change in &transition.changes {
        say(Tone::Plain, format!("  {}", change.describe()));
    }
    for line in costs(transition) {
        say(Tone::Plain, format!("    {line}"));
    }
    for hazard in transition.up.steps.iter().flat_map(|step| &step.hazards) {
        say(Tone::Warning, format!("  {}: {}", hazard.kind.name(), hazard.message));
    }
    match &transition.proof {
        Proof::Proven => say(Tone::Good, "  proven on a scratch: up, down, and up again".to_owned()),
        Proof::NotProven(why) => say(Tone::Warning, format!("  not proven: {why}")),
    }
}
