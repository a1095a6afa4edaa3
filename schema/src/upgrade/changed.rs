//! Applied revisions whose files are not those any more that were applied.

use std::time::Duration;

use diesel_schema_core::Dialect;

use super::history::{Direction, Ended, Row, recorded};
use super::job::Outcome;
use super::{RevisionSet, Runner, UpgradeError, sqlite};
use crate::connection::SqlConnection;

/// An applied revision whose files changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFiles {
    /// Its id.
    pub revision: String,
    /// Its folder.
    pub folder: String,
    /// The checksum of the files that were applied.
    pub applied: String,
    /// The checksum of the files as they are.
    pub now: String,
}

impl ChangedFiles {
    /// Both checksums, as long as git shows them.
    #[must_use]
    pub fn checksums(&self) -> String {
        let short = |sum: &str| sum.chars().take(12).collect::<String>();
        format!("applied with checksum {}, now {}", short(&self.applied), short(&self.now))
    }
}

/// What an upgrade says of them.
pub(super) fn tell(changed: &[ChangedFiles]) -> String {
    let ids: Vec<&str> = changed.iter().map(|it| it.revision.as_str()).collect();
    let lines: Vec<String> = changed.iter().map(|it| format!("  {}: {}", it.folder, it.checksums())).collect();
    format!(
        "the files of {} changed after they were applied; nothing is applied now:\n{}\n\
         restore the files, or accept them as they are: `migrate repair {}`",
        ids.join(", "),
        lines.join("\n"),
        ids.join(" ")
    )
}

/// The applied revisions of `set` whose files changed since, in order. What was applied before there was a history, or
/// by another tool, has nothing to compare with; nor has a squashed revision where what it was made of was applied.
///
/// # Errors
/// The query fails in a way that may pass.
pub fn changed(connection: &mut dyn SqlConnection, set: &RevisionSet<'_>) -> Result<Vec<ChangedFiles>, UpgradeError> {
    let recorded = recorded(connection)?.unwrap_or_default();
    let one = |it: &super::RevisionRef<'_>| {
        if it.replaces.iter().any(|id| recorded.contains_key(*id)) {
            return None;
        }
        let applied = recorded.get(it.id).filter(|applied| applied.as_str() != it.checksum)?;
        let (revision, folder) = (it.id.to_owned(), it.folder.to_string());
        Some(ChangedFiles { revision, folder, applied: applied.clone(), now: it.checksum.to_owned() })
    };
    Ok(set.revisions.iter().filter_map(one).collect())
}

impl Runner<'_, '_> {
    /// Accepts the files of applied revisions as they are: of `ids`, or of all where there are none. Gives those whose
    /// files had changed.
    ///
    /// # Errors
    /// [`UpgradeError::NotApplied`]: one of `ids` is not. Else the queries fail, or another process holds the lock for
    /// too long.
    pub fn repair(&mut self, ids: &[String]) -> Result<Vec<ChangedFiles>, UpgradeError> {
        loop {
            let rows = self.wait.rows(self.connection)?.unwrap_or_default();
            let missing: Vec<String> = ids.iter().filter(|id| !rows.contains(id)).cloned().collect();
            if !missing.is_empty() {
                return Err(UpgradeError::NotApplied(missing));
            }
            let mut changed = self.wait.read(|| changed(self.connection, self.set))?;
            changed.retain(|it| ids.is_empty() || ids.contains(&it.revision));
            if changed.is_empty() || self.accept(&changed)? == Outcome::Done {
                return Ok(changed);
            }
            self.wait.pause(|| "nothing is repaired yet".to_owned())?;
        }
    }

    fn accept(&mut self, changed: &[ChangedFiles]) -> Result<Outcome, UpgradeError> {
        let row = |it: &ChangedFiles| {
            let (revision, checksum) = (it.revision.as_str(), Some(it.now.as_str()));
            let elapsed = Some(Duration::ZERO);
            Row { revision, direction: Direction::Repair, checksum, elapsed, ended: Ended::Well }
                .insert(self.set.dialect)
        };
        let rows = changed.iter().map(row).collect::<Vec<_>>().join("; ");
        const DOING: &str = "writing the history";
        if self.set.dialect != Dialect::Sqlite {
            return self.in_one_message("repair", DOING, &rows);
        }
        let Err(error) = self.connection.batch(&format!("BEGIN IMMEDIATE; {rows}; COMMIT")) else {
            return Ok(Outcome::Done);
        };
        // Nothing to roll back is an error that means nothing here.
        let _ = self.connection.batch("ROLLBACK");
        if sqlite::is_busy(&error) { Ok(Outcome::Busy) } else { Err(UpgradeError::query(DOING, &error)) }
    }
}
