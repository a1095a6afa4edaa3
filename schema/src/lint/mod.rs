//! `migrate lint`: what a migration written by hand would do to a database that is in use.
//!
//! PostgreSQL's SQL is read by `squawk-syntax`; what counts as a hazard is ours, a [`Rule`] a file. A statement is judged by
//! what is known before it (a [`Catalog`]): the revisions before it, a schema, the sizes that a server tells. What is not
//! known is taken to be large and in use.

mod catalog;
mod earlier;
mod example;
mod fix;
mod keys;
mod meant;
mod names;
mod place;
pub mod report;
mod rules;
mod script;
mod suppress;
#[cfg(test)]
mod tests;
mod types;
mod unread;
mod words;

use std::collections::BTreeMap;

use diesel_schema_core::Dialect;
use serde::Serialize;
use squawk_syntax::{SourceFile, SyntaxNode};

pub use catalog::Catalog;
pub use example::{Example, Harm, Piece, ROWS};
pub use fix::{Fix, Fixed, fix};
use place::Place;
pub use rules::{all, nearest};
use script::Script;
pub use suppress::allowing;
use unread::Lines;

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
    /// What of it a server can be asked for: a lock, a scan, an error.
    pub harm: Harm,
    /// What to write instead.
    pub safe: &'static str,
    /// The statement that it is about, and the safe one.
    pub example: Example,
    check: Check,
    /// The safe form of one place, where it does the same for sure.
    fix: Option<fn(&Place<'_>, &SyntaxNode) -> Option<Fix>>,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
enum Check {
    /// PostgreSQL's syntax tree: the places in one statement.
    Tree(fn(&Place<'_>) -> Vec<SyntaxNode>),
    /// The words of a dialect's statements: where it is found, by the statement's number.
    Words(Dialect, fn(&words::Script<'_>) -> Vec<usize>),
}

impl Rule {
    /// The dialect that it is about.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self.check {
            Check::Tree(_) => Dialect::Postgres,
            Check::Words(dialect, _) => dialect,
        }
    }
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
    /// The safe statements, where it is sure that they do the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<String>,
    /// Where it begins in the text, in bytes.
    #[serde(skip)]
    pub offset: usize,
    /// How long it is, in bytes.
    #[serde(skip)]
    pub length: usize,
    /// The same as edits.
    #[serde(skip)]
    pub fix: Option<Fix>,
}

/// What a text is judged by.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Levels that are not the rules' own, by a rule's name; `all` is every rule that is not named.
    pub levels: BTreeMap<String, Level>,
    /// Whether the text runs in a transaction that it does not begin itself.
    pub in_transaction: bool,
    /// Whose SQL it is.
    pub dialect: Dialect,
    /// Whether it takes back what another text did, so that what it drops and renames is meant.
    pub going_back: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { levels: BTreeMap::new(), in_transaction: false, dialect: Dialect::Postgres, going_back: false }
    }
}

impl Settings {
    /// What a rule weighs here.
    #[must_use]
    pub fn level(&self, rule: &Rule) -> Level {
        if self.going_back && rule.is_meant() {
            return Level::Off;
        }
        self.levels.get(rule.name).or_else(|| self.levels.get("all")).copied().unwrap_or(rule.level)
    }
}

/// What the rules say of `text`, in its order. Never fails: what can't be read is a finding of its own. `known` is what is
/// there before it; what the text leaves is taken into it.
#[must_use]
pub fn lint(text: &str, settings: &Settings, known: &mut Catalog) -> Vec<Finding> {
    let postgres = settings.dialect == Dialect::Postgres;
    let asked = postgres && known.is_of_a_server() && text.contains(suppress::MARK);
    let elsewhere = if asked { trees(text, settings, &mut known.clone().of_no_server()) } else { Vec::new() };
    let findings = if postgres { trees(text, settings, known) } else { words(text, settings) };
    let mut findings = suppress::apply(text, findings, &elsewhere, settings);
    findings.sort_by_key(|finding| (finding.offset, finding.rule));
    findings
}

fn found(lines: &Lines<'_>, rule: &Rule, level: Level, (offset, length): (usize, usize)) -> Finding {
    let (line, column) = lines.position(offset);
    let (danger, safe) = (rule.danger.to_owned(), rule.safe.to_owned());
    Finding { rule: rule.name, level, line, column, danger, safe, rewrite: None, offset, length, fix: None }
}

fn trees(text: &str, settings: &Settings, known: &mut Catalog) -> Vec<Finding> {
    let lines = Lines::of(text);
    let parse = SourceFile::parse(text);
    let script = Script::read(&parse.syntax_node(), settings.in_transaction);
    let mut findings = Vec::new();
    findings.extend(unread::errors(text, &parse.errors()));
    let rules: Vec<(&Rule, Level)> = all().into_iter().map(|rule| (rule, settings.level(rule))).collect();
    let mut left = known.clone();
    script.statements.iter().for_each(|statement| left.take(&statement.node));
    for statement in &script.statements {
        let place = Place { statement, script: &script, known, left: &left };
        for (rule, level) in rules.iter().filter(|(_, level)| *level != Level::Off) {
            let Check::Tree(check) = rule.check else { continue };
            for node in check(&place) {
                let range = node.text_range();
                let at = (usize::from(range.start()), usize::from(range.len()));
                let mut finding = found(&lines, rule, *level, at);
                finding.fix = rule.fix.and_then(|fix| fix(&place, &node));
                finding.rewrite = finding.fix.as_ref().map(|fix| fix.rewritten(text, &statement.node));
                findings.push(finding);
            }
        }
        known.take(&statement.node);
    }
    findings
}

fn words(text: &str, settings: &Settings) -> Vec<Finding> {
    let lines = Lines::of(text);
    let script = words::Script::read(text, settings.dialect, settings.in_transaction);
    let mut findings = Vec::new();
    for rule in all() {
        let (Check::Words(dialect, check), level) = (rule.check, settings.level(rule)) else { continue };
        if dialect == settings.dialect && level != Level::Off {
            let places = check(&script).into_iter().filter_map(|at| script.statements.get(at));
            findings.extend(places.map(|it| found(&lines, rule, level, (it.offset, it.length))));
        }
    }
    findings
}
