//! Whether models and `schema.lock` agree, in constants: what fails `cargo check` where they do not.
//!
//! `#[model]` writes what it declares as the lines that the lock would have for it; what a macro can't know (a type behind
//! a trait, another model's table) is a hole that the compiler fills. `embed_migrations!` writes the lock's lines. Usually
//! `#[model]` has seen its lines in the lock already, and only what fills the holes is looked at; else both are compared
//! byte by byte. Where they are not equal, lines are compared, so that a difference of order is none, and each difference
//! becomes a sentence.
//!
//! The same functions serve `#[model]` while it expands: it warns at the field, and knows no hole's text.

pub(crate) mod line;
mod setting;
mod sum;
mod table;
pub(crate) mod text;

pub use setting::{Setting, SettingError, VARIABLE};
pub use sum::sum;
pub use table::{Difference, Differences};
pub use text::Text;

use crate::def::{LockDef, SchemaDef};
use text::same;

/// All differences, as text.
pub struct Report<const N: usize> {
    /// How many they are.
    pub count: usize,
    text: Text<N>,
}

impl<const N: usize> Report<N> {
    /// The sentences, a line each, and what mends them.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        self.text.as_str()
    }

    const fn begin(&mut self, at: &str) {
        self.count += 1;
        self.text.push(at);
        self.text.push(": ");
    }
}

/// Whether models and lock say something different.
#[must_use]
pub const fn disagree(schema: &SchemaDef, lock: &LockDef) -> bool {
    let report: Report<8> = compare(schema, lock);
    report.count > 0
}

/// Every difference between models and lock.
#[must_use]
pub const fn compare<const N: usize>(schema: &SchemaDef, lock: &LockDef) -> Report<N> {
    let mut report = Report { count: 0, text: Text::new() };
    report.text.push("models and ");
    report.text.push(lock.path);
    report.text.push(" disagree\n");
    models(&mut report, schema, lock);
    enums(&mut report, schema, lock);
    sequences(&mut report, schema, lock);
    files(&mut report, schema, lock);
    if schema.comments != lock.comments {
        report.begin(schema.at);
        let is = "`schema!` says `comments: true`; no revision writes the doc comments\n";
        let not = "`schema!` says `comments: false`; no revision drops the comments\n";
        report.text.push(if schema.comments { is } else { not });
    }
    report.text.push("run `cargo run --bin autogenerate -- \"<name>\"`, which writes the revision that is missing");
    report
}

const fn models<const N: usize>(report: &mut Report<N>, schema: &SchemaDef, lock: &LockDef) {
    let (mut at, mut found) = (0, 0);
    while at < schema.models.len() {
        let model = schema.models[at];
        at += 1;
        let seen = model.facts.seen;
        if seen.at < lock.sums.len() && lock.sums[seen.at] == seen.sum && table::as_seen(&model.facts) {
            found += 1;
            continue;
        }
        match find(lock.tables, name_of(model.facts.lines)) {
            None => {
                report.begin(model.at);
                report.text.push("`");
                report.text.push(model.rust);
                report.text.push("` is the table `");
                report.text.push(model.table);
                report.text.push("`; no revision creates it\n");
            }
            Some(table) => {
                found += 1;
                let lines = lock.tables[table].1;
                if !table::same_lines(&model.facts, lines) {
                    let mut all = Differences::new(model.facts, lines, schema.comments, false);
                    while let Some(difference) = all.next() {
                        report.begin(all.at(&difference));
                        all.say(&mut report.text, model.rust, &difference);
                        report.text.push("\n");
                    }
                }
            }
        }
    }
    let mut table = 0;
    while found < lock.tables.len() && table < lock.tables.len() {
        let (name, mut at) = (lock.tables[table].0, 0);
        while at < schema.models.len() && !same(name_of(schema.models[at].facts.lines).as_bytes(), name.as_bytes()) {
            at += 1;
        }
        if at == schema.models.len() {
            gone(report, schema, "no model is the table `", name);
        }
        table += 1;
    }
}

const fn gone<const N: usize>(report: &mut Report<N>, schema: &SchemaDef, what: &str, name: &str) {
    report.begin(schema.at);
    report.text.push(what);
    report.text.push(name);
    report.text.push("`; no revision drops it\n");
}

/// The entry of that name, by halves: the lock's are sorted.
const fn find(sorted: &[(&str, &str)], name: &str) -> Option<usize> {
    let name = name.as_bytes();
    let (mut low, mut high) = (0, sorted.len());
    while low < high {
        let middle = (low + high) / 2;
        let other = sorted[middle].0.as_bytes();
        let mut at = 0;
        while at < name.len() && at < other.len() && name[at] == other[at] {
            at += 1;
        }
        let before = if at < name.len() && at < other.len() { name[at] < other[at] } else { name.len() < other.len() };
        if at == name.len() && at == other.len() {
            return Some(middle);
        } else if before {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    None
}

const fn enums<const N: usize>(report: &mut Report<N>, schema: &SchemaDef, lock: &LockDef) {
    let mut at = 0;
    while at < schema.enums.len() {
        let item = schema.enums[at];
        one(report, lock.enums, (item.fact, schema.comments), item.at, item.rust, "the enum");
        at += 1;
    }
    let mut locked = 0;
    while locked < lock.enums.len() {
        let (name, mut at) = (lock.enums[locked].0, 0);
        while at < schema.enums.len() && !same(name_of(schema.enums[at].fact).as_bytes(), name.as_bytes()) {
            at += 1;
        }
        if at == schema.enums.len() {
            gone(report, schema, "no enum is the type `", name);
        }
        locked += 1;
    }
}

const fn sequences<const N: usize>(report: &mut Report<N>, schema: &SchemaDef, lock: &LockDef) {
    let mut at = 0;
    while at < schema.sequences.len() {
        let item = &schema.sequences[at];
        one(report, lock.sequences, (item.fact, true), item.at, item.name, "the sequence");
        at += 1;
    }
    let mut locked = 0;
    while locked < lock.sequences.len() {
        let (name, mut at) = (lock.sequences[locked].0, 0);
        while at < schema.sequences.len() && !same(name_of(schema.sequences[at].fact).as_bytes(), name.as_bytes()) {
            at += 1;
        }
        if at == schema.sequences.len() {
            gone(report, schema, "`schema!` does not list the sequence `", name);
        }
        locked += 1;
    }
}

/// An object of one line: whether the lock has it, and the same.
const fn one<const N: usize>(
    report: &mut Report<N>,
    locked: &[(&str, &str)],
    (fact, comments): (&str, bool),
    at: &str,
    rust: &str,
    what: &str,
) {
    let ours = line::body(fact.as_bytes(), comments);
    let theirs = match find(locked, name_of(fact)) {
        Some(found) => Some(line::body(locked[found].1.as_bytes(), comments)),
        None => None,
    };
    if let Some(theirs) = theirs
        && same(ours, theirs)
    {
        return;
    }
    report.begin(at);
    report.text.push("`");
    report.text.push(rust);
    report.text.push("` is ");
    report.text.push(what);
    report.text.push(" `");
    report.text.push(name_of(fact));
    report.text.push("` with `");
    report.text.push_bytes(ours);
    match theirs {
        None => report.text.push("`; no revision creates it\n"),
        Some(theirs) => {
            report.text.push("`; the revisions make it `");
            report.text.push_bytes(theirs);
            report.text.push("`\n");
        }
    }
}

/// The name of the table, enum or sequence that these lines are about.
const fn name_of(lines: &str) -> &str {
    let lines = lines.as_bytes();
    match core::str::from_utf8(line::name(text::slice(lines, 0, line::end(lines, 0)))) {
        Ok(name) => name,
        Err(_) => "",
    }
}

const fn files<const N: usize>(report: &mut Report<N>, schema: &SchemaDef, lock: &LockDef) {
    let mut at = 0;
    while at < schema.sql.len() {
        let file = &schema.sql[at];
        let found = find(lock.sql, file.fact);
        let said = match found {
            None => "`; no revision runs it\n",
            Some(found) if !same(lock.sql[found].1.as_bytes(), file.text.as_bytes()) => {
                "`; its text is not the one that the revisions run\n"
            }
            Some(_) => "",
        };
        if !said.is_empty() {
            report.begin(schema.at);
            report.text.push("`schema!` lists the file `");
            report.text.push(file.path);
            report.text.push(said);
        }
        at += 1;
    }
    let mut locked = 0;
    while locked < lock.sql.len() {
        let (name, mut at) = (lock.sql[locked].0, 0);
        while at < schema.sql.len() && !same(schema.sql[at].fact.as_bytes(), name.as_bytes()) {
            at += 1;
        }
        if at == schema.sql.len() {
            gone(report, schema, "`schema!` does not list the file `", name_of(name));
        }
        locked += 1;
    }
}

#[cfg(test)]
mod tests;
