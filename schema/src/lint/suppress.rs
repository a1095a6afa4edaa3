//! `-- lint: allow(rule) because ..`: findings that somebody took a decision about.

use diesel_schema_core::sql;

use super::{Finding, Level, all};

const MARK: &str = "-- lint: allow(";

/// Takes out what is allowed, and adds what is wrong with the comments that allow it. A comment is about the line that it
/// stands in, and about the statement that follows it.
pub(super) fn apply(text: &str, mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut offset = 0;
    let mut wrong = Vec::new();
    for line in text.split_inclusive('\n') {
        let begin = offset;
        offset += line.len();
        let Some(at) = line.find(MARK) else { continue };
        let rest = &line[at + MARK.len()..];
        let Some((rule, reason)) = rest.split_once(')') else { continue };
        let mut say =
            |name, danger: String| wrong.push(finding(text, (begin + at, line.trim_end().len() - at), name, danger));
        if reason.trim().strip_prefix("because").is_none_or(|reason| reason.trim().is_empty()) {
            say("suppression-without-reason", format!("nobody will know why `{rule}` was allowed here"));
            continue;
        }
        if !all().iter().any(|known| known.name == rule) {
            say("unknown-suppression", format!("no rule is called `{rule}`"));
            continue;
        }
        let own = line[..at].trim().is_empty();
        let end = if own { offset + statement(&text[offset..]) } else { offset };
        let before = findings.len();
        findings.retain(|it| it.rule != rule || it.offset < begin || it.offset >= end);
        if findings.len() == before {
            say("unused-suppression", format!("`{rule}` has nothing to say here"));
        }
    }
    findings.extend(wrong);
    findings
}

/// Where the first statement of `text` ends.
fn statement(text: &str) -> usize {
    let statements = sql::split::split(text, diesel_schema_core::Dialect::Postgres);
    statements.first().map_or(0, |it| it.offset + it.sql.len())
}

fn finding(text: &str, (offset, length): (usize, usize), rule: &'static str, danger: String) -> Finding {
    let (line, column) = sql::position(text, offset);
    let safe = "write `-- lint: allow(rule) because ..` above the statement, or take the comment out".to_owned();
    Finding { rule, level: Level::Error, line, column, danger, safe, offset, length }
}
