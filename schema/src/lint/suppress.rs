//! `-- lint: allow(rule) because ..`: findings that somebody took a decision about.

use diesel_schema_core::{Dialect, sql};

use super::{Finding, Level, Settings, all, nearest};

const MARK: &str = "-- lint: allow(";

/// Takes out what is allowed, and adds what is wrong with the comments that allow it. A comment is about the line that it
/// stands in, and about the statement that follows it.
pub(super) fn apply(text: &str, mut findings: Vec<Finding>, settings: &Settings) -> Vec<Finding> {
    let mut offset = 0;
    let mut wrong = Vec::new();
    for line in text.split_inclusive('\n') {
        let begin = offset;
        offset += line.len();
        let Some(at) = line.find(MARK) else { continue };
        let rest = &line[at + MARK.len()..];
        let Some((rule, reason)) = rest.split_once(')') else { continue };
        let mut say = |name, level, danger: String| {
            wrong.push(finding(text, (begin + at, line.trim_end().len() - at), (name, level), danger));
        };
        if reason.trim().strip_prefix("because").is_none_or(|reason| reason.trim().is_empty()) {
            let danger = format!("nobody will know why `{rule}` was allowed here");
            say("suppression-without-reason", Level::Error, danger);
            continue;
        }
        let Some(known) = all().into_iter().find(|known| known.name == rule) else {
            let meant = nearest(rule).map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            say("unknown-suppression", Level::Error, format!("no rule is called `{rule}`{meant}"));
            continue;
        };
        let own = line[..at].trim().is_empty();
        let end = if own { offset + statement(&text[offset..], settings.dialect) } else { offset };
        let before = findings.len();
        findings.retain(|it| it.rule != rule || it.offset < begin || it.offset >= end);
        // With other levels, or with a database that knows more, there may be something to say.
        if findings.len() == before && settings.level(known) != Level::Off {
            say("unused-suppression", Level::Warn, format!("`{rule}` has nothing to say here"));
        }
    }
    findings.extend(wrong);
    findings
}

/// Where the first statement of `text` ends.
fn statement(text: &str, dialect: Dialect) -> usize {
    sql::split::split(text, dialect).first().map_or(0, |it| it.offset + it.sql.len())
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
