//! A dialect's folder of revision folders, read.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::graph::{Graph, GraphError};
use super::id::{IdError, id_of_folder};
use super::metadata::{Metadata, MetadataError};
use super::{Revision, checksum};
use crate::sql::without_mark;

/// One thing that is wrong with a folder of revisions.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A file or folder can't be read; the error names it.
    #[error("{0}")]
    Read(#[from] io::Error),
    /// The folder's name holds no id.
    #[error("{folder}: {error}")]
    Name {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        error: IdError,
    },
    /// There is no `up.sql` in it.
    #[error("{0} has no up.sql; write one, or remove the folder (a revision that does nothing says `SELECT 1;`)")]
    NoUp(PathBuf),
    /// `metadata.toml` can't be understood.
    #[error("{file}:{error}")]
    Metadata {
        /// The file.
        file: PathBuf,
        /// Where and what.
        error: MetadataError,
    },
    /// Two folders have the same id; Diesel would silently drop one.
    #[error("{first} and {second} have the same id, {id}; rename one of them")]
    Duplicate {
        /// The id.
        id: String,
        /// A folder.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The revisions make no graph.
    #[error("{folder}: {error}")]
    Graph {
        /// The folder of the revision that has to be mended, or of all of them where it is not one alone.
        folder: PathBuf,
        /// What is wrong.
        error: GraphError,
    },
}

/// Everything that is wrong with a folder, a line each.
#[derive(Debug)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// The revisions of one dialect's folder, each after all that it needs, ties broken by id.
///
/// Folders whose name begins with `.` and plain files are passed over. The folders whose metadata does not say
/// `down_revision`, as in every project that Diesel alone has served, follow each other in the order of their ids,
/// which is Diesel's order; those that do say it do as they say.
///
/// # Errors
/// Everything that is wrong with the folder.
pub fn read(folder: &Path) -> Result<Vec<Revision>, Problems> {
    let mut problems = Vec::new();
    let mut found: BTreeMap<String, (Revision, bool)> = BTreeMap::new();
    for path in folders(folder).map_err(|error| Problems(vec![error.into()]))? {
        match one(path) {
            Err(problem) => problems.push(problem),
            Ok((revision, says_parents)) => {
                if let Some((other, _)) = found.get(&revision.id) {
                    let (first, second) = (other.folder.clone(), revision.folder);
                    problems.push(Problem::Duplicate { id: revision.id, first, second });
                } else {
                    found.insert(revision.id.clone(), (revision, says_parents));
                }
            }
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let mut before: Option<String> = None;
    let mut revisions: BTreeMap<String, Revision> = BTreeMap::new();
    for (id, (mut revision, says_parents)) in found {
        if !says_parents {
            revision.down_revision = before.replace(id.clone()).into_iter().collect();
        }
        revisions.insert(id, revision);
    }
    let order: Vec<String> = match Graph::new(revisions.values().map(Revision::node)) {
        Ok(graph) => graph.order().iter().map(|id| (*id).to_owned()).collect(),
        Err(errors) => {
            let of = |error: &GraphError| error.revision().and_then(|id| revisions.get(id)).map(|it| it.folder.clone());
            let problem = |error| Problem::Graph { folder: of(&error).unwrap_or_else(|| folder.to_owned()), error };
            return Err(Problems(errors.into_iter().map(problem).collect()));
        }
    };
    Ok(order.iter().filter_map(|id| revisions.remove(id)).collect())
}

fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        // Of a folder that nobody may look into, only its parent says that it is one.
        if (kind.is_dir() || kind.is_symlink() && path.is_dir()) && !hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The revision, and whether it says its parents itself.
fn one(folder: PathBuf) -> Result<(Revision, bool), Problem> {
    let name = folder.file_name().and_then(|name| name.to_str()).ok_or(IdError::NotUtf8);
    let (id, slug) = match name.and_then(id_of_folder) {
        Ok(cut) => cut,
        Err(error) => return Err(Problem::Name { folder, error }),
    };
    let Some(up) = text(&folder.join("up.sql"))? else { return Err(Problem::NoUp(folder)) };
    let down = text(&folder.join("down.sql"))?;
    let file = folder.join("metadata.toml");
    let metadata = match text(&file)? {
        None => Metadata::missing(),
        Some(text) => Metadata::parse(&text).map_err(|error| Problem::Metadata { file, error })?,
    };
    let says_parents = metadata.down_revision.is_some();
    let revision = Revision {
        id,
        slug,
        folder,
        checksum: checksum(&up, down.as_deref(), metadata.run_in_transaction),
        down_revision: metadata.down_revision.unwrap_or_default(),
        depends_on: metadata.depends_on,
        branch_labels: metadata.branch_labels,
        replaces: metadata.replaces,
        up,
        down,
        run_in_transaction: metadata.run_in_transaction,
        rust_step: metadata.rust_step,
        irreversible: metadata.irreversible,
    };
    Ok((revision, says_parents))
}

fn text(path: &Path) -> Result<Option<String>, Problem> {
    match fs_err::read_to_string(path) {
        Ok(text) => Ok(Some(without_mark(&text).to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(revisions: &[(&str, Option<&str>)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, metadata) in revisions {
            let folder = root.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("up.sql"), "SELECT 1;").unwrap();
            if let Some(metadata) = metadata {
                std::fs::write(folder.join("metadata.toml"), metadata).unwrap();
            }
        }
        root
    }

    fn ids(root: &tempfile::TempDir) -> Vec<String> {
        read(root.path()).unwrap().into_iter().map(|revision| revision.id).collect()
    }

    #[test]
    fn a_byte_order_mark_is_not_read() {
        let root = folder(&[("1_a", Some("\u{feff}run_in_transaction = false"))]);
        std::fs::write(root.path().join("1_a/up.sql"), "\u{feff}SELECT 1;").unwrap();
        let revision = &read(root.path()).unwrap()[0];
        assert_eq!((revision.up.as_str(), revision.run_in_transaction), ("SELECT 1;", false));
    }

    #[test]
    fn a_plain_diesel_folder_is_a_chain_in_the_order_of_the_names() {
        let root = folder(&[("2020-01-02_b", None), ("2020-01-01_a", None), ("2021-01-01_c", Some(""))]);
        let revisions = read(root.path()).unwrap();
        let parents: Vec<_> = revisions.iter().map(|it| (it.id.as_str(), it.down_revision.join(","))).collect();
        assert_eq!(
            parents,
            [("20200101", String::new()), ("20200102", "20200101".into()), ("20210101", "20200102".into())]
        );
        assert_eq!(revisions.iter().map(|it| it.run_in_transaction).collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn ours_may_follow_plain_ones_and_stand_before_them_by_name() {
        let root = folder(&[("5_b", None), ("3_a", None), ("1_ours", Some("down_revision = [\"5\"]"))]);
        assert_eq!(ids(&root), ["3", "5", "1"]);
    }

    #[test]
    fn what_is_wrong_with_one_revision_names_its_folder() {
        let root = folder(&[("10_a", Some("down_revision = []")), ("2_b", Some("down_revision = [\"11\"]"))]);
        let text = read(root.path()).unwrap_err().to_string();
        let said = "2_b: revision 2 names 11 in its down_revision, and there is no such revision; is it 10?";
        assert!(text.ends_with(said), "{text}");
        let root = folder(&[("1_a", Some("down_revision = [\"2\"]")), ("2_b", Some("down_revision = [\"1\"]"))]);
        let text = read(root.path()).unwrap_err().to_string();
        let said = ": the revisions 1 → 2 → 1 wait for each other; mend the down_revision of one of them";
        assert_eq!(text, format!("{}{said}", root.path().display()));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let root = folder(&[("1_a", Some("x =")), ("2_b", None), ("2_c", None), ("@_d", None)]);
        std::fs::create_dir(root.path().join("4_e")).unwrap();
        let text = read(root.path()).unwrap_err().to_string();
        for part in ["metadata.toml:1:", "have the same id, 2", "@_d: its id can't hold '@'", "4_e has no up.sql"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(text.lines().count(), 4);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStrExt as _;
        let root = folder(&[("1_a", None)]);
        let name = std::ffi::OsStr::from_bytes(b"2\xff_x");
        std::fs::create_dir(root.path().join(name)).unwrap();
        std::fs::write(root.path().join(name).join("up.sql"), "SELECT 1;").unwrap();
        let text = read(root.path()).unwrap_err().to_string();
        assert!(text.ends_with("_x: its name is not UTF-8; rename the folder <id>_<what it does>"), "{text}");
    }
}
