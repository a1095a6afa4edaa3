//! Files of revisions with the safe forms written into them.

use std::path::PathBuf;

use super::linted::{LintError, LintReport};
use super::{edit, write};
use crate::config::Project;
use crate::lint::fix;

/// A file that was made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The file.
    pub path: PathBuf,
    /// The rules whose findings are gone.
    pub rules: Vec<&'static str>,
    /// Whether the revision runs outside a transaction now.
    pub left_transaction: bool,
}

/// Writes the safe form of whatever has one for sure, all files or none, and takes revisions into schema.lock.
///
/// # Errors
/// A revision that the database has applied would change, or a file can't be written.
pub fn mend(project: &Project, report: &LintReport) -> Result<Vec<Mended>, LintError> {
    let (mut mended, mut files, mut revisions) = (Vec::new(), Vec::new(), Vec::new());
    for linted in &report.files {
        let metadata = linted.path.with_file_name("metadata.toml");
        let said = if metadata.is_file() { Some(fs_err::read_to_string(&metadata)?) } else { None };
        // What takes a down.sql out of its transaction takes the up.sql beside it out, too.
        let leaving = said.as_deref().filter(|_| !linted.settings.going_back).and_then(outside);
        let Some(fixed) = fix(&linted.text, &linted.settings, &linted.known, leaving.is_some()) else { continue };
        if let (true, Some(id)) = (linted.applied, &linted.revision) {
            return Err(LintError::Applied(id.clone()));
        }
        let left_transaction = fixed.in_transaction != linted.settings.in_transaction;
        files.extend(leaving.filter(|_| left_transaction).map(|text| (metadata, text)));
        files.push((linted.path.clone(), fixed.text));
        revisions.extend(linted.revision.clone().map(|id| (linted.settings.dialect, id)));
        mended.push(Mended { path: linted.path.clone(), rules: fixed.rules, left_transaction });
    }
    write::write(&write::Files { files, ..write::Files::default() })?;
    for (dialect, id) in revisions {
        edit::take_in(project, &[dialect], &id)?;
    }
    Ok(mended)
}

/// A metadata.toml that says the same, and `run_in_transaction = false`; `None` where its line is written in another way.
fn outside(text: &str) -> Option<String> {
    let says = |line: &&str| line.split_once('=').is_some_and(|(key, _)| key.trim() == "run_in_transaction");
    let line = text.lines().find(says)?;
    let new = line.replacen("true", "false", 1);
    (new != line).then(|| text.replacen(line, &new, 1))
}
