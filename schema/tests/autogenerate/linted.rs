//! What `autogenerate` writes, as `migrate lint` reads it: nothing is found, up or down.

use std::collections::BTreeMap;

use diesel_schema::Dialect;
use diesel_schema::config::{DatabaseUrl, Project};
use diesel_schema::generate::{LintRequest, lint_each};
use diesel_schema_core::revision;

/// The findings in the revisions, where there are any.
pub(crate) fn clean(
    project: &Project,
    dialect: Dialect,
    ids: &[String],
    database: Option<&DatabaseUrl>,
) -> Result<(), String> {
    let folder = project.layout.folder(dialect);
    let found = if folder.exists() { revision::read(&folder).map_err(|error| error.to_string())? } else { Vec::new() };
    let new = found.iter().filter(|revision| ids.contains(&revision.id));
    let files: Vec<_> = new.flat_map(|it| ["up.sql", "down.sql"].map(|name| it.folder.join(name))).collect();
    if files.is_empty() {
        return Ok(());
    }
    let request = LintRequest {
        dialect,
        project,
        which: &[],
        since: None,
        files: &files,
        in_transaction: false,
        database,
        levels: &BTreeMap::new(),
    };
    let report = lint_each(&request).map_err(|error| error.to_string())?;
    let mut said = String::new();
    for file in &report.files {
        for finding in &file.findings {
            let from = finding.offset;
            let text = file.text.get(from..from + finding.length).unwrap_or_default();
            said +=
                &format!("{}:{}: {}: {}: {text}\n", file.path.display(), finding.line, finding.rule, finding.danger);
        }
    }
    if said.is_empty() { Ok(()) } else { Err(format!("the linter finds:\n{said}")) }
}
