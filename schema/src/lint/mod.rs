//! `migrate lint`: what a migration written by hand would do to a database that is in use.
//!
//! PostgreSQL's SQL is read by `squawk-syntax`; what counts as a hazard is ours, a table of [`Rule`]s. Without a
//! database, what a statement does to its table is judged by the statement: every table that the same transaction did
//! not make is taken to be large and in use.

mod names;
mod rules;
mod script;
mod suppress;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use diesel_schema_core::sql;
use serde::Serialize;
use squawk_syntax::{SourceFile, SyntaxNode};

pub use rules::all;
use script::{Script, Statement};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule is not asked.
    Off,
    /// It is said.
    Warn,
    /// It is said, and the exit code is 1.
    Error,
}

impl std::str::FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Off),
            "warn" => Ok(Self::Warn),
            "error" => Ok(Self::Error),
            _ => Err(format!("`{text}` is no level; write error, warn or off")),
        }
    }
}

/// One hazard, and how it is found.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What squawk, eugene and postgres-language-server call the same.
    pub aliases: &'static [&'static str],
    /// What it weighs where nobody says otherwise.
    pub level: Level,
    /// What goes wrong.
    pub danger: &'static str,
    /// What to write instead.
    pub safe: &'static str,
    /// Finds the places in one statement.
    check: fn(&Statement, &Script) -> Vec<SyntaxNode>,
}

/// One place where a rule has something to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// What it weighs.
    pub level: Level,
    /// Where it begins, from 1.
    pub line: usize,
    /// Where it begins in the line, from 1, in characters.
    pub column: usize,
    /// What goes wrong.
    pub danger: String,
    /// What to write instead.
    pub safe: String,
    /// Where it begins in the text, in bytes.
    #[serde(skip)]
    pub offset: usize,
    /// How long it is, in bytes.
    #[serde(skip)]
    pub length: usize,
}

/// What a text is judged by.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Levels that are not the rules' own, by a rule's name; `all` is every rule that is not named.
    pub levels: BTreeMap<String, Level>,
    /// Whether the text runs in a transaction that it does not begin itself.
    pub in_transaction: bool,
}

impl Settings {
    /// What a rule weighs here.
    #[must_use]
    pub fn level(&self, rule: &Rule) -> Level {
        self.levels.get(rule.name).or_else(|| self.levels.get("all")).copied().unwrap_or(rule.level)
    }
}

/// What the rules say of PostgreSQL's `text`, in its order. Never fails: what can't be read is a finding of its own.
#[must_use]
pub fn lint(text: &str, settings: &Settings) -> Vec<Finding> {
    let parse = SourceFile::parse(text);
    let script = Script::read(&parse.syntax_node(), settings.in_transaction);
    let mut findings = Vec::new();
    let mut add = |rule: &'static str, level, (offset, length): (usize, usize), danger: String, safe: String| {
        let (line, column) = sql::position(text, offset);
        findings.push(Finding { rule, level, line, column, danger, safe, offset, length });
    };
    for error in parse.errors() {
        let at = (usize::from(error.range().start()), usize::from(error.range().len()));
        let safe = "mend the statement; what follows it may be read wrongly".to_owned();
        add("syntax-error", Level::Warn, at, error.message().to_owned(), safe);
    }
    for rule in all() {
        let level = settings.level(rule);
        if level == Level::Off {
            continue;
        }
        for node in script.statements.iter().flat_map(|statement| (rule.check)(statement, &script)) {
            let range = node.text_range();
            let at = (usize::from(range.start()), usize::from(range.len()));
            add(rule.name, level, at, rule.danger.to_owned(), rule.safe.to_owned());
        }
    }
    let mut findings = suppress::apply(text, findings);
    findings.sort_by_key(|finding| (finding.offset, finding.rule));
    findings
}
