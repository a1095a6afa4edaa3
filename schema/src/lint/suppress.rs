//! `-- lint: allow(rule) because ..`: findings that somebody took a decision about, of a statement; with `allow-file`, of all
//! statements of the file.

use diesel_schema_core::sql;

use super::{Finding, Level, Settings, all, nearest};

pub(super) const MARK: &str = "-- lint: allow";
const OF_FILE: &str = "-file";

/// The line that allows rules with a reason, in the statement that follows it or in the whole file.
#[must_use]
pub fn allowing(rules: &[&str], of_file: bool, reason: &str) -> String {
    format!("{MARK}{}({}) because {reason}", if of_file { OF_FILE } else { "" }, rules.join(", "))
}

/// Takes out what is allowed, and adds what is wrong with the comments that allow it. A comment is about the line that it
/// stands in, and about the statement that follows it. `elsewhere` is what would be found where no server was asked, so that
/// a comment is not called idle because one table happens to be small in one database.
pub(super) fn apply(
    text: &str,
    mut findings: Vec<Finding>,
    elsewhere: &[Finding],
    settings: &Settings,
) -> Vec<Finding> {
    let mut wrong = Vec::new();
    if !text.contains(MARK) {
        return findings;
    }
    let found = findings.clone();
    let ends: Vec<usize> =
        sql::split::split(text, settings.dialect).iter().map(|it| it.offset + it.sql.len()).collect();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let begin = offset;
        offset += line.len();
        let Some(at) = line.find(MARK) else { continue };
        let rest = &line[at + MARK.len()..];
        let (of_file, rest) = rest.strip_prefix(OF_FILE).map_or((false, rest), |rest| (true, rest));
        let mut say = |name, level, danger: String| {
            wrong.push(finding(text, (begin + at, line.trim_end().len() - at), (name, level), danger));
        };
        let Some((rules, reason)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) else {
            say("suppression-without-reason", Level::Error, "no rule stands in parentheses: nothing is allowed".into());
            continue;
        };
        if reason.trim().strip_prefix("because").is_none_or(|reason| reason.trim().is_empty()) {
            let danger = format!("nobody will know why `{}` was allowed here", rules.trim());
            say("suppression-without-reason", Level::Error, danger);
            continue;
        }
        let own = line[..at].trim().is_empty();
        let end =
            if own { ends.get(ends.partition_point(|end| *end <= offset)).map_or(offset, |it| *it) } else { offset };
        for rule in rules.split(',').map(str::trim) {
            let Some(known) = all().into_iter().find(|known| known.name == rule) else {
                let meant = nearest(rule).map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
                say("unknown-suppression", Level::Error, format!("no rule is called `{rule}`{meant}"));
                continue;
            };
            let about = |it: &Finding| it.rule == rule && (of_file || (it.offset >= begin && it.offset < end));
            let idle = !found.iter().chain(elsewhere).any(about);
            findings.retain(|it| !about(it));
            if idle && settings.level(known) != Level::Off {
                say("unused-suppression", Level::Warn, format!("`{rule}` has nothing to say here"));
            }
        }
    }
    findings.extend(wrong);
    findings
}

fn finding(
    text: &str,
    (offset, length): (usize, usize),
    (rule, level): (&'static str, Level),
    danger: String,
) -> Finding {
    let (line, column) = sql::position(text, offset);
    let safe = "write `-- lint: allow(rule) because ..` above the statement, or take the comment out".to_owned();
    Finding { rule, level, line, column, danger, safe, rewrite: None, offset, length, fix: None }
}
