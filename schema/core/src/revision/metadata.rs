//! `metadata.toml`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::suggest::nearest;

/// What a revision's `metadata.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Metadata {
    /// Whether it runs in a transaction. Diesel reads a missing key as `false`, and so do we; without the file it
    /// is `true`, there too.
    #[serde(default)]
    pub run_in_transaction: bool,
    /// Its parents; `None` where the file does not say: then the order of the names decides, as in Diesel.
    #[serde(default)]
    pub down_revision: Option<Vec<String>>,
    /// What it needs besides its parents.
    #[serde(default)]
    pub depends_on: Vec<String>,
    /// Names of the branch that starts here.
    #[serde(default)]
    pub branch_labels: Vec<String>,
    /// The revisions that it was squashed from, besides itself.
    #[serde(default)]
    pub replaces: Vec<String>,
    /// Whether it has code in Rust beside its SQL, which only a program that holds it can run.
    #[serde(default)]
    pub rust_step: bool,
    /// Whether nothing can undo it, so that it has no `down.sql`, on purpose.
    #[serde(default)]
    pub irreversible: bool,
}

/// A `metadata.toml` that can't be understood, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct MetadataError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What the parser says, on one line.
    pub message: String,
}

impl Metadata {
    /// What holds for a folder without the file: Diesel runs it in a transaction.
    #[must_use]
    pub fn missing() -> Self {
        Self {
            run_in_transaction: true,
            down_revision: None,
            depends_on: Vec::new(),
            branch_labels: Vec::new(),
            replaces: Vec::new(),
            rust_step: false,
            irreversible: false,
        }
    }

    /// Reads the file's text. Keys that others put there are passed over, as Diesel does, but not a slip of one of ours:
    /// without its parents a revision would be taken for a first one.
    ///
    /// # Errors
    /// It is no TOML, a key has the wrong type (Diesel would silently ignore the whole file), or is nearly one of ours.
    pub fn parse(text: &str) -> Result<Self, MetadataError> {
        let metadata = toml::from_str(text).map_err(|error| MetadataError::of(text, &error))?;
        match slip(text) {
            None => Ok(metadata),
            Some(error) => Err(error),
        }
    }
}

const KEYS: &[&str] =
    &["run_in_transaction", "down_revision", "depends_on", "branch_labels", "replaces", "rust_step", "irreversible"];

/// The first key that is nearly one of ours.
fn slip(text: &str) -> Option<MetadataError> {
    type Keys = BTreeMap<toml::Spanned<String>, toml::Value>;
    let keys = toml::from_str::<Keys>(text).ok()?;
    let unknown = keys.keys().filter(|key| !KEYS.contains(&key.get_ref().as_str()));
    let slips = unknown.filter_map(|key| Some((key, nearest(key.get_ref(), KEYS.iter().copied())?)));
    let (key, meant) = slips.min_by_key(|(key, _)| key.span().start)?;
    let (line, column) = crate::sql::position(text, key.span().start);
    Some(MetadataError { line, column, message: format!("`{}` is no key: did you mean `{meant}`?", key.get_ref()) })
}

impl MetadataError {
    fn of(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let (line, column) = crate::sql::position(text, at);
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        Self { line, column, message }
    }
}

/// The `dir` of `[migrations_directory]` in the text of a `diesel.toml`; `None` where it names none.
///
/// # Errors
/// It is no TOML, or the key has the wrong type.
pub fn directory_in_diesel_toml(text: &str) -> Result<Option<std::path::PathBuf>, MetadataError> {
    #[derive(Deserialize)]
    struct DieselToml {
        migrations_directory: Option<Directory>,
    }
    #[derive(Deserialize)]
    struct Directory {
        dir: Option<std::path::PathBuf>,
    }
    let file: DieselToml = toml::from_str(text).map_err(|error| MetadataError::of(text, &error))?;
    Ok(file.migrations_directory.and_then(|section| section.dir))
}

/// As the file is written: every key that decides something.
impl fmt::Display for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |ids: &[String]| ids.iter().map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ");
        writeln!(f, "run_in_transaction = {}", self.run_in_transaction)?;
        if let Some(parents) = &self.down_revision {
            writeln!(f, "down_revision = [{}]", list(parents))?;
        }
        writeln!(f, "depends_on = [{}]", list(&self.depends_on))?;
        writeln!(f, "branch_labels = [{}]", list(&self.branch_labels))?;
        if !self.replaces.is_empty() {
            writeln!(f, "replaces = [{}]", list(&self.replaces))?;
        }
        if self.rust_step {
            writeln!(f, "rust_step = true")?;
        }
        if self.irreversible { writeln!(f, "irreversible = true") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_means_no_transaction_as_diesel_reads_it() {
        assert!(!Metadata::parse("").unwrap().run_in_transaction);
        assert!(Metadata::missing().run_in_transaction);
    }

    #[test]
    fn broken_toml_is_told_with_its_place() {
        let error = Metadata::parse("run_in_transaction = true\ndown_revision = [\"a\"\nx").unwrap_err();
        assert!(error.line >= 2, "{error}");
        let error = Metadata::parse("run_in_transaction = \"yes\"").unwrap_err();
        assert_eq!((error.line, error.column), (1, 22));
    }

    #[test]
    fn a_slip_of_a_key_is_told_and_others_keys_are_not() {
        let error = Metadata::parse("team = \"a\"\n# parents\ndown_revisions = []\nowner.name = 1").unwrap_err();
        assert_eq!(error.to_string(), "3:1: `down_revisions` is no key: did you mean `down_revision`?");
        assert!(Metadata::parse("team = 1\n[tool.other]\nkey = 1").is_ok());
    }

    #[test]
    fn what_is_written_is_read() {
        let metadata = Metadata {
            down_revision: Some(vec!["a".into(), "b".into()]),
            replaces: vec!["c".into()],
            rust_step: true,
            irreversible: true,
            ..Metadata::missing()
        };
        assert_eq!(Metadata::parse(&metadata.to_string()), Ok(metadata));
    }
}
